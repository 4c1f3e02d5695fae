/**
 * Every event ever written: what each must look like. An auditor starts here. The log is never changed; whoever reads
 * it, reads through `decode`, and whoever writes, has it checked here first. A type that is no longer written will
 * keep its fields here, beside an upcaster to its successor.
 */
import type { CompanyEvents } from "./company/company-events.ts";
import type { CostRow } from "./inventory/cost-row.ts";
import type { ItemEvents, OpeningLayer, UnitCost } from "./inventory/item-events.ts";
import type { LandedCostEvents, LandedCostLine } from "./inventory/landed-cost.ts";
import type { Foreign } from "./inventory/value-facts.ts";
import { isDay } from "./kernel/date.ts";
import { isDecimalText } from "./kernel/decimal.ts";
import type { Event, MessageOf, Metadata, Recorded } from "./kernel/event.ts";
import {
  count,
  type Fields,
  flag,
  id,
  isNameIn,
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
  wrongField,
} from "./kernel/fields.ts";

/** Add a context's events here: `CompanyEvents & ItemEvents & PurchaseOrderEvents`. */
export type Events = CompanyEvents & ItemEvents & LandedCostEvents;
export type DomainEvent = MessageOf<Events>;
export type StoredType = keyof Events;

const rows = listOf<CostRow>({
  movement: id,
  layer: layerName,
  area: id,
  date: isDay,
  quantity: isDecimalText,
  value: isDecimalText,
});
const layers = listOf<OpeningLayer>({ quantity: isDecimalText, value: isDecimalText, receivedOn: isDay });

const movement = {
  item: id,
  movement: id,
  effectiveDate: isDay,
  time: orNull(time),
  lot: orNull(id),
  rows,
};
const period = { company: id, period: isDay };
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
const current: { readonly [Type in keyof Events]: Fields<Events[Type]> } = {
  CompanyFounded: {
    company: id,
    name: text,
    baseCurrency: currency,
    valueScale: scale,
    timeZone: text,
    fiscalYearStart: matching(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/),
  },
  PeriodClosing: { ...period, openFrom: isDay },
  PeriodClosed: { ...period, openFrom: isDay },
  PeriodReopened: { ...period, reason: text, openFrom: isDay },
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
  MovementPlacedBefore: { item: id, movement: id, count: id },
  MovementCancelled: { item: id, cancellation: id, cancelled: id, reference: text },
  CostRowsContinued: { item: id, movement: id, rows },
  ReceiptInvoiced: { ...valueFact, receipt: id, quantity, ...priced },
  ReceiptCostAdded: {
    ...valueFact,
    receipt: id,
    kind: oneOf("landedCost", "creditNote", "rebate", "correction"),
    ...priced,
  },
  ValueFactCancelled: { ...valueFact, cancelled: id },
  LandedCostAllocated: {
    landedCost: id,
    documentDate: isDay,
    reference: text,
    basis: oneOf("quantity", "weight", "value"),
    amount: isDecimalText,
    lines: listOf<LandedCostLine>({ item: id, receipt: id, weight: isDecimalText, amount: isDecimalText }),
  },
  LandedCostLineRefused: { landedCost: id, line: count, item: id, receipt: id, reason: text },
  MovementsRecosted: { item: id, causedBy: id, lot: orNull(id), project: orNull(id), rows },
};

const metadata: Fields<Metadata> = {
  commandId: text,
  commandHash: text,
  part: count,
  of: count,
  recordedAt: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  actor: text,
  correlationId: text,
  causationId: text,
};

/** Stops the projector and turns readiness red; nothing is ever skipped. */
export class UndecodableEvent extends Error {}

/** The event as the domain knows it today. Throws `UndecodableEvent`, naming stream, revision, type and field. */
export function decode(stored: Event & Partial<Pick<Recorded, "stream" | "revision">>): DomainEvent {
  const { type, data } = stored;
  const fields = isNameIn(current, type) ? current[type] : undefined;
  const wrong = fields ? wrongField(data, fields) : "type";
  if (wrong !== undefined) throw undecodable(stored, wrong);
  return { type, data } as DomainEvent;
}

/** `decode`, and that its metadata says which command it belongs to. What is read from the log passes here. */
export function decodeRecorded(stored: Recorded): DomainEvent {
  const wrong = wrongField(stored.metadata, metadata);
  if (wrong !== undefined) throw undecodable(stored, `metadata ${wrong}`);
  if (stored.metadata.part > stored.metadata.of) throw undecodable(stored, "metadata part");
  return decode(stored);
}

function undecodable(
  { type, stream = "a new event", revision }: Parameters<typeof decode>[0],
  wrong: string,
): UndecodableEvent {
  return new UndecodableEvent(`${stream} ${revision ?? ""}: ${type} with a wrong ${wrong}`);
}
