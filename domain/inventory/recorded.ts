/**
 * What the log says of an item's movements, folded: movements with the rows of their own events, and rows recorded beyond.
 * The rules are asked only where that costs no more than the movement itself; else they are run when something is decided.
 */
import { invariant } from "../kernel/assert.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import { type Booked, summed } from "./booking.ts";
import { type CostRow, type Scales, stepsOf } from "./cost-row.ts";
import { withMovement } from "./entering.ts";
import { bookedOf, type Entry, entryOf, type History, type InTurn, least, settle } from "./history.ts";
import { queueName } from "./leg.ts";
import { projectOf } from "./project-stock.ts";
import { rewind } from "./running.ts";
import { runOn } from "./running-on.ts";

/** A movement that was recorded, with the rows of its own event. `unrun`: as it is to be put there. */
export function recorded(
  history: History,
  [turn, unrun]: InTurn,
  rows: readonly CostRow[],
  scales: Scales,
): History {
  const { move } = unrun;
  const entry: Entry = {
    ...unrun,
    booked: bookings(rows, { lot: move.data.lot, project: projectOf(move) }, scales),
  };
  const placed = withMovement(history, turn, entry, scales);
  const isLast = history.stale === undefined && (history.movements.maxKey() ?? "") < turn;
  if (!isLast) return { ...placed, stale: least(history.stale, turn) };
  const from = rewind(history, turn);
  const run = runOn({ before: history, after: placed, turn, from }, scales);
  invariant("history" in run, `${move.data.movement} takes what is not there`);
  const [movements, apart] = [draftOf(run.history.movements), draftOf(placed.apart)];
  const settled = [turn, ...run.changed.filter((at) => at !== turn)].map((at) =>
    settle(movements, apart, at, movements.get(at) ?? entry),
  );
  const settledAt = settled.every((isPlain) => isPlain) ? placed.settledAt : null;
  return { ...run.history, movements, apart, settledAt };
}

/** Rows recorded beyond those of their movement's own event. */
export function booked(history: History, rows: readonly CostRow[], of: Of, scales: Scales): History {
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  let { settledAt } = history;
  for (const [movement, some] of byMovement(rows)) {
    const [turn, entry] = entryOf(history, movement, movements);
    const sum = summed([...bookedOf(entry), ...bookings(some, of, scales)]);
    if (!settle(movements, apart, turn, { ...entry, booked: sum })) settledAt = null;
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

/** Of which lot, and of whose stock, all rows of an event are. */
type Of = Readonly<{ lot: string | null; project: string | null }>;

const bookings = (rows: readonly CostRow[], { lot, project }: Of, scales: Scales): readonly Booked[] =>
  rows.map((row) => ({
    queue: queueName(row.area, lot, project),
    layer: row.layer,
    date: row.date,
    ...stepsOf(row, scales),
  }));
