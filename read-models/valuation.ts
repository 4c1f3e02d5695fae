/** What stock is worth: at the end of a day (`asOf`), as the book knew it (`knownAt`), by item, location, lot or project. */
import { type RawBuilder, sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import { type By, groupsBy, isThere, type NameCursor, type Named, nameCursor } from "./dimensions.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { baseOfKey, sumOfKey, type Which, whichKeys } from "./stock.ts";

/** In the base currency. Without a quantity where there are different items in it. */
export type Valued = Named & Readonly<{ quantity?: DecimalText; value: DecimalText }>;

/** `total`: of all pages, told on the first. */
export type Valuation = Paged<Valued, NameCursor> & Readonly<{ total: DecimalText | null }>;

export function valuation(
  pool: Pool,
  book: string,
  asked: Moment & Which & By,
  { limit, after }: Page<NameCursor>,
): Promise<Answer<Valuation>> {
  return ask(pool, book, asked, async ({ tables, schema, asOf, seq }) => {
    const { names, shown, amounts, last } = groupsBy(asked.by, after);
    const of = (figures: RawBuilder<unknown>) => sql`
      select ${figures} from ${sql.table(`${schema}.stock_key`)} k
             ${baseOfKey(schema, { asOf, seq })} ${sumOfKey(schema, seq)}
       where ${whichKeys(asked)} and ${isThere}`;
    const { rows } = await sql<Valued>`
      ${of(sql`${shown}, ${amounts}`)} and ${last ? sql`(${names}) > (${last})` : sql`true`}
       group by ${names} order by ${names} limit ${limit + 1}`.execute(tables);
    return { ...paged(rows, limit, nameCursor), total: after ? null : await totalOf() };

    async function totalOf(): Promise<DecimalText | null> {
      const sum = sql`trim_scale(coalesce(sum(s.value), 0))::text as total`;
      const { rows: totals } = await sql<{ total: DecimalText }>`${of(sum)}`.execute(tables);
      return totals[0]?.total ?? null;
    }
  });
}
