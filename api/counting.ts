/** On which day a recorded row counts: where its own was closed before it in the log, on the first open one (COSTING §5). */
import { latest, type OpenFrom } from "../domain/inventory/booking.ts";
import type { ItemCommand, ItemEvent } from "../domain/inventory/item-events.ts";
import type { Variants } from "./commands/missing-parts.ts";
import type { CompanyView } from "./company.ts";

export const counted =
  (openFromAt: CompanyView["openFromAt"]) =>
  (event: ItemEvent, position: bigint): ItemEvent => {
    const openFrom = openFromAt(position);
    if (openFrom === undefined || !("rows" in event.data)) return event;
    if (event.data.rows.every(({ date }) => date >= openFrom)) return event;
    const rows = event.data.rows.map((row) => ({ ...row, date: latest(row.date, openFrom) }));
    return { ...event, data: { ...event.data, rows } } as ItemEvent;
  };

/** An event does not say which day was the first open one when it was decided. */
export const itemVariants =
  (openDays: () => readonly OpenFrom[]): Variants<ItemCommand> =>
  (recalled) =>
    openDays().map((openFrom) => ({ ...recalled, openFrom }));
