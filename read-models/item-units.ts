/** The units in which an item's quantities may be said, beside its own, as the book knew them. Only `knownAt` counts. */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";

/** So many (`quantity`) of it are so many (`equals`) of the item's own. */
export type ItemUnit = Readonly<{
  unit: string;
  quantity: DecimalText;
  equals: DecimalText;
  recorded: string;
}>;
export type ItemUnitCursor = readonly [unit: string];

export function itemUnits(
  pool: Pool,
  book: string,
  asked: Moment & { item: string },
  { limit, after }: Page<ItemUnitCursor>,
): Promise<Answer<Paged<ItemUnit, ItemUnitCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, seq }) => {
    const { rows } = await sql<ItemUnit>`
      select unit, trim_scale(quantity)::text as quantity, trim_scale(equals)::text as equals, u.seq::text as recorded
        from ${sql.table(`${schema}.item_unit`)} u
       where item = ${asked.item} and u.seq <= ${seq} and ${after ? sql`unit > ${after[0]}` : sql`true`}
       order by unit limit ${limit + 1}`.execute(tables);
    return paged(rows, limit, ({ unit }): ItemUnitCursor => [unit]);
  });
}
