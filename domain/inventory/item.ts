/**
 * One item's stock at all its locations: none goes below zero, no figure has more decimals than its scale, and
 * every movement carries its cost rows. For now one that comes late is refused; the recost is a file of its own.
 */
import { invariant, unreachable } from "../kernel/assert.ts";
import { accept, type Decider, type Decision, refuse } from "../kernel/decider.ts";
import { textOf } from "../kernel/decimal.ts";
import { applyRows, type CostRow, stockOnHand } from "./cost-row.ts";
import { type CostingKey, costingKey } from "./costing-order.ts";
import type {
  ItemCommand,
  ItemEvent,
  ItemRefusal,
  MovementCommand,
  MovementEvent,
  MovementType,
} from "./item-events.ts";
import { type Registered, refusalOf } from "./item-refusals.ts";
import { rowsOf } from "./movement-rows.ts";

export type Item = Readonly<{ status: "Unregistered" } | ({ status: "Registered" } & Registered)>;

/** One stream an item, whose name never changes. */
export const itemStream = (book: string, item: string): string => `${book}.item-${item}`;

const initial: Item = { status: "Unregistered" };

/** So many rows of the longest names fit an append with room to spare. */
const ROWS_AN_EVENT_MAX = 1_000;

const eventOf = {
  RecordOpeningStock: "OpeningStockRecorded",
  ReceiveGoods: "GoodsReceived",
  IssueGoods: "GoodsIssued",
  TransferGoods: "GoodsTransferred",
  AdjustStock: "StockAdjusted",
} as const satisfies Readonly<Record<MovementCommand["type"], MovementType>>;

export const phaseOf = (type: MovementType): 0 | 1 =>
  type === "OpeningStockRecorded" || type === "GoodsReceived" ? 0 : 1;

const keyOf = (type: MovementType, data: MovementCommand["data"]): CostingKey =>
  costingKey(data, phaseOf(type));

function evolve(item: Item, event: ItemEvent): Item {
  if (event.type === "ItemRegistered") {
    const none = { latest: "", lot: null, queues: new Map() };
    return { ...event.data, ...none, status: "Registered", active: true };
  }
  invariant(item.status === "Registered", `${event.type} before the item was registered`);
  switch (event.type) {
    case "ItemRenamed":
      return { ...item, name: event.data.name };
    case "ItemDeactivated":
      return { ...item, active: false };
    case "CostRowsContinued":
      return { ...item, queues: applyRows(item.queues, event.data.rows, item.lot) };
    default: {
      const { rows, lot } = event.data;
      const latest = keyOf(event.type, event.data);
      return { ...item, latest, lot, queues: applyRows(item.queues, rows, lot) };
    }
  }
}

function decide(command: ItemCommand, item: Item): Decision<ItemEvent, ItemRefusal> {
  if (command.type === "RegisterItem") {
    if (item.status === "Registered") return refuse({ name: "ItemAlreadyRegistered" });
    return accept({ type: "ItemRegistered", data: command.data });
  }
  if (item.status === "Unregistered") return refuse({ name: "ItemNotRegistered" });
  if (!item.active) return refuse({ name: "ItemDeactivated" });
  switch (command.type) {
    case "RenameItem":
      return accept({ type: "ItemRenamed", data: command.data });
    case "DeactivateItem":
      return deactivation(command.data.item, item);
    default: {
      const refusal = refusalOf(command, keyOf(eventOf[command.type], command.data), item);
      return refusal ? refuse(refusal) : accept(...movement(command, rowsOf(command, item)));
    }
  }
}

function deactivation(id: string, { queues }: Registered): Decision<ItemEvent, ItemRefusal> {
  const held = stockOnHand(queues);
  if (!held) return accept({ type: "ItemDeactivated", data: { item: id } });
  return refuse({ name: "StockOnHand", location: held.area, onHand: textOf(held.quantity) });
}

/** One event, and where its rows are too many for it, others that continue them. */
function movement({ type, data }: MovementCommand, rows: readonly CostRow[]): [ItemEvent, ...ItemEvent[]] {
  const first = { type: eventOf[type], data: { ...data, rows: rows.slice(0, ROWS_AN_EVENT_MAX) } };
  const continued: ItemEvent[] = [];
  for (let from = ROWS_AN_EVENT_MAX; from < rows.length; from += ROWS_AN_EVENT_MAX) {
    const some = rows.slice(from, from + ROWS_AN_EVENT_MAX);
    continued.push({
      type: "CostRowsContinued",
      data: { item: data.item, movement: data.movement, rows: some },
    });
  }
  return [first as MovementEvent, ...continued];
}

function recall(first: ItemEvent): ItemCommand {
  const ofMovement = <D extends { effectiveDate: string; rows: unknown }>({ rows: _rows, ...data }: D) => ({
    data,
    today: data.effectiveDate,
  });
  switch (first.type) {
    case "ItemRegistered":
      return { type: "RegisterItem", data: first.data, today: "" };
    case "ItemRenamed":
      return { type: "RenameItem", data: first.data, today: "" };
    case "ItemDeactivated":
      return { type: "DeactivateItem", data: first.data, today: "" };
    case "OpeningStockRecorded":
      return { type: "RecordOpeningStock", ...ofMovement(first.data) };
    case "GoodsReceived":
      return { type: "ReceiveGoods", ...ofMovement(first.data) };
    case "GoodsIssued":
      return { type: "IssueGoods", ...ofMovement(first.data) };
    case "GoodsTransferred":
      return { type: "TransferGoods", ...ofMovement(first.data) };
    case "StockAdjusted":
      return { type: "AdjustStock", ...ofMovement(first.data) };
    case "CostRowsContinued":
      throw new Error("Invariant broken: no command begins with CostRowsContinued");
    default:
      return unreachable(first);
  }
}

export const item: Decider<ItemCommand, ItemEvent, Item, ItemRefusal> = { initial, evolve, decide, recall };
