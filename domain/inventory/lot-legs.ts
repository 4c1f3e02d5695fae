/** What one movement does to lots where it takes and brings goods, in steps of the item's quantity scale. */
import { steps } from "../kernel/decimal.ts";
import { entryNamed, type History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import { lotsOf } from "./lot-row.ts";
import { isOutbound } from "./outbound.ts";
import { areasOf } from "./place-in.ts";
import { isPinning } from "./project-stock.ts";

/** Signed. */
export type LotLeg = Readonly<{ lot: string; area: string; units: bigint }>;

/** Of any but a count: what that does depends on what lies there. What undoes a movement moves the same lots back. */
export function lotLegs(move: MovementCommand, history: History, quantityScale: number): readonly LotLeg[] {
  if (move.type === "CompensateMovement") {
    const undone = entryNamed(history, move.data.compensated)?.move;
    const legs = undone ? lotLegs(undone, history, quantityScale) : [];
    return legs.map((leg) => ({ ...leg, units: -leg.units }));
  }
  // Which lots of it are pinned, nobody tells.
  if (isPinning(move)) return [];
  const [area = "", to] = areasOf(move, history);
  const leaves = to !== undefined || isOutbound(move);
  return lotsOf(move).flatMap(({ lot, quantity }) => {
    const units = steps(quantity, quantityScale);
    const here = { lot, area, units: leaves ? -units : units };
    return to === undefined ? [here] : [here, { lot, area: to, units }];
  });
}
