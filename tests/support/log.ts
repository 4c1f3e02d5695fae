import { newEvents } from "../../api/commands/idempotency.ts";
import type { DomainEvent } from "../../domain/catalogue.ts";
import type { DecimalText } from "../../domain/kernel/decimal.ts";
import type { NewEvent, Recorded } from "../../domain/kernel/event.ts";

type Streamed = NewEvent & Pick<Recorded, "stream">;

/** A receipt with one row, which need not be one that a decider would write. */
export function moved(item: string, movement: string, date: string, quantity: string, value: string) {
  const worth = { quantity: quantity as DecimalText, value: value as DecimalText };
  const row = { movement, layer: movement, area: "A", date, ...worth };
  const what = { item, movement, effectiveDate: date, time: null, lot: null, location: "A", ...worth };
  return { type: "GoodsReceived" as const, data: { ...what, reference: null, rows: [row] } };
}

export const command = (
  stream: string,
  commandId: string,
  events: readonly DomainEvent[],
  recordedAt = "2026-03-31T12:00:00.000Z",
): readonly Streamed[] =>
  newEvents({ commandId, commandHash: "h", actor: "ada" }, stream, events, recordedAt).map((event) => ({
    ...event,
    stream,
  }));

/** As a log has them: a position each, not one after the other. */
export function recorded(events: readonly Streamed[]): readonly Recorded[] {
  const revisions = new Map<string, bigint>();
  return events.map((event, index) => {
    const revision = revisions.get(event.stream) ?? 0n;
    revisions.set(event.stream, revision + 1n);
    return { ...event, revision, position: BigInt(100 + 10 * index) };
  });
}
