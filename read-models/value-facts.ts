/** The invoices and costs of an item's receipts, as the book knew them. Only `knownAt` counts. */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";

export type ValueFactRow = Readonly<{
  fact: string;
  kind: "invoice" | "landedCost" | "creditNote" | "rebate" | "correction";
  receipt: string;
  documentDate: EffectiveDate;
  reference: string;
  /** Of an invoice: the units that it is for. */
  quantity: DecimalText | null;
  /** In the base currency, at the receipt's rate. */
  amount: DecimalText;
  exchangeDifference: DecimalText;
  /** The seq that recorded it. */
  recorded: string;
  /** The seq that cancelled it. */
  cancelled: string | null;
}>;
export type ValueFactCursor = readonly [seq: string];

export function valueFacts(
  pool: Pool,
  book: string,
  asked: Moment & { item: string; receipt?: string },
  { limit, after }: Page<ValueFactCursor>,
): Promise<Answer<Paged<ValueFactRow, ValueFactCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, seq }) => {
    const { item, receipt } = asked;
    const facts = sql.table(`${schema}.value_fact`);
    const { rows } = await sql<ValueFactRow>`
      select f.fact, f.kind, f.receipt, f.document_date as "documentDate", f.reference,
             trim_scale(f.quantity)::text as quantity, trim_scale(f.amount)::text as amount,
             trim_scale(f.exchange_difference)::text as "exchangeDifference",
             f.seq::text as recorded, c.seq::text as cancelled
        from ${facts} f
        left join ${facts} c on c.item = f.item and c.cancels = f.fact and c.seq <= ${seq}
       where f.item = ${item} and f.cancels is null and f.seq <= ${seq}
         and ${receipt === undefined ? sql`true` : sql`f.receipt = ${receipt}`}
         and ${after ? sql`f.seq > ${after[0]}::bigint` : sql`true`}
       order by f.seq limit ${limit + 1}`.execute(tables);
    return paged(rows, limit, ({ recorded }): ValueFactCursor => [recorded]);
  });
}
