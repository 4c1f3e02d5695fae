/**
 * What the log says of an item's movements, folded: movements with the rows of their own events, and rows recorded beyond.
 * The rules are asked only where that costs no more than the movement itself; else they are run when something is decided.
 */
import { invariant } from "../kernel/assert.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import { type Booked, summed } from "./booking.ts";
import { type CostRow, type Scales, stepsOf } from "./cost-row.ts";
import { bookedOf, type Entry, entryOf, type History, least, settle, withMovement } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import { queueName } from "./leg.ts";
import { rerun, rewind } from "./running.ts";

/** A movement that was recorded, with the rows of its own event. */
export function recorded(
  history: History,
  move: MovementCommand,
  place: string,
  rows: readonly CostRow[],
  scales: Scales,
): History {
  const day = rows[0]?.date ?? move.data.effectiveDate;
  const entry: Entry = { move, day, legs: [], booked: bookings(rows, move.data.lot, scales) };
  const placed = withMovement(history, place, entry, scales);
  const isLast = history.stale === undefined && (history.movements.maxKey() ?? "") < place;
  if (!isLast) return { ...placed, stale: least(history.stale, place) };
  const from = { ...rewind(history, place), later: [[place, entry] as const] };
  const run = rerun(placed, from, scales);
  invariant("ran" in run, `${move.data.movement} takes what is not there`);
  const [movements, apart] = [draftOf(placed.movements), draftOf(placed.apart)];
  const changed = [[place, entry] as const, ...run.ran].map(([at, one]) => settle(movements, apart, at, one));
  const settledAt = changed.slice(1).every((isPlain) => isPlain) ? placed.settledAt : null;
  return { ...placed, movements, queues: from.stock.close(), apart, settledAt };
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
