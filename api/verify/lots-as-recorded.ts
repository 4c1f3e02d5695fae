/** Every lot row is as an event of the trail carries it: where a lot came from and went to rests on it. */
import type { OpenFrom } from "../../domain/inventory/booking.ts";
import { exact } from "../../domain/kernel/decimal.ts";
import { lotRows } from "../../projections/lots.ts";
import { openAfter } from "../../projections/periods.ts";
import type { Session } from "../../read-models/database.ts";
import type { Check } from "./check.ts";
import { cursor } from "./cursor.ts";
import { asRecorded, recordedCommands } from "./recorded.ts";

type Row = ReturnType<typeof lotRows>[number];

export const lotsAsRecorded = (session: Session, book: string, schema: string): Promise<Check> =>
  asRecorded("lot rows = trail", recordedLots(session, book), lots(session, schema));

async function* lots(session: Session, schema: string): AsyncGenerator<string> {
  const rows = cursor<Row>(session, "lot_rows", `select * from "${schema}".lot_row order by seq, line`);
  for await (const row of rows) yield textOf(row);
}

async function* recordedLots(session: Session, book: string): AsyncGenerator<string> {
  let openFrom: OpenFrom;
  for await (const command of recordedCommands(session, book, "recorded_lots")) {
    yield* lotRows(command, openFrom).map(textOf);
    openFrom = openAfter(command, openFrom);
  }
}

const textOf = ({ seq, line, item, lot, area, effective, movement, quantity }: Row): string =>
  `seq ${seq}.${line}: ${item} ${lot} ${area} ${effective} ${movement} ${exact(quantity).toFixed()}`;
