/** The command that an item's events came of, so that one which a crash cut short can be decided again. */
import { invariant } from "../kernel/assert.ts";
import type { Circumstances, ItemCommand } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import { askedBy, cancellingOf, isMovement } from "./movement-events.ts";
import { commandOf } from "./valuing.ts";

export function recall(first: ItemEvent, ...next: readonly ItemEvent[]): ItemCommand {
  const lead = leadOf(first);
  if (lead) {
    const [second, ...others] = next;
    invariant(second !== undefined, `nothing comes after ${first.type}`);
    return { ...recall(second, ...others), ...lead };
  }
  switch (first.type) {
    case "MovementCompensated":
      return cancellingOf(first.data);
    case "ItemRegistered":
      return { type: "RegisterItem", data: first.data, today: "" };
    case "ItemRenamed":
      return { type: "RenameItem", data: first.data, today: "" };
    case "ItemDeactivated":
      return { type: "DeactivateItem", data: first.data, today: "" };
    case "ItemUnitDefined":
      return { type: "DefineUnit", data: first.data, today: "" };
    case "LotsTracked":
      return { type: "TrackLots", data: first.data, today: "" };
    case "LotDescribed":
      return { type: "DescribeLot", data: first.data, today: "" };
    case "MovementsRecosted":
    case "LotsMoved":
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
    default:
      invariant(isMovement(first), `no command begins with ${first.type}`);
      return askedBy(first);
  }
}

/** What an event says of the command whose other events come after it. */
function leadOf(event: ItemEvent): Partial<Circumstances> | undefined {
  switch (event.type) {
    case "CorrectionApproved":
      return { approvedBy: event.data.approvedBy };
    case "CostingPolicyTakenUp":
      return { costing: event.data };
    case "MovementPlacedBefore":
      return { before: event.data.count };
    case "ProjectNamed":
      return { project: event.data.project };
    case "LotsNamed":
      return { lots: event.data.lots };
    case "QuantityMeasured": {
      const { quantity, unit } = event.data;
      return { measured: { quantity, unit } };
    }
    default:
      return undefined;
  }
}
