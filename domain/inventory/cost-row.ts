/**
 * Cost rows (COSTING §1). Nothing but a cost row moves quantity or value: balances, layers and the cost of a
 * movement are sums of rows, so that they tie by construction. A layer has a quantity and a value, never a unit
 * cost: that is how the last unit out takes the last cent.
 */
import { type Decimal, type DecimalText, exact, zero } from "../kernel/decimal.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import { arrive, emptyQueue, type Queue, take } from "./queue.ts";

/** As stored, for ever. */
export type CostRow = Readonly<{
  /** The movement whose cost this is. */
  movement: string;
  layer: string;
  /** Cost area: for now the location, one to one. */
  area: string;
  /** The day it counts on: the movement's effective date, unless that day was closed by then (COSTING §5). */
  date: EffectiveDate;
  /** Signed, in the item's unit, at its quantity scale. */
  quantity: DecimalText;
  /** Signed, in the base currency, at its scale. */
  value: DecimalText;
}>;

/** An item's open layers. A queue that is empty is not there. */
export type Queues = ReadonlyMap<string, Queue>;

/** FIFO runs in an area, or in a lot of it (COSTING §2). Ids hold no space, so names don't meet. */
const queueName = (area: string, lot: string | null): string => (lot === null ? area : `${area} ${lot}`);

export const queueOf = (queues: Queues, area: string, lot: string | null): Queue =>
  queues.get(queueName(area, lot)) ?? emptyQueue;

/** The first area that holds anything, of whatever lot, and how much it holds. */
export function stockOnHand(queues: Queues): { area: string; quantity: Decimal } | undefined {
  const [first] = queues.keys();
  if (first === undefined) return undefined;
  const areaOf = (name: string) => name.split(" ")[0] ?? name;
  const area = areaOf(first);
  const there = [...queues].filter(([name]) => areaOf(name) === area);
  return { area, quantity: there.reduce((sum, [, queue]) => sum.plus(queue.quantity), zero) };
}

/** Folds the rows of one event; its movement is of one lot, or of none. */
export function applyRows(queues: Queues, rows: readonly CostRow[], lot: string | null): Queues {
  const after = new Map(queues);
  for (const { layer: id, area, quantity, value } of rows) {
    const name = queueName(area, lot);
    const queue = after.get(name) ?? emptyQueue;
    const layer = { id, quantity: exact(quantity).abs(), value: exact(value).abs() };
    const moved = quantity.startsWith("-") ? take(queue, layer) : arrive(queue, layer);
    if (moved.front) after.set(name, moved);
    else after.delete(name);
  }
  return after;
}
