/** How long stock has lain there: open layers by the days from when their goods first came to `asOf`. */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import { type By, groupsBy, isThere, type NameCursor, type Named, nameCursor } from "./dimensions.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { baseOfKey, layersOfKey, receiptOf, type Which, whichKeys } from "./stock.ts";

/** Days: the greatest age of each bucket but the last, ascending. */
export type Buckets = Readonly<{ buckets: readonly number[] }>;

/**
 * From so many days to so many, both included; `ageTo` is null in the last bucket. Both are null for what has no day on
 * which it first came.
 */
export type Aged = Named &
  Readonly<{ ageFrom: number | null; ageTo: number | null; quantity?: DecimalText; value: DecimalText }>;
export type AgeCursor = readonly [...NameCursor, bucket: string];

type Found = Aged & Readonly<{ bucket: number }>;

export function ageing(
  pool: Pool,
  book: string,
  asked: Moment & Which & By & Buckets,
  { limit, after }: Page<AgeCursor>,
): Promise<Answer<Paged<Aged, AgeCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, asOf, seq }) => {
    const { buckets } = asked;
    const [item = "", location = "", lot = "", project = "", bucket] = after ?? [];
    const { names, shown, amounts, last } = groupsBy(asked.by, after && [item, location, lot, project]);
    // The first of both conditions says no more than the second, but an index can follow it.
    const beyond = last
      ? sql`(${names}) >= (${last}) and (${names}, a.bucket) > (${last}, ${bucket}::int)`
      : sql`true`;
    const receivedOn = (layer: ReturnType<typeof receiptOf>) => sql`
      (select o.received_on from ${sql.table(`${schema}.layer_origin`)} o
        where o.item = k.item and o.layer = ${layer} and o.seq <= ${seq} order by o.seq desc limit 1)`;
    const older = buckets.map((days) => days + 1);
    const { rows } = await sql<Found>`
      select ${shown}, (${[0, ...older]}::int[])[a.bucket + 1] as "ageFrom",
             (${buckets}::int[])[a.bucket + 1] as "ageTo", ${amounts}, a.bucket
        from ${sql.table(`${schema}.stock_key`)} k ${baseOfKey(schema, { asOf, seq })} ${layersOfKey(schema, seq)}
       cross join lateral (
         select coalesce(${receivedOn(sql`s.layer`)}, ${receivedOn(receiptOf("s.layer"))}) as received_on) d
       cross join lateral (
         select coalesce(width_bucket(${asOf}::date - d.received_on, ${older}::int[]), ${older.length + 1}::int) as bucket) a
       where ${whichKeys(asked)} and ${isThere} and ${beyond}
       group by ${names}, a.bucket order by ${names}, a.bucket limit ${limit + 1}`.execute(tables);
    const { next } = paged(rows, limit, (row): AgeCursor => [...nameCursor(row), `${row.bucket}`]);
    return { rows: rows.slice(0, limit).map(({ bucket: _bucket, ...aged }) => aged), next };
  });
}
