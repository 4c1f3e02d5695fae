/**
 * Not an engine, and never run by the program: it stands in for the adapter where a test of the command handler needs
 * what a real store won't do on demand. It answers as EventStoreDB does: same ids at the same revision are a repeat,
 * at the next revision they are stored again.
 */
import type { Trail } from "../../api/commands/command-lookup.ts";
import type { NewEvent, Recorded } from "../../domain/kernel/event.ts";
import type { AppendResult, EventStore } from "../../domain/kernel/event-store.ts";

/** What befalls an append: its answer is lost, before or after it stored; or it finds the stream elsewhere. */
export type Fault = "before" | "after" | "conflict";

export type ScriptedStore = ReturnType<typeof scriptedStore>;

export function scriptedStore() {
  const log: Recorded[] = [];
  /** One an append, in turn; `undefined` lets it be. */
  const faults: (Fault | undefined)[] = [];
  /** The ids of each append that was stored, and was no repeat. */
  const appends: (readonly string[])[] = [];
  const reads: { stream: string; revision: bigint }[] = [];
  /** From then on no answer comes, and nothing is stored. */
  let failsAfter = Number.POSITIVE_INFINITY;
  /** Awaited around each call: lets another process in. */
  let pause: (when: "read" | "append" | "answer") => Promise<void> | undefined = () => undefined;

  const store: Pick<EventStore, "read" | "append"> = {
    async read(stream, revision) {
      await pause("read");
      reads.push({ stream, revision });
      const found = log.filter((event) => event.stream === stream && event.revision >= revision);
      await pause("answer");
      return found;
    },
    async append(stream, events, expected) {
      await pause("append");
      const fault = faults.shift();
      if (fault === "conflict") return { outcome: "conflict" };
      const lost = fault === "before" || appends.length >= failsAfter;
      const result = lost ? undefined : stored(stream, events, expected);
      await pause("answer");
      return fault === "after" || !result ? { outcome: "unknown" } : result;
    },
  };

  function stored(stream: string, events: readonly NewEvent[], expected: bigint): AppendResult {
    const of = log.filter((event) => event.stream === stream);
    const from = Number(expected + 1n);
    if (events.length === 0) throw new Error("an append of no events");
    if (from === of.length) {
      appends.push(events.map(({ id }) => id));
      for (const [index, event] of events.entries()) {
        const position = BigInt(log.length * 100 + 7);
        log.push(structuredClone({ ...event, stream, revision: BigInt(from + index), position }));
      }
    } else if (!events.every(({ id }, index) => id === of[from + index]?.id)) return { outcome: "conflict" };
    const last = log.filter((event) => event.stream === stream)[from + events.length - 1];
    if (!last) return { outcome: "conflict" };
    return { outcome: "appended", revision: last.revision, position: last.position };
  }

  return {
    log,
    faults,
    appends,
    reads,
    store,
    fail: (after: number) => {
      failsAfter = after;
    },
    pauseAt: (at: typeof pause) => {
      pause = at;
    },
    clear: () => {
      [log.length, faults.length, appends.length, reads.length] = [0, 0, 0, 0];
      failsAfter = Number.POSITIVE_INFINITY;
      pause = () => undefined;
    },
  };
}

/** A trail that has seen the first `seen` events of the log, and shows whole commands only. */
export function laggingTrail(log: readonly Recorded[]) {
  let seen = 0;
  const asked: (readonly string[])[] = [];
  const whole = (): readonly Recorded[] => {
    const begun = new Map<string, Recorded[]>();
    const shown: Recorded[] = [];
    for (const event of log.slice(0, seen)) {
      const { commandId, part, of } = event.metadata;
      const name = `${event.stream} ${commandId}`;
      const parts = [...(begun.get(name) ?? []), event];
      begun.set(name, parts);
      if (part === of) shown.push(...parts);
    }
    return shown;
  };
  const trail: Trail = {
    stream: async (stream, from = 0n) =>
      whole().filter((event) => event.stream === stream && event.revision >= from),
    revision: async (stream) => whole().findLast((event) => event.stream === stream)?.revision ?? -1n,
    commands: async (ids) => {
      asked.push([...ids]);
      return whole().filter(({ metadata }) => ids.includes(metadata.commandId));
    },
  };
  return {
    trail,
    asked,
    /** Never forgets: only `forget` does. */
    see: (events = log.length) => {
      seen = Math.max(seen, Math.min(events, log.length));
    },
    forget: () => {
      seen = 0;
    },
  };
}
