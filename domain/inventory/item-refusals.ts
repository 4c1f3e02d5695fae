/** Why a movement can't be recorded, in a fixed order: first what can be told without running it. */
import { type DecimalText, decimals, exact, isDecimalText, steps, textOfSteps } from "../kernel/decimal.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";
import { returnedIn } from "./course.ts";
import { type History, standing } from "./history.ts";
import type { ItemEvents, ItemRefusal, MovementCommand } from "./item-events.ts";
import { queueName } from "./leg.ts";
import { type Short, surplusWorth } from "./legs-of.ts";
import type { Stock } from "./stock.ts";
import type { KnownFact } from "./value-facts.ts";

/** Only what a decision needs. */
export type Registered = ItemEvents["ItemRegistered"] &
  Readonly<{
    status: "Registered";
    active: boolean;
    /** Events so far: the revision of the next. */
    events: number;
    /** Lot of the last movement, for the rows that continue it. */
    lot: string | null;
    history: History;
    /** By name. */
    facts: SortedMap<KnownFact>;
  }>;

const NONE_RESERVED = "0" as DecimalText;
export const DIGITS_MAX = 18;

export function refusalOf(move: MovementCommand, item: Registered): ItemRefusal | undefined {
  const { effectiveDate, lot } = move.data;
  if (effectiveDate > move.today)
    return { name: "EffectiveDateAfterToday", effectiveDate, today: move.today };
  const { openFrom } = move;
  if (openFrom !== undefined && effectiveDate < openFrom)
    return { name: "PeriodClosed", effectiveDate, openFrom };
  const issued = move.type === "ReturnGoods" ? issueOf(item, move.data.issue) : undefined;
  if (move.type === "ReturnGoods" && !issued) return { name: "IssueNotFound", issue: move.data.issue };
  if (item.costBy === "lot" && lot === null) return { name: "LotRequired" };
  if (item.costBy === "fifo" && lot !== null) return { name: "LotNotKept" };
  if (move.type === "ReturnGoods" && issued)
    return tooSoon(move, issued) ?? tooPrecise(move, item) ?? tooMuch(move, issued, item);
  if (move.type === "TransferGoods" && move.data.from === move.data.to)
    return tooPrecise(move, item) ?? { name: "SameLocation", location: move.data.to };
  return tooPrecise(move, item);
}

type Return = Extract<MovementCommand, { type: "ReturnGoods" }>;
type Issue = Extract<MovementCommand, { type: "IssueGoods" }>;

function issueOf({ history }: Registered, issue: string): Issue | undefined {
  const move = standing(history, issue);
  return move?.type === "IssueGoods" ? move : undefined;
}

const tooSoon = ({ data: { effectiveDate } }: Return, { data }: Issue): ItemRefusal | undefined =>
  effectiveDate < data.effectiveDate
    ? { name: "ReturnBeforeIssue", effectiveDate, issued: data.effectiveDate }
    : undefined;

function tooMuch({ data }: Return, { data: issued }: Issue, item: Registered): ItemRefusal | undefined {
  const { issue, quantity } = data;
  const returned = returnedIn(item.history.returns, issue);
  const back = returned + steps(quantity, item.quantityScale);
  if (back <= steps(issued.quantity, item.quantityScale)) return undefined;
  return {
    name: "ReturnedMoreThanIssued",
    issued: issued.quantity,
    returned: textOfSteps(returned, item.quantityScale),
    quantity,
  };
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

/** `of`: the recorded movement that would be short, where it is not the one asked for. */
export function insufficient(
  { location, onHand, requested }: Short,
  { quantityScale }: Registered,
  of?: MovementCommand,
): ItemRefusal {
  const later = of && { movement: of.data.movement, effectiveDate: of.data.effectiveDate };
  return {
    name: "InsufficientStock",
    location,
    onHand: textOfSteps(onHand, quantityScale),
    reserved: NONE_RESERVED,
    requested: textOfSteps(requested, quantityScale),
    ...(later && { leavesShort: later }),
  };
}

/**
 * The movement with its surplus valued, which is fixed for ever when it is recorded: by a layer, of which there may be
 * none, or its share may have more digits than the log holds.
 */
export function valued(
  move: MovementCommand,
  stock: Stock,
  { quantityScale, valueScale }: Registered,
): MovementCommand | ItemRefusal {
  if (move.type !== "AdjustStock" || move.data.value !== null) return move;
  const { location, lot, quantity } = move.data;
  if (exact(quantity).lt(0)) return move;
  const worth = surplusWorth(stock, queueName(location, lot), steps(quantity, quantityScale));
  if (worth === undefined) return { name: "NoLayerToValueSurplus", location };
  const value = textOfSteps(worth, valueScale);
  if (!isDecimalText(value)) return { name: "ValueOutOfRange", digitsMax: DIGITS_MAX };
  return { ...move, data: { ...move.data, value } };
}
