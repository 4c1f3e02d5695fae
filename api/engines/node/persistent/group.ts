/** One group: reads ahead of its consumers while there are any, and keeps how far they are. */
import { setTimeout as sleep } from "node:timers/promises";
import { testFor } from "../filter.ts";
import { isLink, resolver } from "../links.ts";
import type { Entry } from "../log.ts";
import { idIn, revisionIn, streamNameIn } from "../recorded.ts";
import { followStream } from "../subscriptions.ts";
import { follow, type Source } from "../walk.ts";
import { TOMBSTONE } from "../wire.ts";
import { ALL, type Definition } from "./definition.ts";
import { type Consumer, deliveries, type Message } from "./deliveries.ts";
import { type Memory, OWN_PREFIX } from "./memory.ts";
import { Progress } from "./progress.ts";

const TICK_MS = 100;
const RETRY_MS = 500;
const REPLAYED_AT_ONCE = 500;

export type Group = Awaited<ReturnType<typeof openGroup>>;

export async function openGroup(
  definition: Definition,
  source: Source,
  memory: Memory,
  report: (what: string) => void,
) {
  const { settings, sought } = definition;
  const matches = sought ? testFor(sought) : () => true;
  const resolve = resolver(source.pages, source.shows);
  const progress = new Progress((await memory.checkpoint()) ?? definition.after);
  const replays = new Progress((await memory.parked()).first - 1);
  const stopped = new AbortController();
  let reading: Promise<void> | undefined;
  let roomFor: (() => void) | undefined;
  let readTo = progress.done;
  let replayedTo = replays.done;
  const kept = { place: progress.done, at: Date.now(), truncated: replays.done };
  let lastKnown: number | undefined;
  let finished = 0;

  const pending = deliveries(settings, (message, reason) => void park(message, reason));

  async function park(message: Message, reason: string): Promise<void> {
    try {
      await memory.park(message.entry, reason);
      pending.finish(message);
    } catch (error) {
      report(`an event could not be parked, and goes out again: ${(error as Error).message}`);
      pending.offerAgain([message]);
    }
  }

  /** After what may have made room, or an end. */
  function moved(): void {
    if (pending.counts().fresh < settings.history) roomFor?.();
  }

  async function room(): Promise<void> {
    if (pending.counts().fresh >= Math.max(1, settings.history))
      await new Promise<void>((go) => {
        roomFor = go;
      });
    roomFor = undefined;
  }

  /** For ever; what can't be read is tried again. */
  async function read(): Promise<void> {
    while (!stopped.signal.aborted)
      try {
        for await (const batch of batches()) for (const entry of batch) await take(entry);
      } catch (error) {
        if (stopped.signal.aborted) return;
        report(`the group ${definition.group} can't read: ${(error as Error).message}`);
        await sleep(RETRY_MS);
      }
  }

  async function* batches(): AsyncGenerator<readonly Entry[]> {
    if (definition.source === ALL) yield* follow(source, readTo, stopped.signal);
    const shown = await source.shows.of(definition.source);
    yield* followStream(definition.source, shown, readTo, source, stopped.signal);
  }

  async function take(entry: Entry): Promise<void> {
    await room();
    stopped.signal.throwIfAborted();
    const place = definition.source === ALL ? entry.position : revisionIn(entry.recorded);
    const message = place === TOMBSTONE ? undefined : await messageOf(entry, place, progress);
    readTo = place;
    if (!message) return progress.pass(place);
    lastKnown = place;
    pending.offer([message]);
  }

  /** Nothing, for what is not wanted, or is a link to what is hidden. */
  async function messageOf(entry: Entry, place: number, of: Progress): Promise<Message | undefined> {
    const { recorded } = entry;
    if (!matches(recorded)) return undefined;
    const isOwn = recorded.toString("utf8", ...streamNameIn(recorded)).startsWith(OWN_PREFIX);
    if (definition.source === ALL && isOwn) return undefined;
    const linked = settings.resolveLinks && isLink(recorded);
    const event = linked ? await resolve(recorded) : undefined;
    if (linked && !event) return undefined;
    return { entry, event, id: idIn(recorded), retries: 0, step: of.begin(place), of };
  }

  async function tick(): Promise<void> {
    pending.expire(Date.now());
    moved();
    await keep(Date.now() - kept.at >= settings.checkpointAfter);
    if (replays.done === kept.truncated) return;
    await memory.truncateParked(replays.done + 1);
    kept.truncated = replays.done;
  }

  async function keep(isTime: boolean): Promise<void> {
    const { done } = progress;
    if (done === kept.place) return;
    if (finished < settings.checkpointMax && !(isTime && finished >= settings.checkpointMin)) return;
    const counted = finished;
    await memory.keepCheckpoint(done);
    finished -= counted;
    Object.assign(kept, { place: done, at: Date.now() });
  }

  let ticking: Promise<void> | undefined;
  const ticks = setInterval(() => {
    ticking ??= tick()
      .catch((error: unknown) =>
        report(`the group ${definition.group} can't keep: ${(error as Error).message}`),
      )
      .finally(() => {
        ticking = undefined;
      });
  }, TICK_MS).unref();

  return {
    definition,
    consumers: pending.consumers,
    counts: pending.counts,
    places: () => ({ lastKnown, checkpoint: kept.place === definition.after ? undefined : kept.place }),
    async parkedCount(): Promise<number> {
      const { first, last } = await memory.parked();
      return last - Math.max(first - 1, replayedTo);
    },
    join(consumer: Consumer): void {
      pending.join(consumer);
      reading ??= read();
      moved();
    },
    leave(consumer: Consumer): void {
      pending.leave(consumer);
      moved();
    },
    answer(...[consumer, ids, outcome, reason]: Parameters<typeof pending.answer>): void {
      pending.answer(consumer, ids, outcome, reason);
      finished += ids.length;
      moved();
    },
    /** So many of those that are parked by now. */
    async replayParked(count: number): Promise<void> {
      const { last } = await memory.parked();
      for (let left = Math.min(count, last - replayedTo); left > 0; ) {
        const entries = await memory.parkedFrom(replayedTo + 1, Math.min(left, REPLAYED_AT_ONCE));
        if (entries.length === 0) return;
        left -= entries.length;
        for (const { recorded } of entries) {
          replayedTo = revisionIn(recorded);
          const entry = await resolve(recorded);
          const message = entry && (await messageOf(entry, replayedTo, replays));
          if (message) pending.offerAgain([message]);
          else replays.pass(replayedTo);
        }
      }
    },
    /** Ends all consumers with the error. What is done by then is kept. */
    async close(error: Error): Promise<void> {
      stopped.abort();
      clearInterval(ticks);
      for (const consumer of pending.close()) consumer.drop(error);
      roomFor?.();
      await reading;
      await ticking;
      if (progress.done !== kept.place) await memory.keepCheckpoint(progress.done).catch(() => {});
    },
  };
}
