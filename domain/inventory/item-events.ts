/** What is stored of an item, for ever, and what may be asked of it. */
import type { DecimalText } from "../kernel/decimal.ts";
import type { EffectiveDate, MessageOf, TimeOfDay } from "../kernel/event.ts";
import type { CostRow } from "./cost-row.ts";
import type { Foreign } from "./value-facts.ts";

export type Purpose = "sale" | "project" | "production" | "other";
/** One queue for all stock of a location, or one a lot (COSTING §13). */
export type CostBy = "fifo" | "lot";

type Movement = {
  item: string;
  /** Derived from the command's id, hence new in the item's history. */
  movement: string;
  effectiveDate: EffectiveDate;
  /** In the company's time zone. Without one a movement comes after those of its day and phase that have one. */
  time: TimeOfDay | null;
  /** Named where the item is costed by lot; elsewhere null. */
  lot: string | null;
};
type Rows = { rows: readonly CostRow[] };
/** Above zero, in the item's unit. */
type Quantity = { quantity: DecimalText };
/** The supplier's or the warehouse's document, where there is one. */
type Reference = { reference: string | null };

/** A layer as the books before this one had it. `receivedOn`: when its goods first came, for ageing. */
export type OpeningLayer = Readonly<{ quantity: DecimalText; value: DecimalText; receivedOn: EffectiveDate }>;

/** What is known of a receipt's value beyond the one it came with. A fact is named after its command. */
type ValueFact = {
  item: string;
  fact: string;
  /** The document's own day: what it says counts on the receipt's. */
  documentDate: EffectiveDate;
  reference: string;
};
type OfReceipt = { receipt: string };
/** `amount`: in the base currency, without taxes that are deducted. Null `foreign`: it came in the base currency. */
type Priced = { amount: DecimalText; foreign: Foreign | null; exchangeDifference: DecimalText };
export type AddedCost = "landedCost" | "creditNote" | "rebate" | "correction";

/** The stored format. Never change or reuse a name: add a type, and an upcaster in the catalogue. */
export type ItemEvents = {
  /** Scales count decimals; `valueScale` is the base currency's. None of these but the name ever changes. */
  ItemRegistered: {
    item: string;
    name: string;
    unit: string;
    quantityScale: number;
    valueScale: number;
    costBy: CostBy;
  };
  ItemRenamed: { item: string; name: string };
  ItemDeactivated: { item: string };
  OpeningStockRecorded: Movement & { location: string; layers: readonly OpeningLayer[] } & Rows;
  /** `value`: the whole receipt's, in the base currency. */
  GoodsReceived: Movement & Quantity & { location: string; value: DecimalText } & Reference & Rows;
  GoodsIssued: Movement & Quantity & { location: string; purpose: Purpose; reference: string } & Rows;
  GoodsTransferred: Movement & Quantity & { from: string; to: string } & Reference & Rows;
  /** Signed. `value`: a surplus's, as stated; null where it was taken from the open layer last in place. */
  StockAdjusted: Movement & Quantity & { location: string; value: DecimalText | null } & Reference & Rows;
  /** Of what an issue took, at what it cost. */
  GoodsReturned: Movement & Quantity & { issue: string; location: string } & Reference & Rows;
  /** As if the movement had never been. `cancellation`: this fact's name. `reference`: why. */
  MovementCancelled: { item: string; cancellation: string; cancelled: string; reference: string };
  /** Rows of the event before it, which would not fit it. */
  CostRowsContinued: { item: string; movement: string } & Rows;
  /** The price of so many of a receipt's units: `amount` for all of them. */
  ReceiptInvoiced: ValueFact & OfReceipt & Quantity & Priced;
  /** Added to a receipt's value; below zero: taken off it. */
  ReceiptCostAdded: ValueFact & OfReceipt & { kind: AddedCost } & Priced;
  /** As if the fact had never been known. `reference`: why. */
  ValueFactCancelled: ValueFact & { cancelled: string };
  /**
   * What earlier recorded movements cost otherwise, since a fact came late: the rows by which what was booked of them
   * falls short of what they ought to be. `causedBy`: the fact, in whose command it is written. All of its rows are of
   * one lot, or of none, and of one project's stock, or of what is free.
   */
  MovementsRecosted: { item: string; causedBy: string; lot: string | null; project: string | null } & Rows;
};
type WithRows = {
  [T in keyof ItemEvents as ItemEvents[T] extends Movement & Rows ? T : never]: ItemEvents[T];
};
export type MovementType = keyof WithRows;

