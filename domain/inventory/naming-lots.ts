/** The lots of a movement as they are recorded: in an event that stands before the movement's own. */
import { standing } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";
import { lotsOf, quantityOf } from "./lot-row.ts";
import { referredBy } from "./place-in.ts";
import { isPinning } from "./project-stock.ts";

/**
 * A single lot may be said as that of an item costed by lot is, but for a count, of which nobody would know whether it is of one lot or of
 * all. What goes back or on as a whole, or of a single lot, is of the lots that it was of.
 */
export function withLots(asked: MovementCommand, { tracking, costBy, history }: Registered): MovementCommand {
  if (!tracking || costBy === "lot" || asked.lots || asked.type === "CompensateMovement" || isPinning(asked))
    return asked;
  const { lot } = asked.data;
  if (lot !== null && asked.type !== "CountStock") {
    const lots = [{ lot, quantity: quantityOf(asked) }];
    return { ...asked, lots, data: { ...asked.data, lot: null } } as MovementCommand;
  }
  const referred = standing(history, referredBy(asked) ?? "");
  if (lot !== null || !referred) return asked;
  const [quantity, were] = [quantityOf(asked), lotsOf(referred)];
  if (quantity === quantityOf(referred)) return { ...asked, lots: were };
  const [only, ...others] = were;
  return only && others.length === 0 ? { ...asked, lots: [{ lot: only.lot, quantity }] } : asked;
}

export function lotsNamed({ lots, data: { item, movement } }: MovementCommand): readonly ItemEvent[] {
  return lots?.length ? [{ type: "LotsNamed", data: { item, movement, lots } }] : [];
}
