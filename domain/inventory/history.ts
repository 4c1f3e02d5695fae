/**
 * An item's movements in costing order, each with what it ought to do and what is booked of it, and the layers that lie
 * open after the last. What ought to be depends on the movements alone; what is booked is the sum of recorded rows.
 */
import { invariant } from "../kernel/assert.ts";
import { draftOf, emptyMap, type SortedMap } from "../kernel/sorted-map.ts";
import { type CostRow, type Scales, stepsOf } from "./cost-row.ts";
import type { MovementCommand } from "./item-events.ts";
import { areSame, difference, type Leg, type Moved, queueName, turned } from "./leg.ts";
import { type Legs, legsOf, type Short } from "./legs-of.ts";
import { openStock, type Queues, type Stock } from "./stock.ts";

export type Entry = Readonly<{
  /** As asked; a surplus has the value that it got when it was recorded. */
  move: MovementCommand;
  legs: readonly Leg[];
  /** `legs` itself where they come to the same, as between commands they do. */
  booked: readonly Moved[];
}>;
type Placed = readonly [place: string, entry: Entry];

export type History = Readonly<{
  /** By place. */
  movements: SortedMap<Entry>;
  /** By movement. */
  places: SortedMap<string>;
  queues: Queues;
  /** From this place on, movements have yet to be run again: one came between, or rows of theirs did. */
  stale: string | undefined;
  /** From this place on, something may not be booked as it ought to be. */
  owes: string | undefined;
}>;

export const noHistory: History = {
  movements: emptyMap(),
  places: emptyMap(),
  queues: emptyMap(),
  stale: undefined,
  owes: undefined,
};

export const earlier = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b);

/** The stock as it lay just before a place, and the movements from there on. */
export function rewind({ movements, queues }: History, place: string): { stock: Stock; later: Placed[] } {
  const stock = openStock(queues);
  const later: Placed[] = [];
  if ((movements.maxKey() ?? "") < place) return { stock, later };
  for (const placed of movements.entriesReversed()) {
    if (placed[0] < place) break;
    later.push(placed);
    for (const leg of placed[1].legs.toReversed()) stock.move(turned(leg));
  }
  return { stock, later: later.reverse() };
}

/** Runs movements on; or says which of them would be short. */
export function rerun(
  later: readonly Placed[],
  stock: Stock,
  scales: Scales,
): { ran: readonly Placed[] } | { short: Short; of: MovementCommand } {
  const ran: Placed[] = [];
  for (const [place, entry] of later) {
    const run: Legs = legsOf(entry.move, place, stock, scales);
    if ("short" in run) return { short: run.short, of: entry.move };
    for (const leg of run.legs) stock.move(leg);
    if (!areSame(run.legs, entry.legs)) ran.push([place, { ...entry, legs: run.legs }]);
  }
  return { ran };
}

const plans = new WeakMap<History, History>();

/** Every movement as it ought to be, by all that are recorded. Found once for a history, however often it is asked. */
export function planned(history: History, scales: Scales): History {
  if (history.stale === undefined) return history;
  const known = plans.get(history);
  if (known) return known;
  const { stock, later } = rewind(history, history.stale);
  const run = rerun(later, stock, scales);
  invariant("ran" in run, "a recorded movement takes what is not there");
  const movements = draftOf(history.movements);
  for (const [place, entry] of run.ran) movements.set(place, entry);
  let { owes } = history;
  for (const [place] of later) {
    const entry = movements.get(place);
    if (!entry || entry.booked === entry.legs) continue;
    if (difference(entry.booked, entry.legs).length === 0)
      movements.set(place, { ...entry, booked: entry.legs });
    else owes = earlier(owes, place);
  }
  const plan = { ...history, movements, queues: stock.close(), stale: undefined, owes };
  plans.set(history, plan);
  return plan;
}

/** A movement that was recorded, with the rows of its own event. */
export function recorded(
  history: History,
  move: MovementCommand,
  place: string,
  rows: readonly CostRow[],
  scales: Scales,
): History {
  const [movements, places] = [draftOf(history.movements), draftOf(history.places)];
  places.set(move.data.movement, place);
  const booked = legsBooked(rows, move.data.lot, scales);
  const isLast = history.stale === undefined && (history.movements.maxKey() ?? "") < place;
  if (!isLast) {
    movements.set(place, { move, legs: [], booked });
    return { ...history, movements, places, stale: earlier(history.stale, place) };
  }
  const stock = openStock(history.queues);
  const run = legsOf(move, place, stock, scales);
  invariant("legs" in run, `${move.data.movement} takes what is not there`);
  const { legs } = run;
  for (const leg of legs) stock.move(leg);
  const isBooked = difference(booked, legs).length === 0;
  movements.set(place, { move, legs, booked: isBooked ? legs : booked });
  const owes = isBooked ? history.owes : earlier(history.owes, place);
  return { ...history, movements, places, queues: stock.close(), owes };
}

/** Rows recorded beyond those of their movement's own event. */
export function booked(
  history: History,
  rows: readonly CostRow[],
  lot: string | null,
  scales: Scales,
): History {
  const movements = draftOf(history.movements);
  let { stale } = history;
  for (const [movement, some] of byMovement(rows)) {
    const place = history.places.get(movement);
    const entry = place === undefined ? undefined : movements.get(place);
    invariant(place !== undefined && entry !== undefined, `rows of ${movement}, which was not recorded`);
    const sum = difference([], [...entry.booked, ...legsBooked(some, lot, scales)]);
    movements.set(place, { ...entry, booked: sum });
    stale = earlier(stale, place);
  }
  return { ...history, movements, stale };
}

function byMovement(rows: readonly CostRow[]): ReadonlyMap<string, readonly CostRow[]> {
  const movements = new Map<string, CostRow[]>();
  for (const row of rows) {
    const some = movements.get(row.movement);
    if (some) some.push(row);
    else movements.set(row.movement, [row]);
  }
  return movements;
}

const legsBooked = (rows: readonly CostRow[], lot: string | null, scales: Scales) =>
  rows.map((row) => ({ queue: queueName(row.area, lot), layer: row.layer, ...stepsOf(row, scales) }));
