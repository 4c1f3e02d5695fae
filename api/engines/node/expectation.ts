/** Whether an append is one: by the revision it expects, and by the ids of its events. Pure. */

/** A revision, the one before the first event included, or what a client may say instead. */
export type Expected = number | "any" | "stream-exists";
export const NO_EVENTS = -1;

export type Stored = Readonly<{ id: string; revision: number; position: number }>;

/** A stream as the log knows it, with whatever stored events this decision could need. */
export interface Known {
  readonly head: number;
  /** Hidden as a whole by its metadata, and written to as if it were empty, but for its revisions. */
  readonly deleted: boolean;
  /** A stream that has metadata exists, if without events. */
  readonly described: boolean;
  at(revision: number): Stored | undefined;
  /** The latest with that id. */
  withId(id: string): Stored | undefined;
}

export type Decision =
  | Readonly<{ kind: "append" | "wrong-version" | "deleted" }>
  | Readonly<{ kind: "repeat"; last: Stored }>;

const APPEND: Decision = { kind: "append" };
const WRONG_VERSION: Decision = { kind: "wrong-version" };

/**
 * A repeat is told by ids alone, as EventStoreDB does: at an exact revision those that follow it, else wherever
 * they are. Some of them and a new one is neither a repeat nor an append.
 */
export function decide(expected: Expected, ids: readonly string[], known: Known): Decision {
  const { head, deleted, described } = known;
  if (expected === "stream-exists" && deleted) return { kind: "deleted" };
  if (expected === "stream-exists" && head === NO_EVENTS && !described) return WRONG_VERSION;
  if (typeof expected !== "number") {
    const [first, ...others] = ids.map((id) => known.withId(id));
    if (!first) return APPEND;
    const last = others.reduce((all, stored) => all && stored, first as Stored | undefined);
    return last ? { kind: "repeat", last } : WRONG_VERSION;
  }
  if (expected === head) return APPEND;
  if (expected > head) return WRONG_VERSION;
  const isStored = (id: string, index: number) => known.at(expected + 1 + index)?.id === id;
  const last = known.at(expected + ids.length);
  if (ids.length > 0 && last && ids.every(isStored)) return { kind: "repeat", last };
  const begins = ids.slice(0, 1).some(isStored);
  return expected === NO_EVENTS && deleted && !begins ? APPEND : WRONG_VERSION;
}
