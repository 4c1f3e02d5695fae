/**
 * An item's movements in costing order, each with what it ought to do and what is booked of it, and the layers that lie
 * open after the last. What ought to be depends on the movements alone; what is booked is the sum of recorded rows.
 */
import { invariant } from "../kernel/assert.ts";
import { steps } from "../kernel/decimal.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import { type Draft, draftOf, emptyMap, type SortedMap } from "../kernel/sorted-map.ts";
import { type Booked, lacking, type OpenFrom } from "./booking.ts";
import type { Scales } from "./cost-row.ts";
import { type Course, courseFrom, returnKey } from "./course.ts";
import type { MovementCommand } from "./item-events.ts";
import { areSame, type Leg, turned } from "./leg.ts";
import { legsOf, type Short } from "./legs-of.ts";
import { openStock, type Queues, type Stock } from "./stock.ts";
import type { ValueFacts } from "./value-facts.ts";

export type Entry = Readonly<{
  /** As asked; a surplus has the value that it got when it was recorded. */
  move: MovementCommand;
  /** The day its rows count on: its effective date, or the first open day where that was closed by then. */
  day: EffectiveDate;
  legs: readonly Leg[];
  /** Of a receipt, where there are any. */
  facts?: ValueFacts;
  /** As if it had never been. */
  cancelled?: true;
  /** Undefined where it is just the legs on that day, as for nearly all. */
  booked: readonly Booked[] | undefined;
}>;
type Placed = readonly [place: string, entry: Entry];

export type History = Readonly<{
  /** By place. */
  movements: SortedMap<Entry>;
  /** By movement. */
  places: SortedMap<string>;
  queues: Queues;
  /** Units that came back, by issue and place of the return. */
  returns: SortedMap<bigint>;
  /** From this place on, movements have yet to be run again: one came between, or rows of theirs did. */
  stale: string | undefined;
  /** Places of movements that are booked otherwise than by their legs on their day. */
  apart: SortedMap<true>;
  /** The first open day with which those were last found to be booked as they ought to be; null: not yet. */
  settledAt: OpenFrom | null;
}>;

export const noHistory: History = {
  movements: emptyMap(),
  places: emptyMap(),
  queues: emptyMap(),
  returns: emptyMap(),
  stale: undefined,
  apart: emptyMap(),
  settledAt: undefined,
};

export const bookedOf = ({ booked, legs, day }: Entry): readonly Booked[] =>
  booked ?? legs.map(({ queue, layer, units, worth }) => ({ queue, layer, date: day, units, worth }));

/** Puts an entry in its place, and says whether it is booked by its legs on its day. */
export function settle(
  movements: Draft<Entry>,
  apart: Draft<true>,
  place: string,
  { booked, ...entry }: Entry,
): boolean {
  const isPlain = booked === undefined || lacking(booked, entry.legs, entry.day, undefined).length === 0;
  movements.set(place, { ...entry, booked: isPlain ? undefined : booked });
  if (isPlain) apart.delete(place);
  else apart.set(place, true);
  return isPlain;
}

/** The stock as it lay just before a place, and the movements from there on. */
export function rewind(
  history: History,
  place: string,
): Readonly<{ stock: Stock; course: Course; later: readonly Placed[] }> {
  const { movements, queues } = history;
  const [stock, course] = [openStock(queues), courseFrom(history, place)];
  const later: Placed[] = [];
  if ((movements.maxKey() ?? "") < place) return { stock, course, later };
  for (const placed of movements.entriesReversed()) {
    if (placed[0] < place) break;
    later.push(placed);
    for (const leg of placed[1].legs.toReversed()) stock.move(turned(leg));
  }
  return { stock, course, later: later.reverse() };
}

/** Runs movements on, and answers with those that do something else than before; or says which of them would be short. */
export function rerun(
  { later, stock, course }: Readonly<{ later: readonly Placed[]; stock: Stock; course: Course }>,
  scales: Scales,
): { ran: readonly Placed[] } | { short: Short; of: MovementCommand } {
  const ran: Placed[] = [];
  for (const [place, entry] of later) {
    const run = entry.cancelled
      ? { legs: [] }
      : legsOf(entry.move, place, { stock, course }, scales, entry.facts);
    if ("short" in run) return { short: run.short, of: entry.move };
    goOn({ stock, course }, entry.move, run.legs);
    if (areSame(run.legs, entry.legs)) continue;
    ran.push([place, { ...entry, legs: run.legs, booked: bookedOf(entry) }]);
  }
  return { ran };
}

/** With movements that do something else than is booked of them, each in its place. */
export function withRan(history: History, ran: readonly Placed[]): Pick<History, "movements" | "apart"> {
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  for (const [place, entry] of ran) {
    movements.set(place, entry);
    apart.set(place, true);
  }
  return { movements, apart };
}

/** Stock and course, moved on by what a movement does. */
export function goOn(
  { stock, course }: Readonly<{ stock: Stock; course: Course }>,
  move: MovementCommand,
  legs: readonly Leg[],
): void {
  for (const leg of legs) stock.move(leg);
  course.went(move, legs);
}

const plans = new WeakMap<History, History>();

/** Every movement as it ought to be, by all that are recorded. Found once for a history, however often it is asked. */
export function planned(history: History, scales: Scales): History {
  if (history.stale === undefined) return history;
  const known = plans.get(history);
  if (known) return known;
  const from = rewind(history, history.stale);
  const run = rerun(from, scales);
  invariant("ran" in run, "a recorded movement takes what is not there");
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  for (const [place, entry] of run.ran) movements.set(place, entry);
  for (const [place] of from.later) {
    const entry = movements.get(place);
    if (entry?.booked) settle(movements, apart, place, entry);
  }
  const settledAt = apart.size === 0 ? history.settledAt : null;
  const plan = { ...history, movements, queues: from.stock.close(), stale: undefined, apart, settledAt };
  plans.set(history, plan);
  return plan;
}

/** With what a movement brings back, if it is a return; or without it. */
export function returnsAfter(
  { returns }: History,
  move: MovementCommand,
  place: string,
  { quantityScale }: Scales,
  is: "there" | "gone" = "there",
): SortedMap<bigint> {
  if (move.type !== "ReturnGoods") return returns;
  const after = draftOf(returns);
  const key = returnKey(move.data.issue, place);
  if (is === "gone") after.delete(key);
  else after.set(key, steps(move.data.quantity, quantityScale));
  return after;
}

/** What was asked of a movement that stands; undefined where there is none of this name, or it was cancelled. */
export function standing({ places, movements }: History, movement: string): MovementCommand | undefined {
  const place = places.get(movement);
  const entry = place === undefined ? undefined : movements.get(place);
  return entry?.cancelled ? undefined : entry?.move;
}

/** A recorded movement, by its name. */
export function entryOf(
  { places, movements }: History,
  movement: string,
  among: SortedMap<Entry> = movements,
): Placed {
  const place = places.get(movement);
  const entry = place === undefined ? undefined : among.get(place);
  invariant(place !== undefined && entry !== undefined, `${movement} was not recorded`);
  return [place, entry];
}

export const least = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b);
