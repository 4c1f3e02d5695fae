/**
 * Cost rows (COSTING §1). Nothing but a cost row moves quantity or value: balances, layers and the cost of a
 * movement are sums of rows, so that they tie by construction. A layer has a quantity and a value, never a unit
 * cost: that is how the last unit out takes the last cent.
 */
import { type DecimalText, steps, textOfSteps } from "../kernel/decimal.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import type { Booked } from "./booking.ts";
import { areaOf } from "./leg.ts";

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

/** Decimals of an item's quantities and values. */
export type Scales = Readonly<{ quantityScale: number; valueScale: number }>;

/** Fields in the order of canonical JSON: there may be thousands, and those in order are encoded in a third of the time. */
export const rowsOf = (movement: string, booked: readonly Booked[], scales: Scales): readonly CostRow[] =>
  booked.map(({ layer, queue, date, units, worth }) => ({
    area: areaOf(queue),
    date,
    layer,
    movement,
    quantity: textOfSteps(units, scales.quantityScale),
    value: textOfSteps(worth, scales.valueScale),
  }));

/** What a row moves. */
export const stepsOf = (
  { quantity, value }: Pick<CostRow, "quantity" | "value">,
  { quantityScale, valueScale }: Scales,
): Readonly<{ units: bigint; worth: bigint }> => ({
  units: steps(quantity, quantityScale),
  worth: steps(value, valueScale),
});
