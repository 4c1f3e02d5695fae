/** What may be asked of an item, and why it may be refused. */
import type { PolicyChange } from "../kernel/costing-policy.ts";
import type { DecimalText } from "../kernel/decimal.ts";
import type { EffectiveDate, MessageOf } from "../kernel/event.ts";
import type { ItemEvents, UnitCost } from "./item-events.ts";
import type { LotQuantity } from "./lot-row.ts";

export type ItemCommands = {
  RegisterItem: ItemEvents["ItemRegistered"];
  RenameItem: ItemEvents["ItemRenamed"];
  DeactivateItem: ItemEvents["ItemDeactivated"];
  DefineUnit: ItemEvents["ItemUnitDefined"];
  RecordOpeningStock: Omit<ItemEvents["OpeningStockRecorded"], "rows">;
  ReceiveGoods: Omit<ItemEvents["GoodsReceived"], "rows">;
  /** `mayGoShort`: where the location allows it, with the cost of what is short where nothing else tells it. */
  IssueGoods: Omit<ItemEvents["GoodsIssued"], "rows"> & {
    mayGoShort?: Pick<ItemEvents["GoodsIssuedAllowingShort"], "statedCost">;
  };
  TransferGoods: Omit<ItemEvents["GoodsTransferred"], "rows">;
  PinGoods: Omit<ItemEvents["GoodsPinned"], "rows">;
  UnpinGoods: Omit<ItemEvents["GoodsUnpinned"], "rows">;
  AdjustStock: Omit<ItemEvents["StockAdjusted"], "rows">;
  ReturnGoods: Omit<ItemEvents["GoodsReturned"], "rows">;
  ReturnUnmatchedGoods: Omit<ItemEvents["UnmatchedGoodsReturned"], "rows">;
  ReturnToSupplier: Omit<ItemEvents["GoodsReturnedToSupplier"], "rows">;
  DispatchGoods: Omit<ItemEvents["GoodsDispatched"], "rows">;
  ArriveGoods: Omit<ItemEvents["GoodsArrived"], "rows" | "via">;
  /** `unitCost`: null for that of the layer last in place. */
  CountStock: Omit<ItemEvents["StockCounted"], "rows" | "unitCost"> & { unitCost: UnitCost | null };
  /** Never asked for as such: what a cancelling of closed time leads to. */
  CompensateMovement: Omit<ItemEvents["MovementCompensated"], "rows">;
  /** `compensateOn`: the day on which it is undone where its own is closed. */
  CancelMovement: ItemEvents["MovementCancelled"] & { compensateOn?: EffectiveDate };
  InvoiceReceipt: ItemEvents["ReceiptInvoiced"];
  AddReceiptCost: ItemEvents["ReceiptCostAdded"];
  CancelValueFact: ItemEvents["ValueFactCancelled"];
  /** Corrections stand on the first open day, or on their own: when that day moves, so do they. */
  RedateCosts: { item: string; causedBy: string };
  TrackLots: ItemEvents["LotsTracked"];
  DescribeLot: ItemEvents["LotDescribed"];
};

/** In another unit than the item's. */
export type Measured = Readonly<{ quantity: DecimalText; unit: string }>;

type Later = Readonly<{ movement: string; effectiveDate: EffectiveDate }>;

