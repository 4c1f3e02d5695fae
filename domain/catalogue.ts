/**
 * Every event ever written: what each must look like. An auditor starts here. The log is never changed; whoever reads
 * it, reads through `decode`, and whoever writes, has it checked here first. A type that is no longer written will
 * keep its fields here, beside an upcaster to its successor.
 */
import type { CompanyEvents } from "./company/company-events.ts";
import type { ItemEvents } from "./inventory/item-events.ts";
import { itemFields } from "./inventory/item-fields.ts";
import type { LandedCostEvents, LandedCostLine } from "./inventory/landed-cost.ts";
import type { StocktakeEvents } from "./inventory/stocktake-events.ts";
import { stocktakeFields } from "./inventory/stocktake-fields.ts";
import { isDay } from "./kernel/date.ts";
import { isDecimalText } from "./kernel/decimal.ts";
import type { Event, MessageOf, Metadata, Recorded } from "./kernel/event.ts";
import {
  count,
  type Fields,
  id,
  isNameIn,
  listOf,
  matching,
  oneOf,
  orNull,
  scale,
  text,
  wrongField,
} from "./kernel/fields.ts";

/** Add a context's events here: `CompanyEvents & ItemEvents & PurchaseOrderEvents`. */
export type Events = CompanyEvents & ItemEvents & LandedCostEvents & StocktakeEvents;
export type DomainEvent = MessageOf<Events>;
export type StoredType = keyof Events;

const period = { company: id, period: isDay };
const currency = matching(/^[A-Z]{3}$/);

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
  ShortStockAllowed: { company: id, location: id },
  ShortStockForbidden: { company: id, location: id },
  CorrectionLimitSet: { company: id, correctionMax: orNull(isDecimalText) },
  CostingPolicyChanged: { company: id, change: count, policy: oneOf("replay", "freeze"), from: isDay },
  ...itemFields,
  LandedCostAllocated: {
    landedCost: id,
    documentDate: isDay,
    reference: text,
    basis: oneOf("quantity", "weight", "value"),
    amount: isDecimalText,
    lines: listOf<LandedCostLine>({ item: id, receipt: id, weight: isDecimalText, amount: isDecimalText }),
  },
  LandedCostLineRefused: { landedCost: id, line: count, item: id, receipt: id, reason: text },
  ...stocktakeFields,
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
