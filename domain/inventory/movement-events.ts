/** A movement as it is stored, and as it was asked. */
import { invariant, unreachable } from "../kernel/assert.ts";
import type { CostRow } from "./cost-row.ts";
import { type History, standing } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { ItemEvent, ItemEvents, MovementEvent } from "./item-events.ts";

/** `move`: with what was fixed when it was decided; a surplus is stored as it was stated. */
export function movementEvent(
  asked: MovementCommand,
  move: MovementCommand,
  rows: readonly CostRow[],
  history: History,
): MovementEvent {
  switch (move.type) {
    case "RecordOpeningStock":
      return { type: "OpeningStockRecorded", data: { ...move.data, rows } };
    case "ReceiveGoods":
      return { type: "GoodsReceived", data: { ...move.data, rows } };
    case "IssueGoods": {
      const { mayGoShort, ...data } = move.data;
      if (!mayGoShort) return { type: "GoodsIssued", data: { ...data, rows } };
      return { type: "GoodsIssuedAllowingShort", data: { ...data, ...mayGoShort, rows } };
    }
    case "TransferGoods":
      return { type: "GoodsTransferred", data: { ...move.data, rows } };
    case "PinGoods":
      return { type: "GoodsPinned", data: { ...move.data, rows } };
    case "UnpinGoods":
      return { type: "GoodsUnpinned", data: { ...move.data, rows } };
    case "AdjustStock":
      return { type: "StockAdjusted", data: { ...(asked.data as typeof move.data), rows } };
    case "ReturnGoods":
      return { type: "GoodsReturned", data: { ...move.data, rows } };
    case "ReturnUnmatchedGoods":
      return { type: "UnmatchedGoodsReturned", data: { ...move.data, rows } };
    case "ReturnToSupplier":
      return { type: "GoodsReturnedToSupplier", data: { ...move.data, rows } };
    case "DispatchGoods":
      return { type: "GoodsDispatched", data: { ...move.data, rows } };
    case "ArriveGoods": {
      const dispatch = standing(history, move.data.dispatch);
      invariant(dispatch?.type === "DispatchGoods", `${move.data.dispatch} is no dispatch`);
      return { type: "GoodsArrived", data: { ...move.data, via: dispatch.data.via, rows } };
    }
    case "CountStock": {
      const { unitCost } = move.data;
      invariant(unitCost !== null, "a count without a unit cost");
      return { type: "StockCounted", data: { ...move.data, unitCost, rows } };
    }
    case "CompensateMovement":
      return { type: "MovementCompensated", data: { ...move.data, rows } };
    default:
      return unreachable(move);
  }
}

/** What a movement's event was asked by; a compensation by a cancelling. */
export function askedBy(event: MovementEvent): MovementCommand {
  const asked = <D extends { effectiveDate: string; rows: unknown }>({ rows: _rows, ...data }: D) => ({
    data,
    today: data.effectiveDate,
  });
  switch (event.type) {
    case "OpeningStockRecorded":
      return { type: "RecordOpeningStock", ...asked(event.data) };
    case "GoodsReceived":
      return { type: "ReceiveGoods", ...asked(event.data) };
    case "GoodsIssued":
      return { type: "IssueGoods", ...asked(event.data) };
    case "GoodsIssuedAllowingShort": {
      const { data, today } = asked(event.data);
      const { statedCost, ...issue } = data;
      return { type: "IssueGoods", data: { ...issue, mayGoShort: { statedCost } }, today };
    }
    case "GoodsTransferred":
      return { type: "TransferGoods", ...asked(event.data) };
    case "GoodsPinned":
      return { type: "PinGoods", ...asked(event.data) };
    case "GoodsUnpinned":
      return { type: "UnpinGoods", ...asked(event.data) };
    case "StockAdjusted":
      return { type: "AdjustStock", ...asked(event.data) };
    case "GoodsReturned":
      return { type: "ReturnGoods", ...asked(event.data) };
    case "UnmatchedGoodsReturned":
      return { type: "ReturnUnmatchedGoods", ...asked(event.data) };
    case "GoodsReturnedToSupplier":
      return { type: "ReturnToSupplier", ...asked(event.data) };
    case "GoodsDispatched":
      return { type: "DispatchGoods", ...asked(event.data) };
    case "GoodsArrived": {
      const { data, today } = asked(event.data);
      const { via: _via, ...arrival } = data;
      return { type: "ArriveGoods", data: arrival, today };
    }
    case "StockCounted":
      return { type: "CountStock", ...asked(event.data) };
    case "MovementCompensated":
      return { type: "CompensateMovement", ...asked(event.data) };
    default:
      return unreachable(event);
  }
}

/** As it was decided: a surplus has the value that its row gave it. */
export function movedBy(event: MovementEvent): MovementCommand {
  const move = askedBy(event);
  if (move.type !== "AdjustStock" || move.data.quantity.startsWith("-")) return move;
  return { ...move, data: { ...move.data, value: event.data.rows[0]?.value ?? null } };
}

/** The cancelling that led to a compensation. */
export const cancellingOf = ({
  item,
  movement,
  compensated,
  effectiveDate,
  reference,
}: ItemEvents["MovementCompensated"]) => ({
  type: "CancelMovement" as const,
  data: { item, cancellation: movement, cancelled: compensated, reference, compensateOn: effectiveDate },
  today: effectiveDate,
});

export const isMovement = (event: ItemEvent): event is MovementEvent => "effectiveDate" in event.data;
