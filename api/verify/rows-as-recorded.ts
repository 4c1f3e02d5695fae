/** Every cost row is as an event of the trail carries it, under its key; none is missing, none is too many. */

import { decodeRecorded } from "../../domain/catalogue.ts";
import { type DecimalText, exact } from "../../domain/kernel/decimal.ts";
import type { Entry, WholeCommand } from "../../projections/entry.ts";
import { placedRows } from "../../projections/placed-rows.ts";
import type { Session } from "../../read-models/database.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import { recordedOf } from "../../read-models/trail.ts";
import type { Check } from "./check.ts";
import { cursor } from "./cursor.ts";

type Row = Readonly<{ seq: bigint; line: number; text: string; quantity: DecimalText; value: DecimalText }>;
const NAME = "cost rows = trail";

export async function rowsAsRecorded(session: Session, book: string, schema: string): Promise<Check> {
  const rows = cursor<Row>(
    session,
    "cost_rows",
    `select r.seq, r.line, concat_ws(' ', k.item, k.area, '[' || k.lot || ']', r.effective, r.movement, r.layer) as text,
            r.quantity, r.value
       from "${schema}".cost_row r join "${schema}".stock_key k using (key) order by r.seq, r.line`,
  );
  let compared = 0;
  for await (const expected of recordedRows(session, book)) {
    const { value } = await rows.next();
    const there = value as Row | undefined;
    if (!there || textOf(there) !== textOf(expected)) {
      const found = there ? textOf(there) : "nothing";
      return {
        name: NAME,
        compared,
        difference: `${textOf(expected)} is recorded, ${found} is in the table`,
      };
    }
    compared += 1;
  }
  const { value: beyond } = await rows.next();
  const difference = beyond ? `${textOf(beyond as Row)} is in no event` : undefined;
  return { name: NAME, compared, difference };
}

const textOf = ({ seq, line, text, quantity, value }: Row): string =>
  `seq ${seq}.${line}: ${text} ${exact(quantity).toFixed()} for ${exact(value).toFixed()}`;

async function* recordedRows(session: Session, book: string): AsyncGenerator<Row> {
  let command: Entry[] = [];
  const trail = cursor<Parameters<typeof recordedOf>[0] & { seq: bigint }>(
    session,
    "recorded_rows",
    `select * from ${quoted(bookSchema(book))}.trail order by seq`,
  );
  for await (const row of trail) {
    const recorded = recordedOf(row);
    command.push({ seq: row.seq, recorded, event: decodeRecorded(recorded) });
    if (recorded.metadata.part < recorded.metadata.of) continue;
    for (const { name, seq, line, row } of placedRows(command as unknown as WholeCommand)) {
      const { item, area, lot } = name;
      const text = [item, area, `[${lot}]`, row.date, row.movement, row.layer].join(" ");
      yield { seq, line, text, quantity: row.quantity, value: row.value };
    }
    command = [];
  }
}
