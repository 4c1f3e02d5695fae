/** What a group's decisions rest on: each stream's head and metadata, and the stored events that it may repeat. */
import { type Known, NO_EVENTS, type Stored } from "./expectation.ts";
import { dataIn, revisionIn } from "./recorded.ts";
import { isDeleted, metadataOf, retentionOf, type StreamMetadata } from "./retention.ts";
import { describedBy, metastreamOf, originalOf } from "./streams.ts";
import type { Answer, Writer } from "./writer.ts";
import type { Write } from "./writes.ts";

/** Two streams that are decided on together: one of events, and the one that describes it. */
export type Heads = { events: number; metadata: number; described: StreamMetadata | undefined };

const NOTHING: Heads = { events: NO_EVENTS, metadata: NO_EVENTS, described: undefined };

/** One of them during one group: what was known, and what the group adds. */
export class Line implements Known {
  readonly name: string;
  readonly heads: Heads;
  readonly #part: "events" | "metadata";
  readonly #revisions = new Map<number, Stored>();
  readonly #ids = new Map<string, Stored>();

  constructor(name: string, heads: Heads) {
    this.name = name;
    this.heads = heads;
    this.#part = describedBy(name) === undefined ? "events" : "metadata";
  }

  get head(): number {
    return this.heads[this.#part];
  }

  set head(revision: number) {
    this.heads[this.#part] = revision;
  }

  get isMetadata(): boolean {
    return this.#part === "metadata";
  }

  get deleted(): boolean {
    return !this.isMetadata && isDeleted(retentionOf(this.heads.described));
  }

  get described(): boolean {
    return !this.isMetadata && this.heads.metadata !== NO_EVENTS;
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

export type Lines = (name: string) => Line;

/** The heads of the streams written last; the rest are asked for. */
const HEADS_MAX = 100_000;

export function streamHeads(writer: Pick<Writer, "ask" | "range" | "withIds">) {
  const remembered = new Map<string, Heads>();

  async function load(writes: readonly Write[]): Promise<Lines> {
    const heads = new Map<string, Heads>();
    const lines = new Map<string, Line>();
    const lineOf: Lines = (name) => {
      const original = originalOf(name);
      const its = heads.get(original) ?? { ...(remembered.get(original) ?? NOTHING) };
      heads.set(original, its);
      const line = lines.get(name) ?? new Line(name, its);
      lines.set(name, line);
      return line;
    };
    const asked = writes.filter(
      ({ stream, expected }) => typeof expected !== "number" || !remembered.has(originalOf(stream)),
    );
    const answers = asked.length === 0 ? [] : await writer.ask(asked.map(questionOf));
    for (const [index, { head, metadata, withId }] of answers.entries()) {
      const line = lineOf(asked[index]?.stream ?? "");
      Object.assign(line.heads, headsOf(head, metadata));
      if (withId) line.learn(withId);
    }
    for (const write of writes)
      for (const stored of await possibleRepeat(write, lineOf(write.stream)))
        lineOf(write.stream).learn(stored);
    return lineOf;
  }

  /** The stored events of which this may be a repeat: rare, so it may take another question. */
  async function possibleRepeat({ stream, expected, events }: Write, line: Line): Promise<readonly Stored[]> {
    if (events.length === 0) return [];
    if (typeof expected === "number")
      return expected < line.head
        ? writer.range({ stream, from: expected + 1, to: expected + events.length })
        : [];
    const [first, ...others] = events.map(({ id }) => id);
    const begun = first !== undefined && others.length > 0 && line.withId(first);
    return begun ? writer.withIds(stream, others) : [];
  }

  /** After their commit. */
  function remember(lines: Iterable<Line>): void {
    for (const { name, heads } of lines) {
      const original = originalOf(name);
      remembered.delete(original);
      remembered.set(original, heads);
      const [eldest = original] = remembered.keys();
      if (remembered.size > HEADS_MAX) remembered.delete(eldest);
    }
  }

  return { load, remember };
}

function questionOf({ stream, events: [first] }: Write) {
  const events = originalOf(stream);
  return { events, metadata: metastreamOf(events), sought: stream, id: first?.id };
}

function headsOf(events: number, metadata: Answer["metadata"]): Heads {
  if (!metadata) return { ...NOTHING, events };
  return { events, metadata: revisionIn(metadata), described: metadataOf(dataIn(metadata)) };
}
