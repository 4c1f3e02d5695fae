/**
 * The report of a stocktake's variances, by quantity and value: as known now (or then), and as known when each line was
 * posted, before movements came that had been before the count. Before it is posted: against what the book has on its day.
 */
import { type RawBuilder, sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import { countsOn } from "./counts-on.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { baseOfKey, sumOfKey } from "./stock.ts";
import { lastPostings } from "./stocktakes.ts";
import type { Table } from "./under-way.ts";

export type StocktakeLineRow = Readonly<{
  line: string;
  item: string;
  lot: string | null;
  /** Each that was counted, or lay there, where the item tracks lots beside its costs. */
  lots: readonly CountedLot[] | null;
  /** As counted last. */
  counted: DecimalText;
  /** How often it was counted. */
  times: string;
  countedBy: string;
  /** Refused: until it is posted again. */
  status: "counted" | "under way" | "posted" | "refused" | "cancelled";
  /** The item's refusal, and the recorded movement that would find too little, where that is why. */
  reason: string | null;
  leavesShort: string | null;
  /** The name of its count. */
  movement: string | null;
  /** In its place: what the count found less the variance. Of a count that was cancelled: null, as is the variance. */
  bookQuantity: DecimalText | null;
  bookValue: DecimalText | null;
  varianceQuantity: DecimalText | null;
  /** Null before it is posted. */
  varianceValue: DecimalText | null;
  /** The same as known when it was posted; null before. */
  postedBookQuantity: DecimalText | null;
  postedBookValue: DecimalText | null;
  postedVarianceQuantity: DecimalText | null;
  postedVarianceValue: DecimalText | null;
}>;
/** In the item's unit. Of a count that was cancelled, the variance is null, as is what lay there. */
export type CountedLot = Readonly<{
  lot: string;
  counted: DecimalText;
  bookQuantity: DecimalText | null;
  varianceQuantity: DecimalText | null;
}>;
export type StocktakeLineCursor = readonly [line: string];

export function stocktakeLines(
  pool: Pool,
  book: string,
  asked: Moment & { stocktake: string },
  { limit, after }: Page<StocktakeLineCursor>,
): Promise<Answer<Paged<StocktakeLineRow, StocktakeLineCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, seq }) => {
    const { stocktake } = asked;
    const table = (name: string) => sql.table(`${schema}.${name}`);
    const key = sql`k.item = l.item and k.area = t.location and k.lot = coalesce(l.lot, '')`;
    const balance = (asOf: RawBuilder<unknown>, known: RawBuilder<unknown> | bigint) => sql`
      left join lateral (
        select sum(s.quantity) as quantity, sum(s.value) as value from ${table("stock_key")} k
               ${baseOfKey(schema, { asOf, seq: known })} ${sumOfKey(schema, known)} where ${key})`;
    const text = (figure: RawBuilder<unknown>) => sql`trim_scale(${figure})::text`;
    const { rows } = await sql<StocktakeLineRow>`
      select l.line::text, l.item, l.lot, byLot.lots, ${text(sql`l.counted`)} as counted, l.times::text,
             l.counted_by as "countedBy", coalesce(o.status, 'counted') as status, o.reason,
             o.leaves_short as "leavesShort", o.movement,
             ${text(sql`f.book_quantity`)} as "bookQuantity", ${text(sql`f.book_value`)} as "bookValue",
             ${text(sql`f.quantity`)} as "varianceQuantity", ${text(sql`f.value`)} as "varianceValue",
             ${text(sql`l.counted - v.posted_quantity`)} as "postedBookQuantity",
             ${text(sql`case when o.recorded is not null then coalesce(posted.value, 0) end`)} as "postedBookValue",
             ${text(sql`v.posted_quantity`)} as "postedVarianceQuantity",
             ${text(sql`v.posted_value`)} as "postedVarianceValue"
        from (
          select distinct on (c.line) c.*, count(*) over (partition by c.line) as times
            from ${table("stocktake_count")} c
           where c.stocktake = ${stocktake} and c.seq <= ${seq}
             and ${after ? sql`c.line > ${after[0]}::integer` : sql`true`}
           order by c.line, c.seq desc limit ${limit + 1}) l
        join ${table("stocktake")} t on t.stocktake = l.stocktake
        left join (${lastPostings(table, stocktake, seq)}) o on o.line = l.line
        ${balance(sql`coalesce(o.day, t.effective)`, seq)} known on true
        ${balance(sql`o.day`, sql`o.recorded - 1`)} posted on o.recorded is not null
        left join lateral (
          select coalesce(sum(r.quantity), 0) as quantity, coalesce(sum(r.value), 0) as value,
                 coalesce(sum(r.quantity) filter (where r.cause = o.movement), 0) as posted_quantity,
                 coalesce(sum(r.value) filter (where r.cause = o.movement), 0) as posted_value
            from ${table("stock_key")} k join ${table("cost_row")} r on r.key = k.key
           where ${key} and r.movement = o.movement and r.seq <= ${seq}) v on o.recorded is not null
        left join lateral (
          select coalesce(sum(case when w.before and r.effective > o.day then r.value
                                   when not w.before and r.effective = o.day then -r.value end), 0) as value
            from ${table("stock_key")} k join ${table("cost_row")} r on r.key = k.key
            join ${table("movement")} m on m.item = l.item and m.movement = r.movement
           cross join lateral (select ${wasBefore(table, seq)} as before) w
           where ${key} and r.seq <= ${seq} and r.effective >= o.day
             and (r.effective = o.day or r.cause <> r.movement)) moved on true
       cross join lateral (
         select case when o.recorded is null then coalesce(known.quantity, 0)
                     when o.status = 'posted' then l.counted - v.quantity end as book_quantity,
                case when o.recorded is null then coalesce(known.value, 0)
                     when o.status = 'posted' then coalesce(known.value, 0) + moved.value end as book_value,
                case when o.recorded is null then l.counted - coalesce(known.quantity, 0)
                     when o.status = 'posted' then v.quantity end as quantity,
                case when o.status = 'posted' then v.value end as value) f
       cross join lateral (${lotsOfLine(table, seq)}) byLot
       order by l.line`.execute(tables);
    return paged(rows, limit, ({ line }): StocktakeLineCursor => [line]);
  });
}

