/** Stocktakes as the book knew them, and those that are not carried out yet. Only `knownAt` counts. */
import { type RawBuilder, sql } from "kysely";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { countsOn } from "./counts-on.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { documentsUnderWay, type Table } from "./under-way.ts";

export type StocktakeRow = Readonly<{
  stocktake: string;
  location: string;
  date: EffectiveDate;
  reference: string | null;
  /** Open while there are lines to approve; posted though lines of it were refused. */
  status: "open" | "approved" | "posted" | "abandoned";
  approvedBy: string | null;
  /** Why it was abandoned. */
  reason: string | null;
  lines: number;
  posted: number;
  refused: number;
  underWay: number;
}>;
export type StocktakeCursor = readonly [stocktake: string];

export function stocktakes(
  pool: Pool,
  book: string,
  asked: Moment & { stocktake?: string },
  { limit, after }: Page<StocktakeCursor>,
): Promise<Answer<Paged<StocktakeRow, StocktakeCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, seq }) => {
    const table = (name: string) => sql.table(`${schema}.${name}`);
    const { rows } = await sql<StocktakeRow>`
      select s.stocktake, s.location, s.effective as date, s.reference, c.reason,
             case when c.status is null or (c.status <> 'abandoned' and n.last > c.seq) then 'open'
                  else c.status end as status,
             a.approved_by as "approvedBy", n.lines, p.posted, p.refused, p."underWay"
        from ${table("stocktake")} s
       cross join lateral (
         select count(distinct line)::integer as lines, coalesce(max(seq), 0) as last
           from ${table("stocktake_count")} where stocktake = s.stocktake and seq <= ${seq}) n
        left join lateral (
         select status, reason, seq from ${table("stocktake_change")}
          where stocktake = s.stocktake and seq <= ${seq} order by seq desc limit 1) c on true
        left join lateral (
         select approved_by from ${table("stocktake_change")}
          where stocktake = s.stocktake and seq <= ${seq} and seq > n.last and status = 'approved') a on true
       cross join lateral (
         select count(*) filter (where status in ('posted', 'cancelled'))::integer as posted,
                count(*) filter (where status = 'refused')::integer as refused,
                count(*) filter (where status = 'under way')::integer as "underWay"
           from (${lastPostings(table, sql`s.stocktake`, seq)}) l) p
       where s.seq <= ${seq} and ${asked.stocktake === undefined ? sql`true` : sql`s.stocktake = ${asked.stocktake}`}
         and ${after ? sql`s.stocktake > ${after[0]}` : sql`true`}
       order by s.stocktake limit ${limit + 1}`.execute(tables);
    return paged(rows, limit, ({ stocktake }): StocktakeCursor => [stocktake]);
  });
}

/** Of each line that was ever posted: its last posting, and what became of it. `recorded`, `day`: of its count. */
export const lastPostings = (
  table: Table,
  stocktake: RawBuilder<unknown> | string,
  seq: bigint,
): RawBuilder<unknown> => sql`
  select distinct on (o.line) o.line, o.movement, m.seq as recorded, ${countsOn(table, seq)} as day, r.reason, r.leaves_short,
         case when x.movement is not null then 'cancelled' when m.movement is not null then 'posted'
              when r.movement is not null then 'refused' else 'under way' end as status
    from ${table("stocktake_posting")} o
    left join ${table("movement")} m on m.item = o.item and m.movement = o.movement and m.seq <= ${seq}
    left join ${table("cancelled_movement")} x
      on x.item = o.item and x.movement = o.movement and x.seq <= ${seq}
    left join ${table("stocktake_refusal")} r
      on r.item = o.item and r.movement = o.movement and r.seq <= ${seq}
   where o.stocktake = ${stocktake} and o.seq <= ${seq}
   order by o.line, o.seq desc`;

export const stocktakesUnderWay = (pool: Pool, book: string, after = 0n) =>
  documentsUnderWay(
    pool,
    book,
    (table) => sql`
      select o.seq from ${table("stocktake_posting")} o
       where o.seq > ${after}
         and not exists (select from ${table("movement")} m where m.item = o.item and m.movement = o.movement)
         and not exists (select from ${table("stocktake_refusal")} r
                          where r.item = o.item and r.movement = o.movement)`,
  );
