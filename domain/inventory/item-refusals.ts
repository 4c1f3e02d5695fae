/** Why a movement can't be recorded, in a fixed order. What it takes is checked before any row is made. */
import { type DecimalText, decimals, exact, isDecimalText, textOf } from "../kernel/decimal.ts";
import { type Queues, queueOf } from "./cost-row.ts";
import { type CostingKey, timedOf } from "./costing-order.ts";
import { surplusValue } from "./draw.ts";
import type { ItemEvents, ItemRefusal, MovementCommand } from "./item-events.ts";

/** Only what a decision needs. */
export type Registered = ItemEvents["ItemRegistered"] &
  Readonly<{
    active: boolean;
    /** Costing key of the last movement. */
    latest: CostingKey;
    /** Its lot, for the rows that continue it. */
    lot: string | null;
    queues: Queues;
  }>;

const NONE_RESERVED = "0" as DecimalText;
const DIGITS_MAX = 18;

export function refusalOf(move: MovementCommand, key: CostingKey, item: Registered): ItemRefusal | undefined {
  const { effectiveDate, lot } = move.data;
  if (effectiveDate > move.today)
    return { name: "EffectiveDateAfterToday", effectiveDate, today: move.today };
  if (item.costBy === "lot" && lot === null) return { name: "LotRequired" };
  if (item.costBy === "fifo" && lot !== null) return { name: "LotNotKept" };
  if (key < item.latest) {
    const { effectiveDate: recorded, time: recordedTime } = timedOf(item.latest);
    return { name: "BeforeRecordedMovement", effectiveDate, recorded, recordedTime };
  }
  return tooPrecise(move, item) ?? short(move, item) ?? unvalued(move, item);
}

function tooPrecise(
  move: MovementCommand,
  { quantityScale, valueScale }: Registered,
): ItemRefusal | undefined {
  const amounts = move.type === "RecordOpeningStock" ? move.data.layers : [move.data];
  const quantity = amounts.map((amount) => amount.quantity).find((text) => decimals(text) > quantityScale);
  if (quantity !== undefined) return { name: "QuantityTooPrecise", quantity, scale: quantityScale };
  const values = amounts.flatMap((amount) =>
    "value" in amount && amount.value !== null ? [amount.value] : [],
  );
  const value = values.find((text) => decimals(text) > valueScale);
  return value === undefined ? undefined : { name: "ValueTooPrecise", value, scale: valueScale };
}

function short(move: MovementCommand, { queues }: Registered): ItemRefusal | undefined {
  const taken = takenBy(move);
  if (!taken) return undefined;
  const { location, quantity: requested } = taken;
  if (move.type === "TransferGoods" && location === move.data.to) return { name: "SameLocation", location };
  const onHand = queueOf(queues, location, move.data.lot).quantity;
  if (exact(requested).lte(onHand)) return undefined;
  const reserved = NONE_RESERVED;
  return { name: "InsufficientStock", location, onHand: textOf(onHand), reserved, requested };
}

/** What a movement takes from a queue, if it does. */
function takenBy(move: MovementCommand): { location: string; quantity: DecimalText } | undefined {
  switch (move.type) {
    case "IssueGoods":
      return move.data;
    case "TransferGoods":
      return { location: move.data.from, quantity: move.data.quantity };
    case "AdjustStock": {
      const lost = exact(move.data.quantity).negated();
      return lost.gt(0) ? { location: move.data.location, quantity: textOf(lost) } : undefined;
    }
    default:
      return undefined;
  }
}

/** A surplus without a stated value takes a layer's; there may be none, or it may have more digits than the log holds. */
function unvalued(move: MovementCommand, { queues, valueScale }: Registered): ItemRefusal | undefined {
  if (move.type !== "AdjustStock" || move.data.value !== null) return undefined;
  const { location, lot, quantity } = move.data;
  if (exact(quantity).lt(0)) return undefined;
  const value = surplusValue(queueOf(queues, location, lot), quantity, valueScale);
  if (value === undefined) return { name: "NoLayerToValueSurplus", location };
  return isDecimalText(value) ? undefined : { name: "ValueOutOfRange", digitsMax: DIGITS_MAX };
}
