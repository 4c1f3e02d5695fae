/** A stream as this process knows it: folded state, revision, and the answers given that the trail may lack. */
import { type DomainEvent, decodeRecorded } from "../../domain/catalogue.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { LOG_START, NO_EVENTS } from "../../domain/kernel/event-store.ts";
import { answered, type First } from "./idempotency.ts";
import type { Variants } from "./missing-parts.ts";

export type Known<S> = {
  /** By whole commands. */
  state: S;
  revision: bigint;
  /** Of the last event. */
  position: bigint;
  /** Events and rows since the beginning, or since the snapshot that it began with or has become. */
  folded: number;
  /** Events of a command whose last ones are missing: it was cut short between two appends, or is being written. */
  begun: readonly Recorded[];
  /** By command id. Half a command has none. */
  readonly answers: Map<string, First>;
};

export const unknownStream = <S>(state: S): Known<S> => ({
  state,
  revision: NO_EVENTS,
  position: LOG_START,
  folded: 0,
  begun: [],
  answers: new Map(),
});

/**
 * How events are read and folded. `counted`: the event with its rows on the days that they count on at its place in the log.
 * `countingAt`: what that depends on, for all events up to a position; where it is the same, they count as the same.
 */
export type Folding<S, E> = Readonly<{
  evolve: (state: S, event: E) => S;
  counted: (event: E, position: bigint) => E;
  countingAt: (position: bigint) => bigint;
}>;

/**
 * What a category of streams has beyond its decider. `variants`: of a recalled command. `heard`: asks whether events count
 * otherwise than was believed, before those of others are followed.
 */
export type Ways<C, E> = Partial<
  Pick<Folding<unknown, E>, "counted" | "countingAt"> &
    Readonly<{ variants: Variants<C>; heard: () => Promise<boolean> }>
>;

/** Folds what others, or an earlier life of this process, wrote. */
export function follow<S, E extends DomainEvent>(
  known: Known<S>,
  tail: readonly Recorded[],
  { evolve, counted }: Pick<Folding<S, E>, "evolve" | "counted">,
): void {
  for (const recorded of tail) {
    const { commandId, part, of } = recorded.metadata;
    const command = [...known.begun, recorded];
    known.revision = recorded.revision;
    known.position = recorded.position;
    known.begun = part < of ? command : [];
    if (part < of) continue;
    // A command counts where it ends.
    const events = command.map((one) => decodeRecorded(one) as E); // a stream holds its category's events only
    for (const event of events) known.state = evolve(known.state, counted(event, recorded.position));
    known.folded += lengthOf(events);
    known.answers.set(commandId, command.reduce<First | undefined>(answered, undefined) as First);
  }
}

/** What it costs to fold them. */
export const lengthOf = (events: readonly DomainEvent[]): number =>
  events.reduce((sum, { data }) => sum + ("rows" in data ? data.rows.length : 1), 0);
