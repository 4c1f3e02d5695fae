/** Movements of an item "rod", asked for and recorded, as short as a test can say them. */
import type { CostRow } from "../../domain/inventory/cost-row.ts";
import type { ItemCommand, ItemCommands } from "../../domain/inventory/item-commands.ts";
import type { ItemEvent, ItemEvents } from "../../domain/inventory/item-events.ts";
import type { DecimalText } from "../../domain/kernel/decimal.ts";

export const today = "2026-03-31";
export const day = "2026-03-01";
export const d = (text: string) => text as DecimalText;

export const rod = {
  item: "rod",
  name: "Rod",
  unit: "m",
  quantityScale: 1,
  valueScale: 2,
  costBy: "fifo",
} as const;
export const registered: ItemEvent = { type: "ItemRegistered", data: rod };
export const byLot: ItemEvent = { type: "ItemRegistered", data: { ...rod, costBy: "lot" } };
export const deactivated: ItemEvent = { type: "ItemDeactivated", data: { item: "rod" } };

/** What may differ from a movement of 1 March without time, lot or reference. */
type But = Partial<{ effectiveDate: string; time: string; lot: string; location: string; reference: string }>;
const about = (movement: string, but: But) => ({
  item: "rod",
  movement,
  effectiveDate: day,
  time: null,
  lot: null,
  ...but,
});
const at = { location: "A" };
const plain = { reference: null };

const opening = (movement: string, layers: readonly (readonly [string, string])[], but: But = {}) => {
  const brought = layers.map(([quantity, value]) => ({
    quantity: d(quantity),
    value: d(value),
    receivedOn: "2025-11-30",
  }));
  return { ...at, ...about(movement, but), layers: brought };
};
const receipt = (movement: string, quantity: string, value: string, but: But = {}) => ({
  ...at,
  ...plain,
  ...about(movement, but),
  quantity: d(quantity),
  value: d(value),
});
const issue = (movement: string, quantity: string, but: But = {}) => ({
  ...at,
  purpose: "sale" as const,
  reference: "SO-1",
  ...about(movement, but),
  quantity: d(quantity),
});
const transfer = (movement: string, quantity: string, from = "A", to = "B", but: But = {}) => ({
  ...plain,
  ...about(movement, but),
  quantity: d(quantity),
  from,
  to,
});
const adjustment = (movement: string, quantity: string, value: string | null, but: But = {}) => ({
  ...at,
  ...plain,
  ...about(movement, but),
  quantity: d(quantity),
  value: value === null ? null : d(value),
});

export const RecordOpeningStock = (...of: Parameters<typeof opening>) =>
  ({ type: "RecordOpeningStock", data: opening(...of), today }) as const;
export const ReceiveGoods = (...of: Parameters<typeof receipt>) =>
  ({ type: "ReceiveGoods", data: receipt(...of), today }) as const;
export const IssueGoods = (...of: Parameters<typeof issue>) =>
  ({ type: "IssueGoods", data: issue(...of), today }) as const;
export const TransferGoods = (...of: Parameters<typeof transfer>) =>
  ({ type: "TransferGoods", data: transfer(...of), today }) as const;
export const AdjustStock = (...of: Parameters<typeof adjustment>) =>
  ({ type: "AdjustStock", data: adjustment(...of), today }) as const;
const returning = (movement: string, issue: string, quantity: string, but: But = {}) => ({
  ...at,
  ...plain,
  ...about(movement, but),
  issue,
  quantity: d(quantity),
});
export const ReturnGoods = (...of: Parameters<typeof returning>) =>
  ({ type: "ReturnGoods", data: returning(...of), today }) as const;
/** Of 30 March. */
export const AddReceiptCost = (
  fact: string,
  receipt: string,
  amount: string,
  kind: ItemCommands["AddReceiptCost"]["kind"] = "landedCost",
): ItemCommand => ({
  type: "AddReceiptCost",
  data: {
    ...{ item: "rod", fact, receipt, kind, amount: d(amount), documentDate: "2026-03-30" },
    ...{ reference: "LS-7", foreign: null, exchangeDifference: d("0") },
  },
  today,
});
export const InvoiceReceipt = (
  fact: string,
  receipt: string,
  quantity: string,
  amount: string,
): ItemCommand => ({
  type: "InvoiceReceipt",
  data: {
    ...{ item: "rod", fact, receipt, quantity: d(quantity), amount: d(amount), documentDate: "2026-03-30" },
    ...{ reference: "INV-7", foreign: null, exchangeDifference: d("0") },
  },
  today,
});
export type Move = ReturnType<
  | typeof ReturnGoods
  | typeof RecordOpeningStock
  | typeof ReceiveGoods
  | typeof IssueGoods
  | typeof TransferGoods
  | typeof AdjustStock
>;

const eventTypes = {
  RecordOpeningStock: "OpeningStockRecorded",
  ReceiveGoods: "GoodsReceived",
  IssueGoods: "GoodsIssued",
  TransferGoods: "GoodsTransferred",
  AdjustStock: "StockAdjusted",
  ReturnGoods: "GoodsReturned",
} as const satisfies Partial<Record<keyof ItemCommands, keyof ItemEvents>>;

/** `["R", "A", "-3", "-30"]`: layer, area, quantity, value. */
export type Row = readonly [layer: string, area: string, quantity: string, value: string];
/** The event that a move becomes: what was asked, and these rows. */
export const eventOf = ({ type, data }: Move, ...rows: readonly Row[]): ItemEvent => {
  const { movement, effectiveDate: date } = data;
  const full = rows.map(
    ([layer, area, quantity, value]): CostRow => ({
      movement,
      layer,
      area,
      date,
      quantity: d(quantity),
      value: d(value),
    }),
  );
  return { type: eventTypes[type], data: { ...data, rows: full } } as ItemEvent;
};
export const received = (movement: string, quantity: string, value: string, but: But = {}): ItemEvent =>
  eventOf(ReceiveGoods(movement, quantity, value, but), [movement, but.location ?? "A", quantity, value]);
