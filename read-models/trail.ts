/** The audit trail as the command path reads it: cold streams, and which commands are known. */
import { type Selectable, sql } from "kysely";
import type { Recorded } from "../domain/kernel/event.ts";
import { NO_EVENTS } from "../domain/kernel/event-store.ts";
import { bookSchema } from "./names.ts";
import type { BookTables, Pool } from "./schema.ts";

type TrailRow = Selectable<BookTables["trail"]>;
const COLUMNS = ["stream", "revision", "id", "type", "data", "metadata", "position"] as const;

export const recordedOf = ({
  stream,
  revision,
  id,
  type,
  data,
  metadata,
  position,
}: Pick<TrailRow, (typeof COLUMNS)[number]>): Recorded => ({
  stream,
  revision,
  id,
  type,
  position,
  data: JSON.parse(data),
  metadata: JSON.parse(metadata),
});

/** Whole commands only: a command's events come into the trail together. */
export function trail(pool: Pool, book: string) {
  const db = pool.withSchema(bookSchema(book));
  return {
    async stream(stream: string, from = 0n): Promise<readonly Recorded[]> {
      const rows = await db
        .selectFrom("trail")
        .select(COLUMNS)
        .where("stream", "=", stream)
        .where("revision", ">=", from)
        .orderBy("revision")
        .execute();
      return rows.map(recordedOf);
    },

    async revision(stream: string): Promise<bigint> {
      const row = await db
        .selectFrom("trail")
        .select(({ fn }) => fn.max("revision").as("last"))
        .where("stream", "=", stream)
        .executeTakeFirst();
      return row?.last ?? NO_EVENTS;
    },

    async commands(ids: readonly string[]): Promise<readonly Recorded[]> {
      const rows = await db
        .selectFrom("trail")
        .select(COLUMNS)
        .where(sql<boolean>`command_id = any(${ids})`)
        .orderBy("seq")
        .execute();
      return rows.map(recordedOf);
    },
  };
}
