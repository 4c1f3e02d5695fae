/** Stock by item, location, lot and project: at the end of a day (`asOf`), as the book knew it (`knownAt`). */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { baseOfKey, sumOfKey, type Which, whichKeys } from "./stock.ts";

/** `lot` is null where the item is not costed by lot; `project`, of what is free. Quantity in the item's unit, value in the base currency. */
export type Balance = Readonly<{
  item: string;
  location: string;
  lot: string | null;
  project: string | null;
  quantity: DecimalText;
  value: DecimalText;
}>;
export type BalanceCursor = readonly [item: string, location: string, lot: string, project: string];

/** Only what is there: a key without stock has no row. */
export function balances(
  pool: Pool,
  book: string,
  asked: Moment & Which,
  { limit, after }: Page<BalanceCursor>,
): Promise<Answer<Paged<Balance, BalanceCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, asOf, seq }) => {
    const beyond = after
      ? sql`(k.item, k.area, k.lot, k.project) > (${sql.join(after.map((part) => sql`${part}`))})`
      : sql`true`;
    const { rows } = await sql<Balance>`
      select k.item, k.area as location, nullif(k.lot, '') as lot, nullif(k.project, '') as project,
             trim_scale(s.quantity)::text as quantity, trim_scale(s.value)::text as value
        from ${sql.table(`${schema}.stock_key`)} k ${baseOfKey(schema, { asOf, seq })} ${sumOfKey(schema, seq)}
       where ${whichKeys(asked)} and ${beyond} and s.quantity <> 0
       order by k.item, k.area, k.lot, k.project limit ${limit + 1}`.execute(tables);
    return paged(
      rows,
      limit,
      (row): BalanceCursor => [row.item, row.location, row.lot ?? "", row.project ?? ""],
    );
  });
}
