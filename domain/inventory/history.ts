/**
 * An item's movements in the order in which they run, each with what it ought to do and what is booked of it, and the layers
 * that lie open after the last. What ought to be depends on the movements alone; what is booked is the sum of recorded rows.
 */
import { invariant } from "../kernel/assert.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import { type Draft, emptyMap, type SortedMap } from "../kernel/sorted-map.ts";
import { type Booked, lacking, type OpenFrom } from "./booking.ts";
import type { Exempt } from "./exempt-units.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { Leg, Settlement } from "./leg.ts";
import type { Queues } from "./stock.ts";
import type { TakenUp } from "./turn.ts";
import type { ValueFacts } from "./value-facts.ts";

export type Entry = Readonly<{
  /** As asked; a surplus has the value that it got when it was recorded. */
  move: MovementCommand;
  /** Where it stands in costing order, if it does not run in its place. */
  place?: string;
  legs: readonly Leg[];
  /** Of an issue that was short, or of a count that others came before: what was settled of it, by movements that ran later. */
  settled?: readonly Settlement[];
  /** Of a movement that brought goods where some were lacking, or that came before a count: what it settled. */
  settles?: readonly Settlement[];
  /** Of a receipt, where there are any. */
  facts?: ValueFacts;
  /** As if it had never been. */
  cancelled?: true;
  /** By this movement, later. */
  compensated?: string;
  /** Undefined where it is just the legs on their days, as for nearly all. */
  booked: readonly Booked[] | undefined;
}>;
export type InTurn = readonly [turn: string, entry: Entry];

export type History = Readonly<{
  /** By turn. */
  movements: SortedMap<Entry>;
  /** By movement. */
  turns: SortedMap<string>;
  /** By place, of those that don't run in their places. */
  turnsAt: SortedMap<string>;
  /** As the item took it up last; undefined: replay, ever since. */
  policy: TakenUp | undefined;
  queues: Queues;
  /** Units that later movements claim of earlier ones, by the earlier one and the turn of the later. */
  claims: SortedMap<bigint>;
  /** By area and place. */
  counts: SortedMap<string>;
  /** Returns of what was never on a bill, by receipt and movement. */
  uninvoiced: SortedMap<true>;
  /** What those leave for others to bear. */
  exempt: Exempt;
  /** Whether costs go other ways than from layer to draw to layer: an issue may go short. */
  entangled: boolean;
  /** From this turn on, movements have yet to be run again: one came between, or rows of theirs did. */
  stale: string | undefined;
  /** Turns of movements that are booked otherwise than by their legs on their days. */
  apart: SortedMap<true>;
  /** The first open day with which those were last found to be booked as they ought to be; null: not yet. */
  settledAt: OpenFrom | null;
}>;

export const noHistory: History = {
  movements: emptyMap(),
  turns: emptyMap(),
  turnsAt: emptyMap(),
  policy: undefined,
  queues: emptyMap(),
  claims: emptyMap(),
  counts: emptyMap(),
  uninvoiced: emptyMap(),
  exempt: emptyMap(),
  entangled: false,
  stale: undefined,
  apart: emptyMap(),
  settledAt: undefined,
};

/** What ought to be booked of a movement, if nothing is closed. */
export const targetOf = ({ move, legs, settled = [] }: Entry): readonly Booked[] => [
  ...legs.map((leg) => bookedOn(leg, move.data.effectiveDate)),
  ...settled.map((leg) => bookedOn(leg, leg.on)),
];
const bookedOn = ({ queue, layer, units, worth }: Leg, date: EffectiveDate): Booked => ({
  ...{ queue, layer, date, units, worth },
});

export const bookedOf = (entry: Entry): readonly Booked[] => entry.booked ?? targetOf(entry);

/** Puts an entry in its turn, and says whether it is booked by its legs on their days. */
export function settle(
  movements: Draft<Entry>,
  apart: Draft<true>,
  turn: string,
  { booked, ...entry }: Entry,
): boolean {
  const ought = { ...entry, booked: undefined };
  const day = entry.move.data.effectiveDate;
  const isPlain = booked === undefined || lacking(booked, targetOf(ought), day, undefined).length === 0;
  movements.set(turn, isPlain ? ought : { ...entry, booked });
  if (isPlain) apart.delete(turn);
  else apart.set(turn, true);
  return isPlain;
}

/** What was asked of a movement that stands; undefined where there is none of this name, or it was undone. */
export function standing(
  history: Pick<History, "turns" | "movements">,
  movement: string,
): MovementCommand | undefined {
  const entry = entryNamed(history, movement);
  return entry?.cancelled || entry?.compensated !== undefined ? undefined : entry?.move;
}

export function entryNamed(
  { turns, movements }: Pick<History, "turns" | "movements">,
  movement: string,
): Entry | undefined {
  const turn = turns.get(movement);
  return turn === undefined ? undefined : movements.get(turn);
}

/** Where a recorded movement stands in costing order. */
export function placeOf(history: Pick<History, "turns" | "movements">, movement: string): string | undefined {
  return entryNamed(history, movement)?.place ?? history.turns.get(movement);
}

/** A recorded movement, by its name. */
export function entryOf(
  { turns, movements }: History,
  movement: string,
  among: SortedMap<Entry> = movements,
): InTurn {
  const turn = turns.get(movement);
  const entry = turn === undefined ? undefined : among.get(turn);
  invariant(turn !== undefined && entry !== undefined, `${movement} was not recorded`);
  return [turn, entry];
}

export const countKey = (area: string, place: string): string => `${area} ${place}`;

export const least = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b);
