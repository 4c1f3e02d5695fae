/** Every cost row is as an event of the trail carries it, under its key; none is missing, none is too many. */

import { decodeRecorded, UndecodableEvent } from "../../domain/catalogue.ts";
import type { OpenFrom } from "../../domain/inventory/booking.ts";
import { type DecimalText, exact } from "../../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../../domain/kernel/event.ts";
import type { Entry, WholeCommand } from "../../projections/entry.ts";
import { openAfter } from "../../projections/periods.ts";
import { type PlacedRow, placedRows } from "../../projections/placed-rows.ts";
import type { Session } from "../../read-models/database.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import { recordedOf } from "../../read-models/trail.ts";
import type { Check } from "./check.ts";
import { cursor } from "./cursor.ts";

type Row = Readonly<{
  seq: bigint;
  line: number;
  text: string;
  quantity: DecimalText;
  value: DecimalText;
  /** The last day that its key was known to have moved on by the end of its command. Balances rely on it. */
  knownLast: EffectiveDate;
}>;
/** What the trail holds is not an event. */
class Unreadable extends Error {}
const NAME = "cost rows = trail";

export async function rowsAsRecorded(session: Session, book: string, schema: string): Promise<Check> {
  const rows = cursor<Row>(
    session,
    "cost_rows",
    `select r.seq, r.line, r.quantity, r.value, r.known_last as "knownLast",
            concat_ws(' ', coalesce(k.item, 'key ' || r.key), k.area, '[' || k.lot || ']', r.effective, r.movement, r.layer, 'by', r.cause) as text
       from "${schema}".cost_row r left join "${schema}".stock_key k using (key) order by r.seq, r.line`,
  );
  try {
    return await compare(recordedRows(session, book), rows);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { name: NAME, compared: 0, difference: error.message };
  }
}

async function compare(recorded: AsyncIterable<Row>, rows: AsyncIterator<Row>): Promise<Check> {
  let compared = 0;
  for await (const expected of recorded) {
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

const textOf = ({ seq, line, text, quantity, value, knownLast }: Row): string =>
  `seq ${seq}.${line}: ${text} ${exact(quantity).toFixed()} for ${exact(value).toFixed()} (known to ${knownLast})`;

async function* recordedRows(session: Session, book: string): AsyncGenerator<Row> {
  let command: Entry[] = [];
  let openFrom: OpenFrom;
  const knownLast = new Map<string, EffectiveDate>();
  const trail = cursor<Parameters<typeof recordedOf>[0] & { seq: bigint }>(
    session,
    "recorded_rows",
    `select * from ${quoted(bookSchema(book))}.trail order by seq`,
  );
  for await (const row of trail) {
    const entry = entryOf(row);
    command.push(entry);
    if (entry.recorded.metadata.part < entry.recorded.metadata.of) continue;
    const whole = command as unknown as WholeCommand;
    const placed = placedRows(whole, openFrom).map((at) => ({ ...at, key: keyOf(at) }));
    openFrom = openAfter(whole, openFrom);
    for (const { key, row } of placed)
      if (row.date > (knownLast.get(key) ?? "")) knownLast.set(key, row.date);
    for (const { key, seq, line, row, cause } of placed) {
      const text = [key, row.date, row.movement, row.layer, "by", cause].join(" ");
      yield {
        seq,
        line,
        text,
        quantity: row.quantity,
        value: row.value,
        knownLast: knownLast.get(key) ?? "",
      };
    }
    command = [];
  }
}

const keyOf = ({ name: { item, area, lot } }: PlacedRow): string => `${item} ${area} [${lot}]`;

function entryOf(row: Parameters<typeof recordedOf>[0] & { seq: bigint }): Entry {
  try {
    const recorded = recordedOf(row);
    return { seq: row.seq, recorded, event: decodeRecorded(recorded) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof UndecodableEvent)) throw error;
    throw new Unreadable(`seq ${row.seq} of the trail: ${error.message}`);
  }
}
