/**
 * A movement that should not have been (COSTING §9). In open time it is as if it had never been: its rows are reversed on
 * their days, and those after it run without it. What is closed, or was recorded under `freeze`, is undone by another movement, on
 * an open day.
 */
import { type Decision, refuse } from "../kernel/decider.ts";
import { isDecimalText, steps } from "../kernel/decimal.ts";
import { acceptAll, approvalOf } from "./approving.ts";
import { claimantsOf, claimOf, mostClaimed } from "./claims.ts";
import { wayBack } from "./compensating.ts";
import { corrected } from "./correcting.ts";
import { withoutMovement } from "./entering.ts";
import { firstReceipts } from "./first-receipts.ts";
import { type Entry, entryNamed, entryOf, type History, least, standing } from "./history.ts";
import type { ItemCommand, ItemRefusal } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import { DIGITS_MAX, insufficient, type Registered } from "./item-refusals.ts";
import { movedLots } from "./lot-ledger.ts";
import { lotsClaimedTwice } from "./lot-refusals.ts";
import { withLotsMoved } from "./lot-tracking.ts";
import { planned, planOf } from "./planned.ts";
import { hasCount, rePlaced } from "./re-placing.ts";
import { recording } from "./recording.ts";
import { isReplayed, turnFrom } from "./turn.ts";

type Cancel = Extract<ItemCommand, { type: "CancelMovement" }>;
type Decided = Decision<ItemEvent, ItemRefusal, Registered>;

export function cancelling(command: Cancel, item: Registered): Decided {
  const { data, openFrom } = command;
  const { cancelled: movement } = data;
  if (!entryNamed(item.history, movement)) return refuse({ name: "MovementNotFound", movement });
  const before = planned(item.history, item);
  const [turn, entry] = entryOf(before, movement);
  if (entry.cancelled || entry.compensated !== undefined)
    return refuse({ name: "MovementAlreadyCancelled", movement });
  const { effectiveDate } = entry.move.data;
  const stands = effectiveDate < (openFrom ?? "") || !isReplayed(before.policy, turn);
  // What was undone later still refers to it: it can't have come of what never was.
  const dependents = [...claimantsOf(before, movement, !stands), ...factsOf(item, movement)];
  if (dependents.length > 0) return refuse({ name: "OthersDependOnMovement", movement, dependents });
  if (stands) return compensating(command, entry, item);

  const without = cancelledIn({ ...item, history: before }, movement);
  const twice = claimedTwice(without, entry, item);
  if (twice.length > 0) return refuse({ name: "OthersDependOnMovement", movement, dependents: twice });
  const lots = movedLots({ before, after: without, from: effectiveDate }, data.cancellation, item);
  if ("name" in lots) return refuse(lots);
  const plan = planOf(without, item);
  if ("below" in plan) return refuse({ name: "OthersCantBearIt" });
  if ("short" in plan) return refuse(insufficient(plan.short, item, { leaves: plan.of }));
  const { history, events } = corrected(plan, [], data.cancellation, item, openFrom);
  const { compensateOn: _compensateOn, ...fact } = data;
  const cancelled: ItemEvent = { type: "MovementCancelled", data: fact };
  const after = [...plan.movements.entries(turnFrom(plan.policy, effectiveDate))].map(([at]) => at);
  const told = firstReceipts(before, plan, after, { item: data.item, causedBy: data.cancellation });
  const decided = acceptAll([...approvalOf(command), cancelled, ...lots, ...events, ...told]);
  const next: Registered = { ...item, history, events: item.events + decided.events.length };
  return { ...decided, after: decided.events.reduce(withLotsMoved, next) };
}

/** A recorded cancelling: those after it have yet to be run again. */
export function cancelledIn(item: Registered, movement: string): History {
  const [turn, entry] = entryOf(item.history, movement);
  const without = withoutMovement(item.history, turn, entry, item);
  const day = entry.move.data.effectiveDate;
  if (hasCount(item.history, day)) return rePlaced(without, day, item);
  return { ...without, stale: least(item.history.stale, turn) };
}

function compensating(
  { data, today, openFrom, approvedBy }: Cancel,
  { move, legs }: Entry,
  item: Registered,
): Decided {
  const { cancelled: compensated, cancellation: movement, reference } = data;
  if (move.type === "CountStock") return refuse({ name: "CountClosed", movement: compensated });
  const way = wayBack(move, item.history);
  // What was taken back of a deficit can't go out again as goods.
  if (!way || (move.type === "ReturnGoods" && legs.some(({ deficit }) => deficit)))
    return refuse({ name: "CompensationClosed", movement: compensated });
  if (!isDecimalText(way.quantity)) return refuse({ name: "ValueOutOfRange", digitsMax: DIGITS_MAX });
  const undoing = { item: data.item, movement, compensated, reference, ...way };
  const when = { effectiveDate: data.compensateOn ?? today, time: null, lot: move.data.lot };
  return recording(
    { type: "CompensateMovement", data: { ...undoing, ...when }, today, openFrom, approvedBy },
    item,
  );
}

/** What would be claimed twice, if what undid a claim had never been. */
function claimedTwice(without: History, { move }: Entry, item: Registered): readonly string[] {
  if (move.type !== "CompensateMovement") return [];
  const claim = claimOf(move, (movement) => entryOf(without, movement)[1].move, item);
  const claimed = claim && standing(without, claim.of);
  if (!claim || !claimed || !("quantity" in claimed.data)) return [];
  const most = mostClaimed(without, claim.of, "");
  if (most > steps(claimed.data.quantity, item.quantityScale)) return claimantsOf(without, claim.of);
  return lotsClaimedTwice(without, move, item);
}

/** The invoices and costs of a receipt that stand. */
function factsOf({ facts }: Registered, receipt: string): readonly string[] {
  return [...facts.entries()].flatMap(([fact, known]) =>
    known.receipt === receipt && !known.cancelled ? [fact] : [],
  );
}
