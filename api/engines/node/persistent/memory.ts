/** What is kept of groups, as events of the log: who they are, how far they are, and what they have parked. */
import { NO_EVENTS } from "../expectation.ts";
import type { Entry } from "../log.ts";
import type { Queue } from "../queue.ts";
import { dataIn, revisionIn, streamNameIn } from "../recorded.ts";
import { LINK, METADATA, metastreamOf, systemEvent } from "../streams.ts";
import type { Source } from "../walk.ts";
import type { Proposed } from "../wire.ts";
import type { Write } from "../writes.ts";
import { type Definition, type Key, keyText, placeOf, placeText } from "./definition.ts";

/** Streams of groups begin so: a group on `$all` passes over them, or it would never come to an end. */
export const OWN_PREFIX = "$persistentsubscription-";
const CONFIG = "$persistentSubscriptionConfig";
const DEADLINE_MS = 10_000;

export type Memory = ReturnType<typeof groupMemory>;

type Log = Readonly<{ queue: Pick<Queue, "write">; source: Pick<Source, "pages" | "shows"> }>;

async function write({ queue }: Log, what: Pick<Write, "kind" | "stream" | "events">): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  const bytes = what.events.reduce((sum, { data }) => sum + data.length, 0);
  const { outcome } = await queue.write({ ...what, expected: "any", bytes, deadline });
  if (outcome !== "written") throw new Error(`${what.stream} could not be written: ${outcome}`);
}

const append = (log: Log, stream: string, ...events: readonly Proposed[]) =>
  write(log, { kind: "append", stream, events });

async function lastOf({ source: { pages } }: Log, stream: string): Promise<Entry | undefined> {
  return (await pages.stream(stream, "backwards", Number.MAX_SAFE_INTEGER, 1)).entries[0];
}

/** By the last event there that makes sense: anybody may write into that stream. */
export async function definitionsIn(
  { source: { pages } }: Log,
  report: (what: string) => void,
): Promise<readonly Definition[]> {
  for (let from = Number.MAX_SAFE_INTEGER; ; ) {
    const [last] = (await pages.stream(CONFIG, "backwards", from, 1)).entries;
    if (!last) return [];
    try {
      const { entries } = JSON.parse(dataIn(last.recorded).toString());
      if (Array.isArray(entries)) return entries;
    } catch {
      // not ours
    }
    from = revisionIn(last.recorded) - 1;
    report(`${CONFIG} revision ${from + 1} is no list of groups`);
  }
}

export const defineIn = (log: Log, entries: readonly Definition[]): Promise<void> =>
  append(log, CONFIG, systemEvent("$PersistentConfig", JSON.stringify({ entries })));

export function groupMemory(log: Log, { source, group }: Key) {
  const { pages, shows } = log.source;
  const name = `${OWN_PREFIX}${keyText({ source, group })}`;
  const [checkpoints, parkedOnes] = [`${name}-checkpoint`, `${name}-parked`];
  let limited = false;

  return {
    /** The last place that was done, if any was kept. */
    async checkpoint(): Promise<number | undefined> {
      if ((await shows.of(checkpoints)).is !== "there") return undefined;
      const last = await lastOf(log, checkpoints);
      limited = last !== undefined;
      return last && placeOf(JSON.parse(dataIn(last.recorded).toString()));
    },
    async keepCheckpoint(place: number): Promise<void> {
      if (!limited) await append(log, metastreamOf(checkpoints), systemEvent(METADATA, '{"$maxCount":2}'));
      limited = true;
      const text = JSON.stringify(placeText(source, place));
      await append(log, checkpoints, systemEvent("$SubscriptionCheckpoint", text));
    },
    /** A link to the event. */
    async park({ recorded }: Entry, reason: string): Promise<void> {
      const stream = recorded.toString("utf8", ...streamNameIn(recorded));
      const about = JSON.stringify({ added: new Date().toISOString(), reason });
      await append(log, parkedOnes, {
        ...systemEvent(LINK, ""),
        data: Buffer.from(`${revisionIn(recorded)}@${stream}`),
        metadata: Buffer.from(about),
      });
    },
    /** The revisions of the first that is parked, and of the last. */
    async parked(): Promise<Readonly<{ first: number; last: number }>> {
      const { is, first } = await shows.of(parkedOnes);
      const last = await pages.head(parkedOnes);
      return { first: is === "there" ? first : last + 1, last };
    },
    async parkedFrom(from: number, count: number): Promise<readonly Entry[]> {
      return (await pages.stream(parkedOnes, "forwards", from, count)).entries;
    },
    /** What comes before that is no longer parked. */
    truncateParked: (before: number): Promise<void> =>
      append(log, metastreamOf(parkedOnes), systemEvent(METADATA, JSON.stringify({ $tb: before }))),
    async erase(): Promise<void> {
      for (const stream of [checkpoints, parkedOnes]) {
        const isThere = (await shows.of(stream)).is === "there" && (await pages.head(stream)) !== NO_EVENTS;
        if (isThere) await write(log, { kind: "deletion", stream, events: [] });
      }
    },
  };
}