/**
 * Whether movement `m` was before the count of `o` (COSTING §2): on its day, what was recorded before it was, and what names
 * it, or one before it. Its rows count with it also where closed time has put off a correction until after the count's day.
 */
const wasBefore = (table: Table, seq: bigint): RawBuilder<unknown> => sql`
  (${countsOn(table, seq)} < o.day or (${countsOn(table, seq)} = o.day and (m.seq < o.recorded or exists (
     select from ${table("placed_before")} b join ${table("movement")} n on n.item = b.item and n.movement = b.count
      where b.item = m.item and b.movement = m.movement and n.seq <= o.recorded))))`;

/** Of line `l` at `t`, with its posting `o`: lot by lot, what was counted against what lay there, or against what its count moved. */
const lotsOfLine = (table: Table, seq: bigint): RawBuilder<unknown> => sql`
  select json_agg(json_build_object('lot', c.lot, 'counted', trim_scale(c.counted)::text,
                                    'bookQuantity', trim_scale(c.counted - f.quantity)::text,
                                    'varianceQuantity', trim_scale(f.quantity)::text) order by c.lot) as lots
    from (select p.lot, sum(p.counted) as counted, sum(p.moved) as moved
            from (select n.lot, n.counted, 0 as moved from ${table("stocktake_lot")} n
                   where n.stocktake = l.stocktake and n.line = l.line and n.seq = l.seq + 1
                   union all
                  select r.lot, 0, r.quantity from ${table("lot_row")} r
                   where l.lot is null and r.item = l.item and r.area = t.location and r.seq <= ${seq}
                     and case when o.recorded is null then r.effective <= t.effective else r.movement = o.movement end) p
           group by p.lot having sum(p.counted) <> 0 or sum(p.moved) <> 0) c
   cross join lateral (select case when o.recorded is null then c.counted - c.moved
                                   when o.status = 'posted' then c.moved end as quantity) f`;
