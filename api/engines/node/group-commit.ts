/**
 * Appends → groups: one commits while the next gathers, and each is decided on what the one before left behind, so that
 * no answer rests on anything that isn't durable. Alone, an append commits at once.
 */
import { decide, type Expected, NO_EVENTS, type Stored } from "./expectation.ts";
import type { Log } from "./log.ts";
import { type Proposed, recordedEvent } from "./wire.ts";
import type { Row, Writer } from "./writer.ts";

export type Append = Readonly<{
  stream: string;
  expected: Expected;
  events: readonly Proposed[];
  bytes: number;
  /** Milliseconds since 1970. Later than this it is not begun. */
  deadline: number;
}>;

export type Result =
  | Readonly<{ outcome: "appended"; revision: number; position: number }>
  | Readonly<{ outcome: "wrong-version"; head: number }>
  /** Surely not written. */
  | Readonly<{ outcome: "expired" }>
  /** Perhaps written. */
  | Readonly<{ outcome: "unknown" }>;

/** A stream during one group: what was known, and what the group adds. */
class Stream {
  head: number;
  readonly #revisions = new Map<number, Stored>();
  readonly #ids = new Map<string, Stored>();

  constructor(head: number) {
    this.head = head;
  }

  at(revision: number): Stored | undefined {
    return this.#revisions.get(revision);
  }

  withId(id: string): Stored | undefined {
    return this.#ids.get(id);
  }

  learn(stored: Stored): void {
    this.#revisions.set(stored.revision, stored);
    if ((this.#ids.get(stored.id)?.revision ?? NO_EVENTS) < stored.revision) this.#ids.set(stored.id, stored);
  }
}

export type Group = Readonly<{ rows: readonly Row[]; results: readonly Result[] }>;

/** The heads of the streams written last; the rest are asked for. */
const HEADS_MAX = 100_000;

export function groups(log: Log, writer: Writer): (appends: readonly Append[]) => Promise<Group> {
  const heads = new Map<string, number>();
  let { free } = writer.end;

  return async (appends) => {
    const streams = await load(appends);
    const rows: Row[] = [];
    const created = `${Date.now()}0000`;
    const results = appends.map((append) => apply(append, streams.get(append.stream), created, rows));
    await writer.commit(rows);
    for (const [name, { head }] of streams) remember(name, head);
    log.publish(rows);
    return { rows, results };
  };

  async function load(appends: readonly Append[]): Promise<ReadonlyMap<string, Stream>> {
    const streams = new Map<string, Stream>();
    const asked = appends.filter(
      ({ stream, expected }) => typeof expected !== "number" || !heads.has(stream),
    );
    const answers =
      asked.length === 0
        ? []
        : await writer.ask(asked.map(({ stream, events: [first] }) => ({ stream, id: first?.id })));
    for (const { stream } of appends) streams.set(stream, new Stream(heads.get(stream) ?? NO_EVENTS));
    for (const [index, { head, withId }] of answers.entries()) {
      const stream = streams.get(asked[index]?.stream ?? "");
      if (stream) stream.head = head;
      if (withId) stream?.learn(withId);
    }
    for (const { stream: name, expected, events } of appends) {
      const stream = streams.get(name);
      if (!stream || events.length === 0) continue;
      for (const stored of await possibleRepeat(name, expected, events, stream)) stream.learn(stored);
    }
    return streams;
  }

  /** The stored events of which this append may be a repeat: rare, so it may take another question. */
  async function possibleRepeat(
    name: string,
    expected: Expected,
    events: readonly Proposed[],
    stream: Stream,
  ): Promise<readonly Stored[]> {
    if (typeof expected === "number")
      return expected < stream.head
        ? writer.range({ stream: name, from: expected + 1, to: expected + events.length })
        : [];
    const [first, ...others] = events.map(({ id }) => id);
    const begun = first !== undefined && others.length > 0 && stream.withId(first);
    return begun ? writer.withIds(name, others) : [];
  }

  function apply(append: Append, stream: Stream | undefined, created: string, rows: Row[]): Result {
    if (!stream) throw new Error(`${append.stream} was not loaded`);
    const { events, expected } = append;
    const ids = events.map(({ id }) => id);
    const decision = decide(expected, ids, stream);
    if (decision.kind === "wrong-version") return { outcome: "wrong-version", head: stream.head };
    if (decision.kind === "repeat") {
      const { revision, position } = decision.last;
      return { outcome: "appended", revision, position };
    }
    const name = Buffer.from(append.stream);
    let position = rows.at(-1)?.position ?? log.head;
    for (const event of events) {
      position = free;
      const revision = stream.head + 1;
      const recorded = recordedEvent(event, { stream: name, revision, position, created });
      const row = { id: event.id, stream: append.stream, revision, position, recorded };
      rows.push(row);
      stream.learn(row);
      stream.head = revision;
      free += recorded.length;
    }
    return { outcome: "appended", revision: stream.head, position };
  }

  function remember(name: string, head: number): void {
    heads.delete(name);
    heads.set(name, head);
    const [eldest = name] = heads.keys();
    if (heads.size > HEADS_MAX) heads.delete(eldest);
  }
}
