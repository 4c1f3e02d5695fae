/**
 * A decider that is small enough for thousands of histories, and whose commands may have several events: a tally that
 * never goes below zero. It borrows the catalogue's smallest event to be stored in.
 */
import { accept, type Decider, refuse } from "../../domain/kernel/decider.ts";
import type { Command, Event } from "../../domain/kernel/event.ts";

/** Each of its `parts` adds `amount`, which may be below zero. */
export type TallyCommand = Command<"Add", { amount: number; parts: number }>;
export type TallyEvent = Event<"ItemRenamed", { item: string; name: string }>;
export type TallyRefusal = { name: "TooLittle"; tally: number };

const said = (name: string): readonly number[] => name.split(" ").map(Number);

/** Longer than another, so that appends are cut where a test wants it. */
const PADDING = "x".repeat(40);

export const tally: Decider<TallyCommand, TallyEvent, number, TallyRefusal> = {
  initial: 0,
  evolve: (state, { data }) => state + (said(data.name)[0] ?? 0),
  decide({ data: { amount, parts } }, state) {
    if (state + amount * parts < 0) return refuse({ name: "TooLittle", tally: state });
    const event = (part: number): TallyEvent => ({
      type: "ItemRenamed",
      data: { item: PADDING, name: `${amount} ${part} ${parts} ${state}` },
    });
    const [first = event(1), ...others] = Array.from({ length: parts }, (_, index) => event(index + 1));
    return accept(first, ...others);
  },
  recall({ data }) {
    const [amount = 0, , parts = 0] = said(data.name);
    return { type: "Add", data: { amount, parts } };
  },
};

export const add = (amount: number, parts = 1): TallyCommand => ({ type: "Add", data: { amount, parts } });
