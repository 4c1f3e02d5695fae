/**
 * One item's stock at all its locations: none goes below zero at any point of its costing order, no figure has more
 * decimals than its scale, and every movement carries its cost rows, late ones those of the movements after them too.
 */
import { invariant } from "../kernel/assert.ts";
import { accept, type Decider, type Decision, refuse } from "../kernel/decider.ts";
import { isDecimalText, textOfSteps } from "../kernel/decimal.ts";
import { emptyMap } from "../kernel/sorted-map.ts";
import { acceptAll, withinLimit } from "./approving.ts";
import { cancelledIn, cancelling } from "./cancelling.ts";
import { noHistory } from "./history.ts";
import type { ItemCommand, ItemRefusal } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import { DIGITS_MAX, type Registered } from "./item-refusals.ts";
import { askedBy, cancellingOf, isMovement, movedBy } from "./movement-events.ts";
import { booked, recorded } from "./recorded.ts";
import { recording, redating } from "./recording.ts";
import { planned } from "./running.ts";
import { stockOnHand } from "./stock.ts";
import { takenUp, takingUp } from "./taking-up.ts";
import { unrun } from "./unrun.ts";
import { commandOf, valuedBy, valuing } from "./valuing.ts";

export type Item = Readonly<{ status: "Unregistered" }> | Registered;

/** Counts on whenever `evolve` makes another state of the same events: states that were kept are of no use then. */
export const FOLD = 2;

/** One stream an item, whose name never changes. */
export const itemStream = (book: string, item: string): string => `${book}.item-${item}`;

const initial: Item = { status: "Unregistered" };

function evolve(item: Item, event: ItemEvent): Item {
  if (event.type === "ItemRegistered")
    return {
      ...event.data,
      status: "Registered",
      active: true,
      events: 1,
      lot: null,
      history: noHistory,
      facts: emptyMap(),
    };
  invariant(item.status === "Registered", `${event.type} before the item was registered`);
  const next = { ...item, events: item.events + 1 };
  switch (event.type) {
    case "ItemRenamed":
      return { ...next, name: event.data.name };
    case "ItemDeactivated":
      return { ...next, active: false };
    case "CorrectionApproved":
      return next;
    case "CostingPolicyTakenUp":
      return takenUp(item, event.data);
    case "CostRowsContinued":
      return { ...next, history: booked(item.history, event.data.rows, item.lot, item) };
    case "MovementCancelled":
      return { ...next, history: cancelledIn(item, event.data.cancelled) };
    case "ReceiptInvoiced":
    case "ReceiptCostAdded":
    case "ValueFactCancelled":
      return { ...next, ...valuedBy(item, event) };
    case "MovementsRecosted":
      return { ...next, history: booked(item.history, event.data.rows, event.data.lot, item) };
    case "MovementPlacedBefore":
      return { ...next, before: event.data.count };
    default: {
      const { lot, rows } = event.data;
      const { before, ...settled } = next;
      const move = { ...movedBy(event), before };
      const inTurn = unrun(item, move);
      return { ...settled, lot, history: recorded(item.history, inTurn, rows, item) };
    }
  }
}

function decide(command: ItemCommand, item: Item): Decision<ItemEvent, ItemRefusal, Item> {
  if (command.type === "RegisterItem") {
    if (item.status === "Registered") return refuse({ name: "ItemAlreadyRegistered" });
    return accept({ type: "ItemRegistered", data: command.data });
  }
  if (item.status === "Unregistered") return refuse({ name: "ItemNotRegistered" });
  switch (command.type) {
    case "RedateCosts":
      return redating(command.data, item, command.openFrom);
    // Bills go on coming for what is no longer in use.
    case "InvoiceReceipt":
    case "AddReceiptCost":
    case "CancelValueFact":
      return valuing(command, item);
  }
  if (!item.active) return refuse({ name: "ItemDeactivated" });
  if (command.type === "RenameItem") return accept({ type: "ItemRenamed", data: command.data });
  if (command.type === "DeactivateItem") return deactivation(command.data.item, item);
  const { item: ready, events } = takingUp(command, item);
  const decided = command.type === "CancelMovement" ? cancelling(command, ready) : recording(command, ready);
  return decided.ok ? { ...decided, ...acceptAll([...events, ...decided.events]) } : decided;
}

/** What is worked out from a stated cost may have more digits than the log holds: then it can't be. */
function withinRange(decision: Decision<ItemEvent, ItemRefusal, Item>): typeof decision {
  if (!decision.ok || decision.after?.status !== "Registered") return decision;
  const { history } = decision.after;
  if (!history.entangled && history.counts.size === 0) return decision;
  const rows = decision.events.flatMap(({ data }) => ("rows" in data ? data.rows : []));
  const isHeld = rows.every(({ quantity, value }) => isDecimalText(quantity) && isDecimalText(value));
  return isHeld ? decision : refuse({ name: "ValueOutOfRange", digitsMax: DIGITS_MAX });
}

function deactivation(id: string, item: Registered): Decision<ItemEvent, ItemRefusal, Item> {
  const held = stockOnHand(planned(item.history, item).queues);
  if (!held) return accept({ type: "ItemDeactivated", data: { item: id } });
  const onHand = textOfSteps(held.units, item.quantityScale);
  return refuse({ name: "StockOnHand", location: held.area, onHand });
}

function recall(first: ItemEvent, ...next: readonly ItemEvent[]): ItemCommand {
  const [second, ...others] = next;
  switch (first.type) {
    case "CorrectionApproved":
      invariant(second !== undefined, "nothing was approved");
      return { ...recall(second, ...others), approvedBy: first.data.approvedBy };
    case "CostingPolicyTakenUp":
      invariant(second !== undefined, "nothing was decided by a policy");
      return { ...recall(second, ...others), costing: first.data };
    case "MovementPlacedBefore":
      invariant(second !== undefined && isMovement(second), "nothing was placed before a count");
      return { ...askedBy(second), before: first.data.count } as ItemCommand;
    case "MovementCompensated":
      return cancellingOf(first.data);
    case "ItemRegistered":
      return { type: "RegisterItem", data: first.data, today: "" };
    case "ItemRenamed":
      return { type: "RenameItem", data: first.data, today: "" };
    case "ItemDeactivated":
      return { type: "DeactivateItem", data: first.data, today: "" };
    case "MovementsRecosted":
      return {
        type: "RedateCosts",
        data: { item: first.data.item, causedBy: first.data.causedBy },
        today: "",
      };
    case "MovementCancelled":
      return { type: "CancelMovement", data: first.data, today: "" };
    case "ReceiptInvoiced":
    case "ReceiptCostAdded":
    case "ValueFactCancelled":
      return commandOf(first);
    case "CostRowsContinued":
      throw new Error(`Invariant broken: no command begins with ${first.type}`);
    default:
      return askedBy(first);
  }
}

export const item: Decider<ItemCommand, ItemEvent, Item, ItemRefusal> = {
  initial,
  evolve,
  decide: (command, state) => withinLimit(command, withinRange(decide(command, state))),
  recall,
};
