/** Streams in memory, by last use. Whatever is dropped comes back from the trail, its answers from the trail's index. */
import type { DomainEvent } from "../../domain/catalogue.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import type { Trail } from "./command-lookup.ts";
import { type Folding, follow, type Known, unknownStream } from "./known-stream.ts";
import type { Snapshots } from "./snapshots.ts";

/** A state remembers every movement: about a kilobyte an event. */
const WEIGHT_MAX = 1_000_000;
const STREAM_WEIGHT = 100;
const ANSWERS_MAX = 1_000;

export function streamCache<S, E extends DomainEvent>(
  trail: Pick<Trail, "stream" | "revision">,
  initial: S,
  folding: Folding<S, E>,
  snapshots?: Pick<Snapshots<S>, "latest" | "keep">,
) {
  const cache = new Map<string, Known<S>>();
  const weights = new Map<string, number>();
  let weight = 0;

  function weigh(stream: string, known: Known<S> | undefined): void {
    const now = known ? STREAM_WEIGHT + Number(known.revision) + 1 : 0;
    weight += now - (weights.get(stream) ?? 0);
    if (known) weights.set(stream, now);
    else weights.delete(stream);
  }

  function forget(stream: string): void {
    cache.delete(stream);
    weigh(stream, undefined);
  }

  /** The youngest is last. */
  function enter(stream: string, known: Known<S>): void {
    cache.delete(stream);
    cache.set(stream, known);
    weigh(stream, known);
    for (const oldest of cache.keys()) {
      if (weight <= WEIGHT_MAX || oldest === stream) break;
      forget(oldest);
    }
  }

  async function read(stream: string): Promise<Known<S>> {
    const snapshot = await snapshots?.latest(stream);
    if (snapshot) {
      const { counting, ...from } = snapshot;
      const since = await trail.stream(stream, from.revision + 1n);
      if (counting === folding.countingAt(from.position)) return entered(stream, from, since);
    }
    return entered(stream, {}, await trail.stream(stream));
  }

  /** In one go: were a closing heard of between folding and entering, what it makes wrong would not be forgotten. */
  function entered(stream: string, from: Partial<Known<S>>, events: readonly Recorded[]): Known<S> {
    const known = { ...unknownStream(initial), ...from };
    follow(known, events, folding);
    known.answers.clear(); // the trail knows these
    enter(stream, known);
    return known;
  }

  /** What is in the cache was folded by all that is known of how its events count: else it was forgotten. */
  function keep(stream: string, known: Known<S>): void {
    const { state, revision, position, folded } = known;
    if (cache.get(stream) !== known || known.begun.length > 0) return;
    const counting = folding.countingAt(position);
    if (snapshots?.keep(stream, { state, revision, position, counting }, folded)) known.folded = 0;
  }

  return {
    async load(stream: string): Promise<Known<S>> {
      const known = cache.get(stream);
      if (!known) return read(stream);
      enter(stream, known);
      return known;
    },

    forget,

    forgetAll(): void {
      cache.clear();
      weights.clear();
      weight = 0;
    },

    /** Sees to a snapshot, and lets go of answers that the trail has by now. */
    async settle(stream: string, known: Known<S>): Promise<void> {
      keep(stream, known);
      const { answers } = known;
      if (answers.size <= ANSWERS_MAX) return;
      const trailed = await trail.revision(stream);
      for (const [id, { answer }] of answers) if (answer.revision <= trailed) answers.delete(id);
    },
  };
}
