/** Folded states of long streams, beside the trail that they come from. None is found that is not of this trail. */
import type { Selectable } from "kysely";
import { bookSchema } from "./names.ts";
import type { BookTables, Pool } from "./schema.ts";

export type SnapshotRow = Selectable<BookTables["snapshot"]>;
type Place = Pick<SnapshotRow, "stream" | "revision" | "position">;

export type SnapshotTable = ReturnType<typeof snapshotTable>;

export function snapshotTable(pool: Pool, book: string) {
  const db = pool.withSchema(bookSchema(book));
  return {
    find: (stream: string, fold: number): Promise<SnapshotRow | undefined> =>
      db
        .selectFrom("snapshot as s")
        .innerJoin("trail as t", (on) =>
          on
            .onRef("t.stream", "=", "s.stream")
            .onRef("t.revision", "=", "s.revision")
            .onRef("t.position", "=", "s.position")
            .onRef("t.hash", "=", "s.hash"),
        )
        .selectAll("s")
        .where("s.stream", "=", stream)
        .where("s.fold", "=", fold)
        .executeTakeFirst(),

    /** The chain at an event; undefined where the trail does not have it, or not yet. */
    async hashAt({ stream, revision, position }: Place): Promise<string | undefined> {
      const row = await db
        .selectFrom("trail")
        .select("hash")
        .where("stream", "=", stream)
        .where("revision", "=", revision)
        .where("position", "=", position)
        .executeTakeFirst();
      return row?.hash;
    },

    /** In the place of another of the stream, by whomever. */
    async keep({ stream, ...row }: SnapshotRow): Promise<void> {
      await db
        .insertInto("snapshot")
        .values({ stream, ...row })
        .onConflict((on) => on.column("stream").doUpdateSet(row))
        .execute();
    },
  };
}
