/** What the folds are fed: whole commands, each event with its place in the book. */
import type { DomainEvent } from "../domain/catalogue.ts";
import type { Recorded } from "../domain/kernel/event.ts";

export type Entry = Readonly<{ seq: bigint; recorded: Recorded; event: DomainEvent }>;

/** All events of one command, in order. `knownAt` falls on its last seq. */
export type WholeCommand = readonly [Entry, ...Entry[]];

export const endOf = (command: WholeCommand): bigint => (command.at(-1) ?? command[0]).seq;
