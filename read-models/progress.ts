/** How far the tables are, for who must read what was just written. */
import type { Kysely } from "kysely";
import { bookSchema } from "./names.ts";
import type { BookTables } from "./schema.ts";

export type Progress = Readonly<{ position: bigint; reached: bigint; seq: bigint }>;

export const progress = (pool: Kysely<BookTables>, book: string): Promise<Progress> =>
  pool
    .withSchema(bookSchema(book))
    .selectFrom("checkpoint")
    .select(["position", "reached", "seq"])
    .executeTakeFirstOrThrow();
