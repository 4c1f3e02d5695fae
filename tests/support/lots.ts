/** Movements of an item "rod" that name their lots, as short as a test can say them; and what lies where by its lot rows. */
import { expect } from "vitest";
import { type Item, item } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../domain/inventory/item-events.ts";
import { lotRowsIn } from "../../domain/inventory/lot-tracking.ts";
import { answerOf } from "./given.ts";
import { d, registered, today } from "./rod.ts";

/** `{ L1: "3" }`: so much of each. */
export type Lots = Readonly<Record<string, string>>;
export const lotsIn = (lots: Lots) =>
  Object.entries(lots).map(([lot, quantity]) => ({ lot, quantity: d(quantity) }));
export const of = (command: ItemCommand, lots: Lots): ItemCommand => ({ ...command, lots: lotsIn(lots) });

export const TrackLots = (serials = false): ItemCommand => ({
  type: "TrackLots",
  data: { item: "rod", serials },
  today,
});
export const tracked = (serials = false): ItemEvent => ({
  type: "LotsTracked",
  data: { item: "rod", serials },
});
export const DescribeLot = (
  lot: string,
  expiresOn: string | null,
  supplierLot: string | null = null,
): ItemCommand => ({ type: "DescribeLot", data: { item: "rod", lot, expiresOn, supplierLot }, today });

/** Decides one command after the other, each accepted. Beginning with events, of which the first registers the item. */
export function withLots(events: readonly ItemEvent[], ...commands: readonly ItemCommand[]) {
  let state: Item = events.reduce(item.evolve, item.initial);
  const log: ItemEvent[] = [...events];
  for (const command of commands) {
    const decision = item.decide(command, state);
    expect(decision, JSON.stringify(command)).toMatchObject({ ok: true });
    if (!decision.ok) continue;
    state = decision.events.reduce(item.evolve, state);
    log.push(...decision.events);
  }
  return {
    answer: (command: ItemCommand) => answerOf(item.decide(command, state)),
    /** `{ "L1 A": 3 }`: what is left at the end of a day, or of all. */
    lying(until = "9999") {
      const sums: Record<string, number> = {};
      let lot: string | null = null;
      for (const event of log) {
        if ("effectiveDate" in event.data) lot = event.data.lot;
        for (const row of lotRowsIn(event, lot))
          if (row.date <= until) {
            const key = `${row.lot} ${row.area}`;
            sums[key] = (sums[key] ?? 0) + Number(row.quantity);
          }
      }
      return Object.fromEntries(Object.entries(sums).filter(([, left]) => left !== 0));
    },
    and: (...more: readonly ItemCommand[]) => withLots(log, ...more),
  };
}
export const rods = (...commands: readonly ItemCommand[]) => withLots([registered, tracked()], ...commands);
export const serials = (...commands: readonly ItemCommand[]) =>
  withLots([registered, tracked(true)], ...commands);
