/** What is stored of an item, for ever. */
import type { CostingPolicy } from "../kernel/costing-policy.ts";
import type { DecimalText } from "../kernel/decimal.ts";
import type { EffectiveDate, MessageOf, TimeOfDay } from "../kernel/event.ts";
import type { CostRow } from "./cost-row.ts";
import type { LotQuantity, LotRow } from "./lot-row.ts";
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

/** So many for so much: what a unit costs, exactly. */
export type UnitCost = Readonly<{ quantity: DecimalText; value: DecimalText }>;

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
  /** So many of `unit` are so many (`equals`) of the item's own, exactly and for ever; both above zero. */
  ItemUnitDefined: { item: string; unit: string; quantity: DecimalText; equals: DecimalText };
  /** How the quantity of the movement after it, or of the invoice, was said, or measured besides, in another unit. `of`: its name. */
  QuantityMeasured: { item: string; of: string; quantity: DecimalText; unit: string };
  OpeningStockRecorded: Movement & { location: string; layers: readonly OpeningLayer[] } & Rows;
  /** `value`: the whole receipt's, in the base currency. */
  GoodsReceived: Movement & Quantity & { location: string; value: DecimalText } & Reference & Rows;
  GoodsIssued: Movement & Quantity & { location: string; purpose: Purpose; reference: string } & Rows;
  GoodsTransferred: Movement & Quantity & { from: string; to: string } & Reference & Rows;
  /** Signed. `value`: a surplus's, as stated; null where it was taken from the open layer last in place. */
  StockAdjusted: Movement & Quantity & { location: string; value: DecimalText | null } & Reference & Rows;
  /** Out of the free stock into the project's own, at its location, and back: what it takes and brings of the free one is in its rows. */
  GoodsPinned: Movement & Quantity & { location: string; project: string } & Reference & Rows;
  GoodsUnpinned: Movement & Quantity & { location: string; project: string } & Reference & Rows;
  /** Of what an issue took, at what it cost. */
  GoodsReturned: Movement & Quantity & { issue: string; location: string } & Reference & Rows;
  /** An issue where a location allows it to take more than lies there. `statedCost`: of what is short, where nothing else tells. */
  GoodsIssuedAllowingShort: Movement &
    Quantity & { location: string; purpose: Purpose; reference: string; statedCost: UnitCost | null } & Rows;
  /** From a customer, and nobody knows of which issue: at a cost that somebody states and another one approves. */
  UnmatchedGoodsReturned: Movement &
    Quantity & { location: string; value: DecimalText; approvedBy: string } & Reference &
    Rows;
  /** `receipt`: null where nobody knows. `credit`: what the supplier gives for them. `uninvoiced`: they never were on a bill. */
  GoodsReturnedToSupplier: Movement &
    Quantity & {
      receipt: string | null;
      location: string;
      credit: DecimalText;
      uninvoiced: boolean;
    } & Reference &
    Rows;
  /** Under way: they lie at `via` until they arrive. */
  GoodsDispatched: Movement & Quantity & { from: string; via: string; to: string } & Reference & Rows;
  /** Of what was dispatched. */
  GoodsArrived: Movement & Quantity & { dispatch: string; via: string; location: string } & Reference & Rows;
  /**
   * So much lay there, whatever the book says: its rows are the variance, of which there may be none. `unitCost`: of a surplus,
   * fixed for ever.
   */
  StockCounted: Movement & {
    location: string;
    counted: DecimalText;
    unitCost: UnitCost;
    stocktake: string | null;
  } & Reference &
    Rows;
  /** Undoes, on an open day, a movement of closed time. `to`: of what came from `location` before, else null. */
  MovementCompensated: Movement &
    Quantity & { compensated: string; location: string; to: string | null; reference: string } & Rows;
  /** Somebody else than who asks says that what comes with it may be corrected by more than the company's limit. */
  CorrectionApproved: { item: string; causedBy: string; approvedBy: string };
  /** What it leads is decided by the company's policy as of that change, as is all that is recorded of the item from then on. */
  CostingPolicyTakenUp: { item: string; change: number; policy: CostingPolicy };
  /** The movement after it was before the count, though it is recorded later. */
  MovementPlacedBefore: { item: string; movement: string; count: string };
  /** As if the movement had never been. `cancellation`: this fact's name. `reference`: why. */
  MovementCancelled: { item: string; cancellation: string; cancelled: string; reference: string };
  /** The movement after it is of the project's stock, as are the rows of its event. */
  ProjectNamed: { item: string; movement: string; project: string };
  /** Rows of the event before it, which would not fit it. */
  CostRowsContinued: { item: string; movement: string } & Rows;
  /** Rows of the movement before it that are of the project's stock, where it is not of that itself: of a pin, or a count. */
  CostRowsOfProject: { item: string; movement: string; project: string } & Rows;
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
  /**
   * When the goods of layers first came that movements brought out of others, where that is not the day of the receipt in their
   * names: of an opening stock's later layers. Said again, this is what holds.
   */
  FirstReceiptsTold: {
    item: string;
    causedBy: string;
    layers: readonly Readonly<{ layer: string; receivedOn: EffectiveDate }>[];
  };
  /** From now on its movements name their lots, though it is costed by FIFO; `serials`: each of which is a single unit. */
  LotsTracked: { item: string; serials: boolean };
  /** Of which lots the movement after it is; of a count, all that was found. */
  LotsNamed: { item: string; movement: string; lots: readonly LotQuantity[] };
  /** What the fact moved, of itself or of counts after it. Of an item costed by lot, its cost rows say that. */
  LotsMoved: { item: string; causedBy: string; moved: readonly LotRow[] };
  /** What is known of a lot. Said again, this is what holds. `expiresOn`: the last day that it is good. */
  LotDescribed: { item: string; lot: string; expiresOn: EffectiveDate | null; supplierLot: string | null };
};
type WithRows = {
  [T in keyof ItemEvents as ItemEvents[T] extends Movement & Rows ? T : never]: ItemEvents[T];
};
export type MovementType = keyof WithRows;

export type ItemEvent = MessageOf<ItemEvents>;
export type MovementEvent = Extract<ItemEvent, { type: MovementType }>;
export type ValueFactEvent = Extract<
  ItemEvent,
  { type: "ReceiptInvoiced" | "ReceiptCostAdded" | "ValueFactCancelled" }
>;
