/** Why a movement can't be recorded, in a fixed order: first what can be told without running it. */
import { type DecimalText, decimals, textOfSteps } from "../kernel/decimal.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";
import type { Short } from "./drawing.ts";
import { type History, standing } from "./history.ts";
import type { ItemRefusal, MovementCommand } from "./item-commands.ts";
import type { ItemEvents, UnitCost } from "./item-events.ts";
import { unfitLots, wrongLots } from "./lot-refusals.ts";
import type { LotQuantity } from "./lot-row.ts";
import type { LotFacts, Tracking } from "./lot-tracking.ts";
import type { Factors } from "./other-units.ts";
import { areasOf } from "./place-in.ts";
import { notFound, tooSoon } from "./referring.ts";
import type { KnownFact } from "./value-facts.ts";

/** Only what a decision needs. */
export type Registered = ItemEvents["ItemRegistered"] &
  Readonly<{
    status: "Registered";
    active: boolean;
    /** Events so far: the revision of the next. */
    events: number;
    /** Lot of the last movement, and of whose stock it is, for the rows that continue it. */
    lot: string | null;
    project: string | null;
    history: History;
    /** The count before which the next movement was placed. */
    before?: string;
    /** By name. */
    facts: SortedMap<KnownFact>;
    /** By unit. */
    units: Factors;
    /** Where lots are tracked beside the costs, or are serials. */
    tracking?: Tracking;
    /** By lot, of those that were described. */
    lotFacts?: SortedMap<LotFacts>;
    /** Of whose stock the next movement is. */
    named?: string;
    /** The lots of the next movement. */
    lots?: readonly LotQuantity[];
  }>;

export const DIGITS_MAX = 18;

export function refusalOf(move: MovementCommand, item: Registered): ItemRefusal | undefined {
  const { effectiveDate } = move.data;
  if (effectiveDate > move.today)
    return { name: "EffectiveDateAfterToday", effectiveDate, today: move.today };
  const { openFrom } = move;
  if (openFrom !== undefined && effectiveDate < openFrom)
    return { name: "PeriodClosed", effectiveDate, openFrom };
  const missing = notFound(move, item);
  if (missing) return missing;
  const wrong = wrongLots(move, item) ?? notBefore(move, item) ?? tooSoon(move, item);
  return wrong ?? tooPrecise(move, item) ?? sameLocation(move, item) ?? unfitLots(move, item);
}

function sameLocation(move: MovementCommand, item: Registered): ItemRefusal | undefined {
  const [first, second] = areasOf(move, item.history);
  return first !== undefined && first === second ? { name: "SameLocation", location: first } : undefined;
}

/** The count that a movement is to be placed before: of its day, where it takes or brings goods. */
function notBefore(move: MovementCommand, { history }: Registered): ItemRefusal | undefined {
  const { before } = move;
  if (before === undefined) return undefined;
  const count = standing(history, before);
  const isThere =
    count?.type === "CountStock" &&
    count.data.effectiveDate === move.data.effectiveDate &&
    areasOf(move, history).includes(count.data.location);
  return isThere ? undefined : { name: "CountNotFound", count: before };
}

function tooPrecise(
  move: MovementCommand,
  { quantityScale, valueScale }: Registered,
): ItemRefusal | undefined {
  const amounts: readonly Amount[] = [...amountsOf(move), ...(move.lots ?? [])];
  const quantity = amounts.map((amount) => amount.quantity).find((text) => decimals(text) > quantityScale);
  if (quantity !== undefined) return { name: "QuantityTooPrecise", quantity, scale: quantityScale };
  const value = amounts.flatMap((amount) => amount.value ?? []).find((text) => decimals(text) > valueScale);
  return value === undefined ? undefined : { name: "ValueTooPrecise", value, scale: valueScale };
}

type Amount = Readonly<{ quantity: DecimalText; value?: DecimalText | null }>;

/** Every figure of a movement. */
function amountsOf(move: MovementCommand): readonly Amount[] {
  switch (move.type) {
    case "RecordOpeningStock":
      return move.data.layers;
    case "IssueGoods":
      return [{ quantity: move.data.quantity }, ...stated(move.data.mayGoShort?.statedCost)];
    case "ReturnToSupplier":
      return [{ quantity: move.data.quantity, value: move.data.credit }];
    case "CountStock":
      return [{ quantity: move.data.counted }, ...stated(move.data.unitCost)];
    default:
      return [move.data];
  }
}

const stated = (cost: UnitCost | null | undefined): readonly Amount[] => (cost ? [cost] : []);

/** `leaves`: the recorded movement that would be short, where it is not the one asked for. */
export function insufficient(
  { location, onHand, reserved, requested, uncosted, issue }: Short,
  { quantityScale }: Registered,
  { leaves: of, ...when }: Readonly<{ leaves?: MovementCommand; firstDate?: EffectiveDate }>,
): ItemRefusal {
  const later = of && { movement: of.data.movement, effectiveDate: of.data.effectiveDate };
  const leaves = later && { leavesShort: later };
  if (uncosted) return { name: "NoCostToGoShortAt", location, ...leaves };
  if (issue !== undefined) return { name: "IssueIsShort", issue, location, ...leaves };
  return {
    name: "InsufficientStock",
    location,
    onHand: textOfSteps(onHand, quantityScale),
    reserved: textOfSteps(reserved, quantityScale),
    requested: textOfSteps(requested, quantityScale),
    ...leaves,
    ...when,
  };
}
