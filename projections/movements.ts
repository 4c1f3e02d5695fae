/** The movements of an item, in costing order: what was asked. What they cost is in the cost rows. */
import type { Insertable } from "kysely";
import { latest, type OpenFrom } from "../domain/inventory/booking.ts";
import { placeOf } from "../domain/inventory/costing-order.ts";
import type { ItemEvents, MovementEvent } from "../domain/inventory/item-events.ts";
import { phaseOf } from "../domain/inventory/place-in.ts";
import { type Decimal, type DecimalText, exact, textOf, zero } from "../domain/kernel/decimal.ts";
import type { GenerationTables } from "../read-models/schema.ts";
import type { Entry, WholeCommand } from "./entry.ts";

const kindOf = {
  OpeningStockRecorded: "opening",
  GoodsReceived: "receipt",
  GoodsIssued: "issue",
  GoodsTransferred: "transfer",
  GoodsPinned: "pin",
  GoodsUnpinned: "unpin",
  StockAdjusted: "adjustment",
  GoodsReturned: "return",
  UnmatchedGoodsReturned: "return",
  GoodsReturnedToSupplier: "supplierReturn",
  GoodsIssuedAllowingShort: "issue",
  GoodsDispatched: "dispatch",
  GoodsArrived: "arrival",
  StockCounted: "count",
  MovementCompensated: "compensation",
} as const satisfies Readonly<Record<MovementEvent["type"], string>>;

/** What is said of the movement of a command before it: how its quantity was measured, and of whose stock it is. */
type Lead = Readonly<{ measured?: ItemEvents["QuantityMeasured"]; named?: string }>;

export function leadIn(command: WholeCommand): Lead {
  let lead: Lead = {};
  for (const { event } of command)
    if (event.type === "QuantityMeasured") lead = { ...lead, measured: event.data };
    else if (event.type === "ProjectNamed") lead = { ...lead, named: event.data.project };
  return lead;
}

export function movementRow(
  event: MovementEvent,
  seq: bigint,
  openFrom: OpenFrom,
  { measured, named }: Lead,
): Insertable<GenerationTables["movement"]> {
  const { type, data } = event;
  return {
    item: data.item,
    // By seq as by revision: those of one item come in the same order.
    place: placeOf(data, phaseOf(type), seq),
    seq,
    movement: data.movement,
    kind: kindOf[type],
    effective: data.effectiveDate,
    counts_on: latest(data.effectiveDate, openFrom),
    time: data.time,
    ...wayOf(event),
    lot: data.lot,
    project: "project" in data ? data.project : (named ?? null),
    quantity: quantityOf(event),
    measured: measured?.quantity ?? null,
    measured_unit: measured?.unit ?? null,
    purpose: "purpose" in data ? data.purpose : null,
    reference: type === "OpeningStockRecorded" ? null : data.reference,
  };
}

type Way = Pick<Insertable<GenerationTables["movement"]>, "location" | "to_location">;

/** Where it takes goods, and where else it brings them. */
function wayOf({ type, data }: MovementEvent): Way {
  switch (type) {
    case "GoodsTransferred":
      return { location: data.from, to_location: data.to };
    case "GoodsDispatched":
      return { location: data.from, to_location: data.via };
    case "GoodsArrived":
      return { location: data.via, to_location: data.location };
    case "MovementCompensated":
      return { location: data.location, to_location: data.to };
    default:
      return { location: data.location, to_location: null };
  }
}

function quantityOf({ type, data }: MovementEvent): DecimalText {
  if (type === "OpeningStockRecorded") return textOf(data.layers.reduce(sum, zero));
  return type === "StockCounted" ? data.counted : data.quantity;
}

export function cancelledMovement({
  event,
  seq,
}: Entry): Insertable<GenerationTables["cancelled_movement"]> | undefined {
  if (event.type !== "MovementCancelled") return undefined;
  const { item, cancelled: movement, reference } = event.data;
  return { item, movement, seq, reference };
}

const sum = (total: Decimal, layer: { quantity: Parameters<typeof exact>[0] }): Decimal =>
  total.plus(exact(layer.quantity));
