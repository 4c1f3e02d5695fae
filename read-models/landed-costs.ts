/** Bills whose lines have not all reached their items. */
import { sql } from "kysely";
import type { Recorded } from "../domain/kernel/event.ts";
import { bookSchema } from "./names.ts";
import { ask } from "./question.ts";
import type { Pool } from "./schema.ts";
import { recordedOf } from "./trail.ts";

/** Their events, the oldest first. */
export async function landedCostsUnderWay(pool: Pool, book: string): Promise<readonly Recorded[]> {
  const moment = { asOf: "2199-12-31", knownAt: "latest" } as const;
  const { rows } = await ask(pool, book, moment, ({ tables, schema }) =>
    sql<Parameters<typeof recordedOf>[0]>`
      select t.* from ${sql.table(`${bookSchema(book)}.trail`)} t
       where t.seq in (
         select l.seq from ${sql.table(`${schema}.landed_cost_line`)} l
           left join ${sql.table(`${schema}.value_fact`)} f on f.item = l.item and f.fact = l.fact
          where f.fact is null and l.amount <> 0)
       order by t.seq limit 100`.execute(tables),
  );
  return rows.map(recordedOf);
}
