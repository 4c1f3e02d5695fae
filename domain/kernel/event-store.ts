import type { NewEvent, Recorded } from "./event.ts";

/** A stream's revision before its first event; the adapter says NO_STREAM to the client. */
export const NO_EVENTS = -1n;

/** The log's position before its first event; the adapter says START to the client. */
export const LOG_START = -1n;

export type Appended = Readonly<{ outcome: "appended"; revision: bigint; position: bigint }>;

/**
 * `conflict`: the stream stands elsewhere, nothing was written. `unknown`: a time-out or a lost connection,
 * the events may be there or not; the same append again (same ids, same revision) is safe, and tells.
 */
export type AppendResult = Appended | Readonly<{ outcome: "conflict" | "unknown" }>;

/**
 * What a subscription has for whoever pulls, in log order. `reached`: a position to resume from when all events
 * so far are dealt with; given only when nothing waits anywhere, since it runs ahead of what waits. `caughtUp`:
 * the subscription has, once or earlier, delivered all that was in the log.
 */
export type Delivered = Readonly<{
  events: readonly Recorded[];
  reached: bigint | undefined;
  caughtUp: boolean;
}>;

/** Something on a stream of the book by which the store hides events, or ends the stream: nothing of ours ever sets it. */
export type Mark = Readonly<{ stream: string; what: string; position: bigint }>;

/** The port. One adapter imports the client; broken infrastructure throws out of `read` and `subscribe`. */
export interface EventStore {
  /** A stream's events from `revision` on, oldest first. For tails; a cold stream comes from the trail. */
  read(stream: string, revision: bigint): Promise<readonly Recorded[]>;

  /**
   * All events or none, and only if `expected` is exactly the stream's last revision: never "any", under
   * which a repeat is stored twice after a restart. Answers with the last event's revision and position.
   */
  append(stream: string, events: readonly NewEvent[], expected: bigint): Promise<AppendResult>;

  /**
   * The events of all streams whose names start with `prefix`, after a position, then live. Bounded in events and
   * bytes: the subscription pauses while nobody pulls. Throws when the connection is lost: resume from your own
   * checkpoint. Ends, without a throw, when `signal` aborts.
   */
  subscribe(prefix: string, after: bigint, signal: AbortSignal): AsyncIterable<Delivered>;

  /** What stands on the streams whose names start with `prefix`, one a stream, in the order of the log. */
  marks(prefix: string): Promise<readonly Mark[]>;
}
