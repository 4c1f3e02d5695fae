/** One group: reads ahead of its consumers while there are any, and keeps how far they are. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { testFor } from "../filter.ts";
import { follower, isLink, resolver } from "../links.ts";
import type { Entry } from "../log.ts";
import { idIn, revisionIn, streamNameIn } from "../recorded.ts";
import { followStream, look } from "../subscriptions.ts";
import { follow, type Source } from "../walk.ts";
import { TOMBSTONE } from "../wire.ts";
import { ALL, type Definition } from "./definition.ts";
import { type Consumer, deliveries, type Message } from "./deliveries.ts";
import { type Memory, OWN_PREFIX } from "./memory.ts";
import { Progress } from "./progress.ts";
import { parkedReplays } from "./replays.ts";

const TICK_MS = 100;
const RETRY_MS = 500;

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
  const parkedBy = follower(source.pages);
  const ahead = Math.max(1, settings.history);
  const progress = new Progress((await memory.checkpoint()) ?? definition.after);
  const stopped = new AbortController();
  let reading: Promise<void> | undefined;
  let roomFor: (() => void) | undefined;
  let readTo = progress.done;
  const kept = { place: progress.done, at: Date.now() };
  let lastKnown: number | undefined;
  let finished = 0;

  const replays = await parkedReplays(memory, {
    isStopped: () => stopped.signal.aborted,
    offer: async (link, place, of) => {
      // Also what its stream hides by now.
      const entry = await parkedBy(link);
      const message = entry && (await messageOf(entry, place, of));
      if (message) pending.offerAgain([message]);
      else report(`what ${definition.group} parked as number ${place} is no event any more`);
      return message !== undefined;
    },
  });
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
    if (pending.counts().fresh < ahead || stopped.signal.aborted) roomFor?.();
  }

  async function room(): Promise<void> {
    if (pending.counts().fresh >= ahead && !stopped.signal.aborted)
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
    if (definition.source === ALL) return yield* follow(source, readTo, stopped.signal);
    const seen = await look(source, definition.source);
    // After a tombstone nothing comes.
    if (seen.shown.is === "tombstoned") await once(stopped.signal, "abort");
    else yield* followStream(definition.source, seen, readTo, source, stopped.signal);
  }

  async function take(entry: Entry): Promise<void> {
    await room();
    stopped.signal.throwIfAborted();
    const place = definition.source === ALL ? entry.position : revisionIn(entry.recorded);
    if (place === TOMBSTONE) return;
    const message = await messageOf(entry, place, progress);
    stopped.signal.throwIfAborted();
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
    await replays.keep();
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
    parkedCount: replays.left,
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
    wake(): void {
      pending.push();
      moved();
    },
    /** So many of those that are parked by now. */
    replayParked: replays.replay,
    /** Ends all consumers with the error. What is done by then is kept. */
    async close(error: Error): Promise<void> {
      stopped.abort();
      clearInterval(ticks);
      for (const { line } of pending.close()) line.drop(error);
      roomFor?.();
      await reading;
      await ticking;
      await replays.ended();
      try {
        await replays.keep();
        if (progress.done !== kept.place) await memory.keepCheckpoint(progress.done);
      } catch (error) {
        report(`the group ${definition.group} could not keep its place: ${(error as Error).message}`);
      }
    },
  };
}
