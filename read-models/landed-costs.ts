/** Bills that goods of several receipts bear, and what became of their lines. */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { documentsUnderWay } from "./under-way.ts";

export const landedCostsUnderWay = (pool: Pool, book: string, after = 0n) =>
  documentsUnderWay(
    pool,
    book,
    (table) => sql`
      select l.seq from ${table("landed_cost_line")} l
       where l.seq > ${after} and l.amount <> 0
         and not exists (select from ${table("value_fact")} f where f.item = l.item and f.fact = l.fact)
         and not exists (select from ${table("landed_cost_refusal")} r
                          where r.landed_cost = l.landed_cost and r.line = l.line)`,
  );

export type LandedCostLineRow = Readonly<{
  line: string;
  item: string;
  receipt: string;
  amount: DecimalText;
  /** The value fact of the item that says so; borne when it is there. */
  fact: string;
  status: "borne" | "refused" | "under way";
  reason: string | null;
}>;
export type LandedCostLineCursor = readonly [line: string];

/** What became of a bill's lines. */
export function landedCostLines(
  pool: Pool,
  book: string,
  asked: Moment & { landedCost: string },
  { limit, after }: Page<LandedCostLineCursor>,
): Promise<Answer<Paged<LandedCostLineRow, LandedCostLineCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, seq }) => {
    const table = (name: string) => sql.table(`${schema}.${name}`);
    const { rows } = await sql<LandedCostLineRow>`
      select l.line::text, l.item, l.receipt, trim_scale(l.amount)::text as amount, l.fact, r.reason,
             case when l.amount = 0 or f.fact is not null then 'borne'
                  when r.line is not null then 'refused' else 'under way' end as status
        from ${table("landed_cost_line")} l
        left join ${table("value_fact")} f on f.item = l.item and f.fact = l.fact and f.seq <= ${seq}
        left join ${table("landed_cost_refusal")} r
          on r.landed_cost = l.landed_cost and r.line = l.line and r.seq <= ${seq}
       where l.landed_cost = ${asked.landedCost} and l.seq <= ${seq}
         and ${after ? sql`l.line > ${after[0]}::int` : sql`true`}
       order by l.line limit ${limit + 1}`.execute(tables);
    return paged(rows, limit, ({ line }): LandedCostLineCursor => [line]);
  });
}
