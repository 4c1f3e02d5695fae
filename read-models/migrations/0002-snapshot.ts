/**
 * Folded states of long streams. Derived, and dropped at will: what a crash of Postgres empties is folded again. Already
 * dense: to compress it would cost more than it spares.
 */
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>, schema: string): Promise<void> {
  const table = sql.table(`${schema}.snapshot`);
  await sql`
    create unlogged table ${table} (
      stream   text    primary key,
      fold     integer not null,
      revision bigint  not null,
      position bigint  not null,
      hash     text    not null,
      counting bigint  not null,
      state    text    not null,
      seal     text    not null
    )`.execute(db);
  await sql`alter table ${table} alter column state set storage external`.execute(db);
}
