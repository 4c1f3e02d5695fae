/** Units beside an item's own. */
import type { Insertable } from "kysely";
import type { GenerationTables } from "../read-models/schema.ts";
import type { Entry } from "./entry.ts";

export function itemUnit({ event, seq }: Entry): Insertable<GenerationTables["item_unit"]>[] {
  return event.type === "ItemUnitDefined" ? [{ ...event.data, seq }] : [];
}
