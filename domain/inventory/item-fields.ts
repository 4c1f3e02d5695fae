/** What the stored data of an item's events must look like: of the catalogue. */
import { isDay } from "../kernel/date.ts";
import { isDecimalText } from "../kernel/decimal.ts";
import {
  count,
  type Fields,
  flag,
  id,
  layerName,
  listOf,
  matching,
  noneOr,
  objectOf,
  oneOf,
  orNull,
  scale,
  text,
  time,
} from "../kernel/fields.ts";
import type { CostRow } from "./cost-row.ts";
import type { ItemEvents, OpeningLayer, UnitCost } from "./item-events.ts";
import type { LotQuantity, LotRow } from "./lot-row.ts";
import type { Foreign } from "./value-facts.ts";

const rows = listOf<CostRow>({
  movement: id,
  layer: layerName,
  area: id,
  date: isDay,
  quantity: isDecimalText,
  value: isDecimalText,
});
type Told = ItemEvents["FirstReceiptsTold"]["layers"][number];
const layers = listOf<OpeningLayer>({ quantity: isDecimalText, value: isDecimalText, receivedOn: isDay });

const movement = {
  item: id,
  movement: id,
  effectiveDate: isDay,
  time: orNull(time),
  lot: orNull(id),
  rows,
};
const quantity = isDecimalText;
const reference = orNull(text);
const purpose = oneOf("sale", "project", "production", "other");
const unitCost = objectOf<UnitCost>({ quantity: isDecimalText, value: isDecimalText });
const currency = matching(/^[A-Z]{3}$/);
const valueFact = { item: id, fact: id, documentDate: isDay, reference: text };
const priced = {
  amount: isDecimalText,
  exchangeDifference: isDecimalText,
  foreign: orNull(
    objectOf<Foreign>({
      currency,
      amount: isDecimalText,
      receiptRate: isDecimalText,
      documentRate: isDecimalText,
    }),
  ),
};

/** A type that is missing here, or a field of it, does not compile. */
export const itemFields: { readonly [Type in keyof ItemEvents]: Fields<ItemEvents[Type]> } = {
  ItemRegistered: {
    item: id,
    name: text,
    unit: text,
    quantityScale: scale,
    valueScale: scale,
    costBy: oneOf("fifo", "lot"),
  },
  ItemRenamed: { item: id, name: text },
  ItemDeactivated: { item: id },
  ItemUnitDefined: { item: id, unit: text, quantity, equals: quantity },
  QuantityMeasured: { item: id, of: id, quantity, unit: text },
  OpeningStockRecorded: { ...movement, location: id, layers },
  GoodsReceived: { ...movement, location: id, quantity, value: isDecimalText, reference },
  GoodsIssued: {
    ...movement,
    location: id,
    quantity,
    purpose,
    reference: text,
  },
  GoodsTransferred: { ...movement, from: id, to: id, quantity, reference },
  GoodsPinned: { ...movement, location: id, project: id, quantity, reference },
  GoodsUnpinned: { ...movement, location: id, project: id, quantity, reference },
  StockAdjusted: { ...movement, location: id, quantity, value: orNull(isDecimalText), reference },
  GoodsReturned: { ...movement, issue: id, location: id, quantity, reference },
  GoodsIssuedAllowingShort: {
    ...movement,
    location: id,
    quantity,
    purpose,
    reference: text,
    statedCost: orNull(unitCost),
  },
  UnmatchedGoodsReturned: {
    ...movement,
    location: id,
    quantity,
    value: isDecimalText,
    approvedBy: text,
    reference,
  },
  GoodsReturnedToSupplier: {
    ...movement,
    receipt: orNull(id),
    location: id,
    quantity,
    credit: isDecimalText,
    uninvoiced: flag,
    reference,
  },
  GoodsDispatched: { ...movement, from: id, via: id, to: id, quantity, reference },
  GoodsArrived: { ...movement, dispatch: id, via: id, location: id, quantity, reference },
  StockCounted: {
    ...movement,
    rows: noneOr(rows),
    location: id,
    counted: quantity,
    unitCost,
    stocktake: orNull(id),
    reference,
  },
  MovementCompensated: {
    ...movement,
    compensated: id,
    location: id,
    to: orNull(id),
    quantity,
    reference: text,
  },
  CorrectionApproved: { item: id, causedBy: id, approvedBy: text },
  CostingPolicyTakenUp: { item: id, change: count, policy: oneOf("replay", "freeze") },
  MovementPlacedBefore: { item: id, movement: id, count: id },
  MovementCancelled: { item: id, cancellation: id, cancelled: id, reference: text },
  ProjectNamed: { item: id, movement: id, project: id },
  CostRowsContinued: { item: id, movement: id, rows },
  CostRowsOfProject: { item: id, movement: id, project: id, rows },
  ReceiptInvoiced: { ...valueFact, receipt: id, quantity, ...priced },
  ReceiptCostAdded: {
    ...valueFact,
    receipt: id,
    kind: oneOf("landedCost", "creditNote", "rebate", "correction"),
    ...priced,
  },
  ValueFactCancelled: { ...valueFact, cancelled: id },
  MovementsRecosted: { item: id, causedBy: id, lot: orNull(id), project: orNull(id), rows },
  FirstReceiptsTold: {
    item: id,
    causedBy: id,
    layers: listOf<Told>({ layer: layerName, receivedOn: isDay }),
  },
  LotsTracked: { item: id, serials: flag },
  LotsNamed: { item: id, movement: id, lots: listOf<LotQuantity>({ lot: id, quantity }) },
  LotsMoved: {
    item: id,
    causedBy: id,
    moved: listOf<LotRow>({ movement: id, lot: id, area: id, date: isDay, quantity }),
  },
  LotDescribed: { item: id, lot: id, expiresOn: orNull(isDay), supplierLot: orNull(text) },
};
