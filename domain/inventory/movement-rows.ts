/** The cost rows of a movement that was found to be possible. */
import { invariant, unreachable } from "../kernel/assert.ts";
import { type DecimalText, exact, negated } from "../kernel/decimal.ts";
import { type CostRow, queueOf } from "./cost-row.ts";
import { arrivalRow, drawRows, moveRows, openingRows, surplusValue } from "./draw.ts";
import type { MovementCommand } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";

export function rowsOf(move: MovementCommand, { queues, valueScale }: Registered): readonly CostRow[] {
  const { movement, effectiveDate, lot } = move.data;
  const of = { movement, date: effectiveDate };
  const drawn = (area: string, quantity: DecimalText) =>
    drawRows(of, area, queueOf(queues, area, lot), quantity, valueScale);
  switch (move.type) {
    case "RecordOpeningStock":
      return openingRows(of, move.data.location, move.data.layers);
    case "ReceiveGoods":
      return [arrivalRow(of, move.data.location, move.data)];
    case "IssueGoods":
      return drawn(move.data.location, move.data.quantity);
    case "TransferGoods":
      return moveRows(drawn(move.data.from, move.data.quantity), move.data.to);
    case "AdjustStock": {
      const { location, quantity } = move.data;
      if (exact(quantity).lt(0)) return drawn(location, negated(quantity));
      const value = move.data.value ?? surplusValue(queueOf(queues, location, lot), quantity, valueScale);
      invariant(value !== undefined, "a surplus without a value");
      return [arrivalRow(of, location, { quantity, value })];
    }
    default:
      return unreachable(move);
  }
}
