/** Streams with a command that has had no end for a while. */
import { sql } from "kysely";
import { bookSchema } from "./names.ts";
import type { Pool } from "./schema.ts";

export async function waitingStreams(pool: Pool, book: string, seconds: number): Promise<readonly string[]> {
  const { rows } = await sql<{ stream: string }>`
    select stream from ${sql.table(`${bookSchema(book)}.waiting`)}
     group by stream having max(waits_from) < now() - make_interval(secs => ${seconds})`.execute(pool);
  return rows.map(({ stream }) => stream);
}