/** In the order they are checked. */
export type ItemRefusal =
  | { name: "ItemAlreadyRegistered" | "ItemNotRegistered" | "NothingToRedate" | "ItemDeactivated" }
  | { name: "StockOnHand"; location: string; onHand: DecimalText }
  | { name: "UnitIsTheItemsOwn"; unit: string }
  | { name: "UnitAlreadyDefined"; unit: string; quantity: DecimalText; equals: DecimalText }
  | { name: "UnitNotDefined"; unit: string; defined: readonly string[] }
  | {
      name: "QuantityOffScale";
      quantity: DecimalText;
      unit: string;
      scale: number;
      factor: Readonly<{ quantity: DecimalText; equals: DecimalText }>;
    }
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
  | { name: "LotRequired" | "LotNotKept" | "LotsRequired" }
  | { name: "LotsAlreadyTracked" | "ItemHasMovements" }
  | { name: "MovementNotFound" | "MovementAlreadyCancelled"; movement: string }
  | { name: "OthersDependOnMovement"; movement: string; dependents: readonly string[] }
  | { name: "CountClosed" | "CompensationClosed"; movement: string }
  | { name: "IssueNotFound"; issue: string }
  | { name: "DispatchNotFound"; dispatch: string }
  | { name: "CountNotFound"; count: string }
  | { name: "ReturnBeforeIssue"; effectiveDate: EffectiveDate; issued: EffectiveDate }
  | { name: "ReturnBeforeReceipt"; effectiveDate: EffectiveDate; received: EffectiveDate }
  | { name: "ArrivalBeforeDispatch"; effectiveDate: EffectiveDate; dispatched: EffectiveDate }
  | { name: "UndoneTooSoon"; effectiveDate: EffectiveDate; firstDate: EffectiveDate }
  | { name: "QuantityTooPrecise"; quantity: DecimalText; scale: number }
  | { name: "ValueTooPrecise"; value: DecimalText; scale: number }
  | { name: "SameLocation"; location: string }
  | { name: "LotsDontSumUp"; quantity: DecimalText; lots: DecimalText }
  | { name: "SerialNotOne"; lot: string; quantity: DecimalText }
  | { name: "LotExpired"; lot: string; expiresOn: EffectiveDate; effectiveDate: EffectiveDate }
  /** `before`: what came back of it so far, or arrived. */
  | {
      name: "MoreOfLotThanItMoved";
      lot: string;
      movement: string;
      moved: DecimalText;
      before: DecimalText;
      quantity: DecimalText;
    }
  /** `leavesShort`: the recorded movement after it that would find too little of the lot: its figures. */
  | {
      name: "InsufficientLot";
      location: string;
      lot: string;
      onHand: DecimalText;
      requested: DecimalText;
      leavesShort?: Later;
    }
  /** `location`: where it lies. `leavesShort`: the recorded movement after it that would bring it a second time. */
  | { name: "SerialTaken"; location: string; lot: string; leavesShort?: Later }
  | {
      name: "InsufficientStock";
      location: string;
      onHand: DecimalText;
      reserved: DecimalText;
      requested: DecimalText;
      /** Under `freeze`: at the end of which there would be enough. */
      firstDate?: EffectiveDate;
      /** Where there would be enough for the late movement, but not for this recorded one after it: its figures. */
      leavesShort?: Later;
    }
  | { name: "ReturnedMoreThanIssued"; issued: DecimalText; returned: DecimalText; quantity: DecimalText }
  | { name: "ReturnedMoreThanReceived"; received: DecimalText; returned: DecimalText; quantity: DecimalText }
  | {
      name: "ArrivedMoreThanDispatched";
      dispatched: DecimalText;
      arrived: DecimalText;
      quantity: DecimalText;
    }
  /** Of a receipt of which units went back uninvoiced. */
  | { name: "OthersCantBearIt" }
  | { name: "NoLayerToValueSurplus"; location: string }
  | { name: "NoCostToGoShortAt"; location: string; leavesShort?: Later }
  | { name: "IssueIsShort"; issue: string; location: string; leavesShort?: Later }
  | { name: "ValueOutOfRange"; digitsMax: number }
  | { name: "CorrectionNeedsApproval"; correction: DecimalText; correctionMax: DecimalText };

/**
 * `today` is the day in the company's time zone: the domain reads no clock. `openFrom`: the first day that is not closed,
 * where any is. `costing`: the policy, as the company changed it last. `before`: the count before which a movement was,
 * though it is recorded later. `unit`: of its quantities, if not the item's own. `measured`: how its quantity was measured
 * besides. `lots`: of which it is, of an item that is costed by FIFO and tracks them; each once. `project`: of whose stock it
 * is; of the free one where it says none. `correctionMax`: what recorded movements may cost otherwise without approval, added
 * up by movement; no limit where there is none.
 */
export type Circumstances = Readonly<{
  today: EffectiveDate;
  costing?: Pick<PolicyChange, "change" | "policy"> | undefined;
  openFrom?: EffectiveDate | undefined;
  before?: string | undefined;
  unit?: string | undefined;
  measured?: Measured | undefined;
  lots?: readonly LotQuantity[] | undefined;
  project?: string | undefined;
  correctionMax?: DecimalText | undefined;
  approvedBy?: string | undefined;
}>;
export type ItemCommand = MessageOf<ItemCommands> & Circumstances;
export type ValueFactCommand = Extract<
  ItemCommand,
  { type: "InvoiceReceipt" | "AddReceiptCost" | "CancelValueFact" }
>;
export const isValueFact = (command: ItemCommand): command is ValueFactCommand => "fact" in command.data;
/** What stock is moved or valued by. */
export type MovingCommand =
  | MovementCommand
  | ValueFactCommand
  | Extract<ItemCommand, { type: "CancelMovement" }>;
export type MovementCommand = Extract<ItemCommand, { data: { movement: string } }>;
