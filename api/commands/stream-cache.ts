/** Streams in memory, by last use. Whatever is dropped comes back from the trail, its answers from the trail's index. */
import type { DomainEvent } from "../../domain/catalogue.ts";
import type { Trail } from "./command-lookup.ts";
import { type Folding, follow, type Known, unknownStream } from "./known-stream.ts";

/** A state remembers every movement: about a kilobyte an event. */
const WEIGHT_MAX = 1_000_000;
const STREAM_WEIGHT = 100;
const ANSWERS_MAX = 1_000;

export function streamCache<S, E extends DomainEvent>(
  trail: Pick<Trail, "stream" | "revision">,
  initial: S,
  folding: Folding<S, E>,
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

  return {
    async load(stream: string): Promise<Known<S>> {
      const cached = cache.get(stream);
      const known = cached ?? unknownStream(initial);
      if (!cached) {
        follow(known, await trail.stream(stream), folding);
        known.answers.clear(); // the trail knows these
      }
      cache.delete(stream);
      cache.set(stream, known); // the youngest is last
      weigh(stream, known);
      for (const oldest of cache.keys()) {
        if (weight <= WEIGHT_MAX || oldest === stream) break;
        forget(oldest);
      }
      return known;
    },

    forget,

    forgetAll(): void {
      cache.clear();
      weights.clear();
      weight = 0;
    },

    /** Lets go of answers that the trail has by now. */
    async settle(stream: string, { answers }: Known<S>): Promise<void> {
      if (answers.size <= ANSWERS_MAX) return;
      const trailed = await trail.revision(stream);
      for (const [id, { answer }] of answers) if (answer.revision <= trailed) answers.delete(id);
    },
  };
}
