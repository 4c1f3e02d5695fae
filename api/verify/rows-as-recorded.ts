/** Every cost row is as an event of the trail carries it, under its key; none is missing, none is too many. */
import type { OpenFrom } from "../../domain/inventory/booking.ts";
import { type DecimalText, exact } from "../../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../../domain/kernel/event.ts";
import { openAfter } from "../../projections/periods.ts";
import { type PlacedRow, placedRows } from "../../projections/placed-rows.ts";
import type { Session } from "../../read-models/database.ts";
import type { Check } from "./check.ts";
import { cursor } from "./cursor.ts";
import { asRecorded, recordedCommands } from "./recorded.ts";

type Row = Readonly<{
  seq: bigint;
  line: number;
  text: string;
  quantity: DecimalText;
  value: DecimalText;
  /** The last day that its key was known to have moved on by the end of its command. Balances rely on it. */
  knownLast: EffectiveDate;
}>;

export const rowsAsRecorded = (session: Session, book: string, schema: string): Promise<Check> =>
  asRecorded("cost rows = trail", recordedRows(session, book), rowsOf(session, schema));

async function* rowsOf(session: Session, schema: string): AsyncGenerator<string> {
  const rows = cursor<Row>(
    session,
    "cost_rows",
    `select r.seq, r.line, r.quantity, r.value, r.known_last as "knownLast",
            concat_ws(' ', coalesce(k.item, 'key ' || r.key), k.area, '[' || k.lot || ']', nullif(k.project, ''), r.effective, r.movement, r.layer, 'by', r.cause) as text
       from "${schema}".cost_row r left join "${schema}".stock_key k using (key) order by r.seq, r.line`,
  );
  for await (const row of rows) yield textOf(row);
}

const textOf = ({ seq, line, text, quantity, value, knownLast }: Row): string =>
  `seq ${seq}.${line}: ${text} ${exact(quantity).toFixed()} for ${exact(value).toFixed()} (known to ${knownLast})`;

async function* recordedRows(session: Session, book: string): AsyncGenerator<string> {
  let openFrom: OpenFrom;
  const knownLast = new Map<string, EffectiveDate>();
  for await (const command of recordedCommands(session, book, "recorded_rows")) {
    const placed = placedRows(command, openFrom).map((at) => ({ ...at, key: keyOf(at) }));
    openFrom = openAfter(command, openFrom);
    for (const { key, row } of placed)
      if (row.date > (knownLast.get(key) ?? "")) knownLast.set(key, row.date);
    for (const { key, seq, line, row, cause } of placed) {
      const text = [key, row.date, row.movement, row.layer, "by", cause].join(" ");
      const { quantity, value } = row;
      yield textOf({ seq, line, text, quantity, value, knownLast: knownLast.get(key) ?? "" });
    }
  }
}

const keyOf = ({ name: { item, area, lot, project } }: PlacedRow): string =>
  [item, area, `[${lot}]`, project].join(" ").trimEnd();
