/** The lot rows of a command, and what was said of lots. No more than a rearrangement: what moves was decided. */
import type { Insertable } from "kysely";
import { latest, type OpenFrom } from "../domain/inventory/booking.ts";
import type { LotRow } from "../domain/inventory/lot-row.ts";
import { lotRowsIn } from "../domain/inventory/lot-tracking.ts";
import { exact, textOf } from "../domain/kernel/decimal.ts";
import { type Insert, insertInto } from "../read-models/insert.ts";
import type { LotTables } from "../read-models/lot-tables.ts";
import type { Entry, WholeCommand } from "./entry.ts";

type Row = Insertable<LotTables["lot_row"]>;

/** Dated as cost rows are: what was closed before it in the log counts on the first open day (COSTING §5). */
export function lotRows(command: WholeCommand, openFrom: OpenFrom): readonly Row[] {
  let lot: string | null = null;
  return command.flatMap(({ seq, event }) => {
    if ("effectiveDate" in event.data) lot = event.data.lot;
    const { item } = event.data as { item: string };
    return summed(lotRowsIn(event as Parameters<typeof lotRowsIn>[0], lot)).map(
      ({ movement, lot: of, area, date, quantity }, line) => ({
        ...{ item, lot: of, area, effective: latest(date, openFrom), seq, line, movement, quantity },
      }),
    );
  });
}

/** A movement may draw from many layers of a lot; what only costs otherwise moves nothing. */
function summed(rows: readonly LotRow[]): readonly LotRow[] {
  const sums = new Map<string, LotRow>();
  for (const row of rows) {
    const key = `${row.movement} ${row.lot} ${row.area} ${row.date}`;
    const before = sums.get(key);
    const quantity = before ? textOf(exact(before.quantity).plus(exact(row.quantity))) : row.quantity;
    sums.set(key, { ...row, quantity });
  }
  return [...sums.values()].filter(({ quantity }) => quantity !== "0");
}

function description({ event, seq }: Entry): readonly Insertable<LotTables["lot_description"]>[] {
  if (event.type !== "LotDescribed") return [];
  const { item, lot, expiresOn, supplierLot } = event.data;
  return [{ item, lot, seq, expires_on: expiresOn, supplier_lot: supplierLot }];
}

export const lotInserts = (
  schema: string,
  rows: readonly Row[],
  entries: readonly Entry[],
): readonly Insert[] => [
  insertInto<LotTables["lot_row"]>(schema, "lot_row", LOT_ROW, rows),
  insertInto<LotTables["lot_description"]>(
    schema,
    "lot_description",
    DESCRIPTION,
    entries.flatMap(description),
  ),
];

const LOT_ROW = ["item", "lot", "area", "effective", "seq", "line", "movement", "quantity"] as const;
const DESCRIPTION = ["item", "lot", "seq", "expires_on", "supplier_lot"] as const;
