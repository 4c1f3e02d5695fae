/** Units beside an item's own: what they are, and what was said in them. */
import type { Insertable } from "kysely";
import type { ItemEvents } from "../domain/inventory/item-events.ts";
import type { GenerationTables } from "../read-models/schema.ts";
import type { Entry, WholeCommand } from "./entry.ts";

export function itemUnit({ event, seq }: Entry): Insertable<GenerationTables["item_unit"]>[] {
  return event.type === "ItemUnitDefined" ? [{ ...event.data, seq }] : [];
}

/** How the quantity of a command's movement was said: a command has one. */
export function measuredIn(command: WholeCommand): ItemEvents["QuantityMeasured"] | undefined {
  for (const { event } of command) if (event.type === "QuantityMeasured") return event.data;
  return undefined;
}