export type ItemCommands = {
  RegisterItem: ItemEvents["ItemRegistered"];
  RenameItem: ItemEvents["ItemRenamed"];
  DeactivateItem: ItemEvents["ItemDeactivated"];
  RecordOpeningStock: Omit<ItemEvents["OpeningStockRecorded"], "rows">;
  ReceiveGoods: Omit<ItemEvents["GoodsReceived"], "rows">;
  IssueGoods: Omit<ItemEvents["GoodsIssued"], "rows">;
  TransferGoods: Omit<ItemEvents["GoodsTransferred"], "rows">;
  AdjustStock: Omit<ItemEvents["StockAdjusted"], "rows">;
  ReturnGoods: Omit<ItemEvents["GoodsReturned"], "rows">;
  CancelMovement: ItemEvents["MovementCancelled"];
  InvoiceReceipt: ItemEvents["ReceiptInvoiced"];
  AddReceiptCost: ItemEvents["ReceiptCostAdded"];
  CancelValueFact: ItemEvents["ValueFactCancelled"];
  /** Corrections stand on the first open day, or on their own: when that day moves, so do they. */
  RedateCosts: { item: string; causedBy: string };
};

/** In the order they are checked. */
export type ItemRefusal =
  | { name: "ItemAlreadyRegistered" | "ItemNotRegistered" | "NothingToRedate" | "ItemDeactivated" }
  | { name: "StockOnHand"; location: string; onHand: DecimalText }
  | { name: "EffectiveDateAfterToday"; effectiveDate: EffectiveDate; today: EffectiveDate }
  | { name: "PeriodClosed"; effectiveDate: EffectiveDate; openFrom: EffectiveDate }
  | { name: "DocumentDateAfterToday"; documentDate: EffectiveDate; today: EffectiveDate }
  | { name: "ReceiptNotFound"; receipt: string }
  | { name: "ValueFactNotFound" | "ValueFactAlreadyCancelled"; fact: string }
  | {
      name: "InvoicedMoreThanReceived";
      received: DecimalText;
      invoiced: DecimalText;
      quantity: DecimalText;
    }
  | { name: "ReceiptValueBelowZero"; value: DecimalText; change: DecimalText }
  | { name: "LotRequired" | "LotNotKept" }
  | { name: "MovementNotFound" | "MovementAlreadyCancelled"; movement: string }
  | { name: "OthersDependOnMovement"; movement: string; dependents: readonly string[] }
  | { name: "IssueNotFound"; issue: string }
  | { name: "ReturnBeforeIssue"; effectiveDate: EffectiveDate; issued: EffectiveDate }
  | { name: "QuantityTooPrecise"; quantity: DecimalText; scale: number }
  | { name: "ValueTooPrecise"; value: DecimalText; scale: number }
  | { name: "SameLocation"; location: string }
  | {
      name: "InsufficientStock";
      location: string;
      onHand: DecimalText;
      reserved: DecimalText;
      requested: DecimalText;
      /** Where there would be enough for the late movement, but not for this recorded one after it: its figures. */
      leavesShort?: Readonly<{ movement: string; effectiveDate: EffectiveDate }>;
    }
  | { name: "ReturnedMoreThanIssued"; issued: DecimalText; returned: DecimalText; quantity: DecimalText }
  | { name: "NoLayerToValueSurplus"; location: string }
  | { name: "ValueOutOfRange"; digitsMax: number };

export type ItemEvent = MessageOf<ItemEvents>;
/**
 * `today` is the day in the company's time zone: the domain reads no clock. `openFrom`: the first day that is not closed,
 * where any is.
 */
export type ItemCommand = MessageOf<ItemCommands> &
  Readonly<{ today: EffectiveDate; openFrom?: EffectiveDate | undefined }>;
export type MovementEvent = Extract<ItemEvent, { type: MovementType }>;
export type ValueFactCommand = Extract<
  ItemCommand,
  { type: "InvoiceReceipt" | "AddReceiptCost" | "CancelValueFact" }
>;
export type ValueFactEvent = Extract<
  ItemEvent,
  { type: "ReceiptInvoiced" | "ReceiptCostAdded" | "ValueFactCancelled" }
>;
export type MovementCommand = Extract<
  ItemCommand,
  {
    type:
      | "RecordOpeningStock"
      | "ReceiveGoods"
      | "IssueGoods"
      | "TransferGoods"
      | "AdjustStock"
      | "ReturnGoods";
  }
>;
