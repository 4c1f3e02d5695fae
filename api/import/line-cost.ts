/** What a line's goods cost, by the value or the unit cost that it states. */
import type { UnitCost } from "../../domain/inventory/item-events.ts";
import { type DecimalText, decimal, decimals, exact, rounded, textOf } from "../../domain/kernel/decimal.ts";
import type { Costed } from "./line-forms.ts";

/** Quantity × unit cost, rounded half away from zero to the currency's scale. */
export function worked({ quantity: many, unitCost: each }: Costed, valueScale: number): DecimalText | null {
  return each === undefined ? null : textOf(rounded(exact(many).times(exact(decimal(each))), valueScale));
}

export const worthOf = (line: Costed, valueScale: number): DecimalText | null =>
  line.value ?? worked(line, valueScale);

/** Exactly, however many decimals it has: 0.005 each is 5.00 for a thousand, where values have two. */
export function unitCostOf(unitCost: string, valueScale: number): UnitCost {
  const each = decimal(unitCost);
  const finer = decimals(each) - valueScale;
  const quantity = decimal(`1${"0".repeat(finer > 0 ? finer : 0)}`);
  return { quantity, value: textOf(exact(each).times(exact(quantity))) };
}
