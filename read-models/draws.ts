/** The draws behind a movement, as known: which layers it took from or brought, on which days. */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { countsOn } from "./counts-on.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { receiptOf } from "./stock.ts";

/** What a movement took from, or brought to, one layer on one day. */
export type Draw = Readonly<{
  layer: string;
  receipt: string;
  location: string;
  lot: string | null;
  project: string | null;
  date: EffectiveDate;
  quantity: DecimalText;
  value: DecimalText;
}>;
/** By the first row of each. */
export type DrawCursor = readonly [seq: string, line: string];

export function draws(
  pool: Pool,
  book: string,
  asked: Moment & { item: string; movement: string },
  { limit, after }: Page<DrawCursor>,
): Promise<Answer<Paged<Draw, DrawCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, asOf, seq }) => {
    const { item, movement } = asked;
    const { rows } = await sql<Draw & { cursor: DrawCursor }>`
      select r.layer, ${receiptOf("r.layer")} as receipt,
             k.area as location, nullif(k.lot, '') as lot, nullif(k.project, '') as project, r.effective as date,
             trim_scale(sum(r.quantity))::text as quantity, trim_scale(sum(r.value))::text as value,
             min(array[r.seq, r.line])::text[] as cursor
        from ${sql.table(`${schema}.stock_key`)} k
        join ${sql.table(`${schema}.cost_row`)} r on r.key = k.key and r.movement = ${movement}
       where k.item = ${item} and r.effective <= ${asOf}::date and r.seq <= ${seq}
       group by k.area, k.lot, k.project, r.layer, r.effective
      having (sum(r.quantity) <> 0 or sum(r.value) <> 0)
         and ${after ? sql`min(array[r.seq, r.line]) > ${[...after]}::bigint[]` : sql`true`}
       order by min(array[r.seq, r.line]) limit ${limit + 1}`.execute(tables);
    const { next } = paged(rows, limit, ({ cursor }) => cursor);
    // One that was cancelled has none left.
    const { rows: recorded } = await sql`
      select from ${sql.table(`${schema}.movement`)} m
       where m.item = ${item} and m.movement = ${movement} and ${countsOn((name) => sql.table(`${schema}.${name}`), seq)} <= ${asOf}::date and m.seq <= ${seq}`.execute(
      tables,
    );
    return {
      found: recorded.length > 0,
      rows: rows.slice(0, limit).map(({ cursor: _c, ...draw }) => draw),
      next,
    };
  });
}
