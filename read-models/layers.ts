/** The open layers of an item at (asOf, knownAt), by location, lot and project, oldest place first. */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { countsOn } from "./counts-on.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { baseOfKey, layersOfKey, receiptOf, type Which, whichKeys } from "./stock.ts";

export type OpenLayer = Readonly<{
  layer: string;
  location: string;
  lot: string | null;
  project: string | null;
  quantity: DecimalText;
  value: DecimalText;
  /** The movement that brought it there, and the day. */
  movement: string;
  since: EffectiveDate;
  /** The receipt, opening stock or surplus that its goods stem from. */
  receipt: string;
}>;
/** Place, then the row that opened the layer: layers of one movement keep their order. */
export type LayerCursor = readonly [
  location: string,
  lot: string,
  project: string,
  place: string,
  seq: string,
  line: string,
];

type Found = OpenLayer & Readonly<{ cursor: LayerCursor }>;

export function openLayers(
  pool: Pool,
  book: string,
  asked: Moment & Which & { item: string },
  { limit, after }: Page<LayerCursor>,
): Promise<Answer<Paged<OpenLayer, LayerCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, asOf, seq }) => {
    const [location, lot, project, place, opened, line] = after ?? [];
    const beyond = after
      ? sql`(k.area, k.lot, k.project, m.place, o.seq, o.line) > (${location}, ${lot}, ${project}, ${place}, ${opened}::bigint, ${line}::int)`
      : sql`true`;
    const { rows } = await sql<Found>`
      select s.layer, k.area as location, nullif(k.lot, '') as lot, nullif(k.project, '') as project,
             trim_scale(s.quantity)::text as quantity, trim_scale(s.value)::text as value,
             m.movement, ${countsOn((name) => sql.table(`${schema}.${name}`), seq)} as since,
             ${receiptOf("s.layer")} as receipt,
             array[k.area, k.lot, k.project, m.place, o.seq::text, o.line::text] as cursor
        from ${sql.table(`${schema}.stock_key`)} k ${baseOfKey(schema, { asOf, seq })} ${layersOfKey(schema, seq)}
       join ${sql.table(`${schema}.movement`)} m
         on m.item = k.item and m.movement = split_part(s.layer, '/', 1)
      cross join lateral (
         select r.seq, r.line from ${sql.table(`${schema}.cost_row`)} r
          where r.movement = m.movement and r.key = k.key and r.layer = s.layer
          order by r.seq, r.line limit 1) o
       where ${whichKeys(asked)} and ${beyond} and s.quantity <> 0
       order by k.area, k.lot, k.project, m.place, o.seq, o.line limit ${limit + 1}`.execute(tables);
    const { next } = paged(rows, limit, ({ cursor }) => cursor);
    return { rows: rows.slice(0, limit).map(({ cursor: _cursor, ...layer }) => layer), next };
  });
}
