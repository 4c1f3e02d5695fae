/** A stream as this process knows it: folded state, revision, and the answers given that the trail may lack. */
import { type DomainEvent, decodeRecorded } from "../../domain/catalogue.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { NO_EVENTS } from "../../domain/kernel/event-store.ts";
import { answered, type First } from "./idempotency.ts";
import type { Variants } from "./missing-parts.ts";

export type Known<S> = {
  /** By whole commands. */
  state: S;
  revision: bigint;
  /** Events of a command whose last ones are missing: it was cut short between two appends, or is being written. */
  begun: readonly Recorded[];
  /** By command id. Half a command has none. */
  readonly answers: Map<string, First>;
};

export const unknownStream = <S>(state: S): Known<S> => ({
  state,
  revision: NO_EVENTS,
  begun: [],
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
    const command = [...known.begun, recorded];
    known.revision = recorded.revision;
    known.begun = part < of ? command : [];
    if (part < of) continue;
    // A command counts where it ends.
    for (const one of command)
      known.state = evolve(known.state, counted(decodeRecorded(one) as E, recorded.position));
    known.answers.set(commandId, command.reduce<First | undefined>(answered, undefined) as First);
  }
}
