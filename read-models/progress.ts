/** How far the tables are, for who must read what was just written. */
import { bookSchema } from "./names.ts";
import type { Pool } from "./schema.ts";

export type Progress = Readonly<{ position: bigint; reached: bigint; seq: bigint }>;

export const progress = (pool: Pool, book: string): Promise<Progress> =>
  pool
    .withSchema(bookSchema(book))
    .selectFrom("checkpoint")
    .select(["position", "reached", "seq"])
    .executeTakeFirstOrThrow();
