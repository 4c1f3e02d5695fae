/** Items as the book knew them. An item has no effective dates: only `knownAt` counts. */
import { sql } from "kysely";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";

export type ItemRow = Readonly<{
  item: string;
  name: string;
  unit: string;
  quantityScale: number;
  valueScale: number;
  costBy: "fifo" | "lot";
  active: boolean;
  /** What its movements name: lots, or serials; null: neither. */
  tracks: "lots" | "serials" | null;
}>;
export type ItemCursor = readonly [item: string];

export function items(
  pool: Pool,
  book: string,
  asked: Moment & { item?: string },
  { limit, after }: Page<ItemCursor>,
): Promise<Answer<Paged<ItemRow, ItemCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, seq }) => {
    const { rows } = await sql<ItemRow>`
      select distinct on (item) item, name, unit, quantity_scale as "quantityScale",
             value_scale as "valueScale", cost_by as "costBy", active, tracks
        from ${sql.table(`${schema}.item_version`)}
       where seq <= ${seq} and ${asked.item === undefined ? sql`true` : sql`item = ${asked.item}`}
         and ${after ? sql`item > ${after[0]}` : sql`true`}
       order by item, item_version.seq desc limit ${limit + 1}`.execute(tables);
    return paged(rows, limit, ({ item }): ItemCursor => [item]);
  });
}
