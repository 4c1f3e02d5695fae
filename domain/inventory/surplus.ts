/** What a surplus is worth a unit (COSTING §10): as stated, or as the layer last in place; fixed for ever when it is recorded. */
import { exact, isDecimalText, share, steps, textOfSteps } from "../kernel/decimal.ts";
import type { ItemRefusal, MovementCommand } from "./item-commands.ts";
import { DIGITS_MAX, type Registered } from "./item-refusals.ts";
import { queueName } from "./leg.ts";
import { projectOf } from "./project-stock.ts";
import { type Layer, type Stock, youngest } from "./stock.ts";

/** The movement with that. There may be no layer, or its figures may have more digits than the log holds. */
export function valued(
  move: MovementCommand,
  stock: Stock,
  { quantityScale, valueScale }: Registered,
): MovementCommand | ItemRefusal {
  const isFound = move.type === "AdjustStock" && move.data.value === null && exact(move.data.quantity).gt(0);
  const isCounted = move.type === "CountStock" && move.data.unitCost === null;
  if (!isFound && !isCounted) return move;
  const { location, lot } = move.data;
  const layer = youngest(stock.queue(queueName(location, lot, projectOf(move))));
  if (!layer) return { name: "NoLayerToValueSurplus", location };
  const { units, worth } = isFound ? shareOf(layer, steps(move.data.quantity, quantityScale)) : layer;
  const [quantity, value] = [textOfSteps(units, quantityScale), textOfSteps(worth, valueScale)];
  if (!isDecimalText(quantity) || !isDecimalText(value))
    return { name: "ValueOutOfRange", digitsMax: DIGITS_MAX };
  if (isFound) return { ...move, data: { ...move.data, value } };
  return isCounted ? { ...move, data: { ...move.data, unitCost: { quantity, value } } } : move;
}

const shareOf = ({ units, worth }: Layer, some: bigint) => ({
  units: some,
  worth: share(worth, some, units),
});
