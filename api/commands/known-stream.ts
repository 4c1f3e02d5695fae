/** A stream as this process knows it: folded state, revision, and the answers given that the trail may lack. */
import { type DomainEvent, decodeRecorded } from "../../domain/catalogue.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { NO_EVENTS } from "../../domain/kernel/event-store.ts";
import { answered, type First } from "./idempotency.ts";
import type { Variants } from "./missing-parts.ts";

/** A command whose last events are missing: it was cut short between two appends. */
export type Unfinished<S> = Readonly<{ before: S; parts: readonly Recorded[] }>;

export type Known<S> = {
  state: S;
  revision: bigint;
  unfinished: Unfinished<S> | undefined;
  /** By command id. Half a command has none. */
  readonly answers: Map<string, First>;
};

export const unknownStream = <S>(state: S): Known<S> => ({
  state,
  revision: NO_EVENTS,
  unfinished: undefined,
  answers: new Map(),
});

/** How events are read and folded. `counted`: the event with its rows on the days that they count on at its place in the log. */
export type Folding<S, E> = Readonly<{
  evolve: (state: S, event: E) => S;
  counted: (event: E, position: bigint) => E;
}>;

/**
 * What a category of streams has beyond its decider. `variants`: of a recalled command. `heard`: asks whether events count
 * otherwise than was believed, before those of others are followed.
 */
export type Ways<C, E> = Partial<
  Pick<Folding<unknown, E>, "counted"> & Readonly<{ variants: Variants<C>; heard: () => Promise<boolean> }>
>;

/** Folds what others, or an earlier life of this process, wrote. */
export function follow<S, E extends DomainEvent>(
  known: Known<S>,
  tail: readonly Recorded[],
  { evolve, counted }: Folding<S, E>,
): void {
  for (const recorded of tail) {
    const { commandId, part, of } = recorded.metadata;
    const event = decodeRecorded(recorded) as E; // a stream holds its category's events only
    const { before, parts } = known.unfinished ?? { before: known.state, parts: [] };
    const all = [...parts, recorded];
    known.unfinished = part < of ? { before, parts: all } : undefined;
    // A command counts where it ends.
    known.state =
      part < of || all.length === 1
        ? evolve(known.state, counted(event, recorded.position))
        : all.reduce(
            (state, one) => evolve(state, counted(decodeRecorded(one) as E, recorded.position)),
            before,
          );
    known.revision = recorded.revision;
    if (part === of)
      known.answers.set(commandId, all.reduce<First | undefined>(answered, undefined) as First);
  }
}
