/** Which events of `$all` a reader wants: by the name of their stream or by their type. */
import type { ReadReq } from "@eventstore/db-client/generated/streams_pb.js";
import { invalid } from "./errors.ts";
import { streamNameIn, typeIn } from "./recorded.ts";

export type Test = (recorded: Buffer) => boolean;

export type Filter = Readonly<{
  matches: Test;
  /** After how many events that were considered a checkpoint is due. */
  interval: number;
}>;

const WINDOW = 32;

/** What is looked for, in words. */
export type Sought = Readonly<{ in: "stream" | "type"; regex: string; prefixes: readonly string[] }>;

type Expression = Readonly<{ getRegex(): string; getPrefixList(): string[] }>;
type Options = Readonly<{
  getStreamIdentifier(): Expression | undefined;
  getEventType(): Expression | undefined;
}>;

export function soughtBy(filter: Options): Sought {
  const byStream = filter.getStreamIdentifier();
  const expression = byStream ?? filter.getEventType();
  if (!expression) throw invalid("a filter is on stream names or on event types");
  const prefixes = expression.getPrefixList();
  return { in: byStream ? "stream" : "type", regex: expression.getRegex(), prefixes };
}

export function filterOf(options: ReadReq.Options): Filter | undefined {
  const filter = options.getFilter();
  if (!filter) return undefined;
  const window = filter.hasMax() ? filter.getMax() : WINDOW;
  return {
    matches: testFor(soughtBy(filter)),
    interval: Math.max(1, filter.getCheckpointintervalmultiplier()) * Math.max(1, window),
  };
}

/** Throws when there is no such regular expression. */
export function testFor({ in: where, regex: pattern, prefixes }: Sought): Test {
  const field = where === "stream" ? streamNameIn : typeIn;
  if (pattern !== "") {
    const regex = regexOf(pattern);
    return (recorded) => regex.test(recorded.toString("utf8", ...field(recorded)));
  }
  const wanted = prefixes.map((prefix) => Buffer.from(prefix));
  return (recorded) => {
    const [from, to] = field(recorded);
    return wanted.some(
      ({ length }, index) =>
        length <= to - from && wanted[index]?.compare(recorded, from, from + length) === 0,
    );
  };
}

function regexOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

/** Of exactly one stream. */
export function ofStream(name: string): Test {
  const wanted = Buffer.from(name);
  return (recorded) => {
    const [from, to] = streamNameIn(recorded);
    return to - from === wanted.length && wanted.compare(recorded, from, to) === 0;
  };
}
