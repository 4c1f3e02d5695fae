/** Where a movement stands in an item's costing order (COSTING §2). */
import type { EffectiveDate } from "../kernel/event.ts";
import { placeOf } from "./costing-order.ts";
import type { MovementCommand, MovementType } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";

const ARRIVALS: readonly string[] = [
  "RecordOpeningStock",
  "ReceiveGoods",
  "OpeningStockRecorded",
  "GoodsReceived",
];

export const phaseOf = (type: MovementCommand["type"] | MovementType): 0 | 1 =>
  ARRIVALS.includes(type) ? 0 : 1;

/** `day`: on which it counts. A return never precedes its issue: it stands right after it at the earliest. */
export function placeIn(
  { events: revision, history }: Registered,
  { type, data }: MovementCommand,
  day: EffectiveDate,
): string {
  const own = placeOf(data, phaseOf(type), { day, revision });
  if (type !== "ReturnGoods") return own;
  const issue = history.places.get(data.issue) ?? "";
  return own > issue ? own : `${issue}/${own}`;
}
