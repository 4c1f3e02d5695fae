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
import { type ItemCommand, type ItemRefusal, isValueFact, type MovingCommand } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import { DIGITS_MAX, type Registered } from "./item-refusals.ts";
import { withRedatedLots } from "./lot-days.ts";
import { keepsLots, startOfTracking, trackedFromNow, withLotFacts, withLotsMoved } from "./lot-tracking.ts";
import { movedBy } from "./movement-events.ts";
import { saidInOwnUnit, unitDefinition, withUnit } from "./other-units.ts";
import { planned } from "./planned.ts";
import { recall } from "./recalling.ts";
import { booked, recorded } from "./recorded.ts";
import { recording, redating } from "./recording.ts";
import { stockOnHand } from "./stock.ts";
import { takenUp, takingUp } from "./taking-up.ts";
import { unrun } from "./unrun.ts";
import { valuedBy, valuing } from "./valuing.ts";

export type Item = Readonly<{ status: "Unregistered" }> | Registered;

/** Counts on whenever `evolve` makes another state of the same events: states that were kept are of no use then. */
export const FOLD = 6;

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
      project: null,
      history: noHistory,
      facts: emptyMap(),
      units: emptyMap(),
    };
  invariant(item.status === "Registered", `${event.type} before the item was registered`);
  return withLotsMoved(evolved(item, event), event);
}

function evolved(item: Registered, event: Exclude<ItemEvent, { type: "ItemRegistered" }>): Registered {
  const next = { ...item, events: item.events + 1 };
  switch (event.type) {
    case "ItemRenamed":
      return { ...next, name: event.data.name };
    case "ItemDeactivated":
      return { ...next, active: false };
    case "ItemUnitDefined":
      return { ...next, units: withUnit(item, event.data) };
    case "CorrectionApproved":
    case "QuantityMeasured":
    case "LotsMoved":
    case "FirstReceiptsTold":
      return next;
    case "LotsTracked":
      return { ...next, tracking: trackedFromNow(event.data) };
    case "LotDescribed":
      return withLotFacts(next, event.data);
    case "LotsNamed":
      return { ...next, lots: event.data.lots };
    case "CostingPolicyTakenUp":
      return takenUp(item, event.data);
    case "ProjectNamed":
      return { ...next, named: event.data.project };
    case "CostRowsContinued":
      return { ...next, history: booked(item.history, event.data.rows, item, item) };
    case "CostRowsOfProject": {
      const { project, rows } = event.data;
      return { ...next, history: booked(item.history, rows, { lot: item.lot, project }, item) };
    }
    case "MovementCancelled":
      return { ...next, history: cancelledIn(item, event.data.cancelled) };
    case "ReceiptInvoiced":
    case "ReceiptCostAdded":
    case "ValueFactCancelled":
      return { ...next, ...valuedBy(item, event) };
    case "MovementsRecosted":
      return { ...next, history: booked(item.history, event.data.rows, event.data, item) };
    case "MovementPlacedBefore":
      return { ...next, before: event.data.count };
    default: {
      const { lot, rows } = event.data;
      const { before, lots, named: project, ...settled } = next;
      const move = { ...movedBy(event), before, ...(lots && { lots }), ...(project && { project }) };
      const inTurn = unrun(item, move);
      return {
        ...settled,
        lot,
        project: project ?? null,
        history: recorded(item.history, inTurn, rows, item),
      };
    }
  }
}

function decide(command: ItemCommand, item: Item): Decision<ItemEvent, ItemRefusal, Item> {
  if (command.type === "RegisterItem") {
    if (item.status === "Registered") return refuse({ name: "ItemAlreadyRegistered" });
    return accept({ type: "ItemRegistered", data: command.data });
  }
  if (item.status === "Unregistered") return refuse({ name: "ItemNotRegistered" });
  if (command.type === "RedateCosts") return redating(command.data, item, command.openFrom);
  // Bills go on coming for what is no longer in use.
  if (!item.active && !isValueFact(command)) return refuse({ name: "ItemDeactivated" });
  switch (command.type) {
    case "RenameItem":
      return accept({ type: "ItemRenamed", data: command.data });
    case "DeactivateItem":
      return deactivation(command.data.item, item);
    case "DefineUnit": {
      const defined = unitDefinition(command.data, item);
      return "name" in defined ? refuse(defined) : accept(defined);
    }
    case "TrackLots": {
      const started = startOfTracking(item, command.data);
      return "name" in started ? refuse(started) : accept(started);
    }
    case "DescribeLot":
      if (!keepsLots(item)) return refuse({ name: "LotNotKept" });
      return accept({ type: "LotDescribed", data: command.data });
    default:
      return led(command, item);
  }
}

/** With what stands before it: that the item took up a policy, and how a quantity was said. */
function led(command: MovingCommand, item: Registered): Decision<ItemEvent, ItemRefusal, Registered> {
  const said = saidInOwnUnit(command, item);
  if ("name" in said) return refuse(said);
  const { item: ready, events } = takingUp(said.command, item);
  const lead = [...events, ...said.events];
  const ran = decideLed(said.command, { ...ready, events: ready.events + said.events.length });
  const decided = withRedatedLots(ran, command);
  return decided.ok ? { ...decided, ...acceptAll([...lead, ...decided.events]) } : decided;
}

function decideLed(command: MovingCommand, item: Registered): Decision<ItemEvent, ItemRefusal, Registered> {
  if (isValueFact(command)) return valuing(command, item);
  return command.type === "CancelMovement" ? cancelling(command, item) : recording(command, item);
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

export const item: Decider<ItemCommand, ItemEvent, Item, ItemRefusal> = {
  initial,
  evolve,
  decide: (command, state) => withinLimit(command, withinRange(decide(command, state))),
  recall,
};
