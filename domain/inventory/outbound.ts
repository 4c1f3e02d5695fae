/** Which movements take goods out of an item's stock. */
import type { MovementCommand } from "./item-commands.ts";

export const isLoss = (move: MovementCommand): boolean =>
  move.type === "AdjustStock" && move.data.quantity.startsWith("-");

export const isOutbound = (move: MovementCommand): boolean =>
  move.type === "IssueGoods" || move.type === "ReturnToSupplier" || isLoss(move);
