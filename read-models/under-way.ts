/** Documents whose lines have not all reached their items. */
import { type RawBuilder, sql } from "kysely";
import type { Recorded } from "../domain/kernel/event.ts";
import { bookSchema } from "./names.ts";
import { ask, NOW } from "./question.ts";
import type { Pool } from "./schema.ts";
import { recordedOf } from "./trail.ts";

/** Their events, the oldest first; `seq`: as far as was looked. */
export type UnderWay = Readonly<{ seq: bigint; documents: readonly Recorded[] }>;
export type Table = (name: string) => RawBuilder<unknown>;

/** `left`: selects the seq of each line that is left. */
export async function documentsUnderWay(
  pool: Pool,
  book: string,
  left: (table: Table) => RawBuilder<unknown>,
): Promise<UnderWay> {
  const { seq, rows } = await ask(pool, book, NOW, ({ tables, schema }) =>
    sql<Parameters<typeof recordedOf>[0]>`
      select t.* from ${sql.table(`${bookSchema(book)}.trail`)} t
       where t.seq in (${left((name) => sql.table(`${schema}.${name}`))})
       order by t.seq limit 20`.execute(tables),
  );
  return { seq, documents: rows.map(recordedOf) };
}
