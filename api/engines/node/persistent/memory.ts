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

export async function definitionsIn(log: Log): Promise<readonly Definition[]> {
  const last = await lastOf(log, CONFIG);
  return last ? JSON.parse(dataIn(last.recorded).toString()).entries : [];
}

export const defineIn = (log: Log, entries: readonly Definition[]): Promise<void> =>
  append(log, CONFIG, systemEvent("$PersistentConfig", JSON.stringify({ entries })));

export function groupMemory(log: Log, { source, group }: Key) {
  const { pages, shows } = log.source;
  const name = `${OWN_PREFIX}${keyText({ source, group })}`;
  const [checkpoints, parkedOnes] = [`${name}-checkpoint`, `${name}-parked`];

  return {
    /** The last place that was done, if any was kept. */
    async checkpoint(): Promise<number | undefined> {
      if ((await shows.of(checkpoints)).is !== "there") return undefined;
      const last = await lastOf(log, checkpoints);
      return last && placeOf(JSON.parse(dataIn(last.recorded).toString()));
    },
    async keepCheckpoint(place: number): Promise<void> {
      if ((await pages.head(checkpoints)) === NO_EVENTS)
        await append(log, metastreamOf(checkpoints), systemEvent(METADATA, '{"$maxCount":2}'));
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
      for (const stream of [checkpoints, parkedOnes])
        if ((await pages.head(stream)) !== NO_EVENTS)
          await write(log, { kind: "deletion", stream, events: [] });
    },
  };
}
