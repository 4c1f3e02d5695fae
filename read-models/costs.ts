/**
 * How a movement came to cost what it costs: what it was recorded with, and every correction since, with the fact that
 * caused it and the day it counts on.
 */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";

export type Cost = Readonly<{
  /** When the book learnt it. */
  seq: string;
  /** The movement itself, or the fact that came late: its key. */
  cause: string;
  date: EffectiveDate;
  location: string;
  lot: string | null;
  project: string | null;
  /** What this moved there. */
  quantity: DecimalText;
  value: DecimalText;
  /** The movement's value there from then on. */
  total: DecimalText;
}>;
export type CostCursor = readonly [seq: string, location: string, lot: string, project: string, date: string];

export function costs(
  pool: Pool,
  book: string,
  asked: Moment & { item: string; movement: string },
  { limit, after }: Page<CostCursor>,
): Promise<Answer<Paged<Cost, CostCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, asOf, seq }) => {
    const [known, location, lot, project, date] = after ?? [];
    const { rows } = await sql<Cost>`
      select * from (
        select r.seq::text, r.cause, r.effective as date, k.area as location, nullif(k.lot, '') as lot,
               nullif(k.project, '') as project,
               trim_scale(sum(r.quantity))::text as quantity, trim_scale(sum(r.value))::text as value,
               trim_scale(sum(sum(r.value)) over (partition by r.key order by r.seq, r.effective))::text as total
          from ${sql.table(`${schema}.stock_key`)} k
          join ${sql.table(`${schema}.cost_row`)} r on r.key = k.key and r.movement = ${asked.movement}
         where k.item = ${asked.item} and r.effective <= ${asOf}::date and r.seq <= ${seq}
         group by r.key, k.area, k.lot, k.project, r.seq, r.cause, r.effective) c
       where ${
         after
           ? sql`(c.seq::bigint, c.location, coalesce(c.lot, ''), coalesce(c.project, ''), c.date) > (${known}::bigint, ${location}, ${lot}, ${project}, ${date}::date)`
           : sql`true`
       }
       order by c.seq::bigint, c.location, coalesce(c.lot, ''), coalesce(c.project, ''), c.date limit ${limit + 1}`.execute(
      tables,
    );
    return paged(
      rows,
      limit,
      (row): CostCursor => [row.seq, row.location, row.lot ?? "", row.project ?? "", row.date],
    );
  });
}
