/**
 * What the log says of an item's movements, folded: movements with the rows of their own events, and rows recorded beyond.
 * The rules are asked only where that costs no more than the movement itself; else they are run when something is decided.
 */
import { invariant } from "../kernel/assert.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import { type Booked, summed } from "./booking.ts";
import { type CostRow, type Scales, stepsOf } from "./cost-row.ts";
import { bookedOf, entryOf, goOn, type History, least, returnsAfter, rewind, settle } from "./history.ts";
import type { MovementCommand } from "./item-events.ts";
import { queueName } from "./leg.ts";
import { legsOf } from "./legs-of.ts";

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
  const entry = {
    move,
    day: rows[0]?.date ?? move.data.effectiveDate,
    legs: [],
    booked: bookings(rows, move.data.lot, scales),
  };
  const returns = returnsAfter(history, move, place, scales);
  const isLast = history.stale === undefined && (history.movements.maxKey() ?? "") < place;
  if (!isLast) {
    movements.set(place, entry);
    return { ...history, movements, places, returns, stale: least(history.stale, place) };
  }
  const { stock, course } = rewind(history, place);
  const run = legsOf(move, place, { stock, course }, scales);
  invariant("legs" in run, `${move.data.movement} takes what is not there`);
  goOn({ stock, course }, move, run.legs);
  const apart = draftOf(history.apart);
  const isPlain = settle(movements, apart, place, { ...entry, legs: run.legs });
  const settledAt = isPlain ? history.settledAt : null;
  return { ...history, movements, places, returns, queues: stock.close(), apart, settledAt };
}

/** Rows recorded beyond those of their movement's own event. */
export function booked(
  history: History,
  rows: readonly CostRow[],
  lot: string | null,
  scales: Scales,
): History {
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  let { settledAt } = history;
  for (const [movement, some] of byMovement(rows)) {
    const [place, entry] = entryOf(history, movement, movements);
    const sum = summed([...bookedOf(entry), ...bookings(some, lot, scales)]);
    if (!settle(movements, apart, place, { ...entry, booked: sum })) settledAt = null;
  }
  return { ...history, movements, apart, settledAt };
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

const bookings = (rows: readonly CostRow[], lot: string | null, scales: Scales): readonly Booked[] =>
  rows.map((row) => ({
    queue: queueName(row.area, lot),
    layer: row.layer,
    date: row.date,
    ...stepsOf(row, scales),
  }));
