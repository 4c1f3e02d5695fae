/**
 * An item takes up the company's costing policy with the first movement, or cancelling, that is decided by it; what was recorded
 * until then keeps its draws. Only the latest change counts: all that is recorded from then on is dated after it.
 */
import type { ItemCommand } from "./item-commands.ts";
import type { ItemEvent, ItemEvents } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";

type Ready = Readonly<{ item: Registered; events: readonly ItemEvent[] }>;

/** Who has not heard of a change does not undo it. */
export function takingUp({ costing }: ItemCommand, item: Registered): Ready {
  const { policy, change } = item.history.policy ?? { policy: "replay", change: 0 };
  if (costing === undefined || costing.change <= change || costing.policy === policy)
    return { item, events: [] };
  const data = { item: item.item, change: costing.change, policy: costing.policy };
  return { item: takenUp(item, data), events: [{ type: "CostingPolicyTakenUp", data }] };
}

export function takenUp(
  item: Registered,
  { change, policy }: ItemEvents["CostingPolicyTakenUp"],
): Registered {
  const { events: revision, history } = item;
  return { ...item, events: revision + 1, history: { ...history, policy: { change, policy, revision } } };
}
