/**
 * What every question has in common: as of which day, as known when. One answer from several statements is one
 * read-only snapshot, whose first statement reads the pointer and the seq.
 */
import type { Transaction } from "kysely";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { bookSchema, generationSchema } from "./names.ts";
import type { BookTables, GenerationTables, Pool } from "./schema.ts";

/** `{ at }`: an ISO 8601 instant in UTC with milliseconds, resolved over the running maximum of recording times. */
export type KnownAt = "latest" | Readonly<{ seq: bigint }> | Readonly<{ at: string }>;
export type Moment = Readonly<{ asOf: EffectiveDate; knownAt: KnownAt }>;
/** All that is known, on any day. */
export const NOW: Moment = { asOf: "2199-12-31", knownAt: "latest" };

/** Asked for a seq that the tables have not reached. The caller waits, within limits, and asks again. */
export class NotYetKnown extends Error {
  readonly latest: bigint;
  constructor(latest: bigint) {
    super(`the book is known up to seq ${latest}`);
    this.latest = latest;
  }
}

export type Snapshot = Readonly<{
  asOf: EffectiveDate;
  /** What `knownAt` resolved to: the end of a command. Asked again with it, the answer is the same for ever. */
  seq: bigint;
  book: Transaction<BookTables>;
  tables: Transaction<GenerationTables>;
  /** Of `tables`. */
  schema: string;
}>;

/** `seq`, as every answer names it. */
export type Answer<T> = Readonly<{ seq: bigint; asOf: EffectiveDate }> & T;

export async function ask<T>(
  pool: Pool,
  name: string,
  { asOf, knownAt }: Moment,
  question: (snapshot: Snapshot) => Promise<T>,
): Promise<Answer<T>> {
  const snapshot = pool.transaction().setIsolationLevel("repeatable read").setAccessMode("read only");
  return snapshot.execute(async (tx) => {
    const book = tx.withSchema(bookSchema(name)) as Transaction<BookTables>;
    const { number, seq: latest } = await book
      .selectFrom(["generation", "checkpoint"])
      .select(["number", "seq"])
      .executeTakeFirstOrThrow();
    const seq = await resolve(book, knownAt, latest);
    const schema = generationSchema(name, number);
    const tables = tx.withSchema(schema) as unknown as Transaction<GenerationTables>;
    return { seq, asOf, ...(await question({ asOf, seq, book, tables, schema })) };
  });
}

async function resolve(book: Transaction<BookTables>, knownAt: KnownAt, latest: bigint): Promise<bigint> {
  if (knownAt === "latest") return latest;
  if ("at" in knownAt) {
    const row = await book
      .selectFrom("trail")
      .select("seq")
      .where("known_at", "<=", knownAt.at)
      .orderBy("known_at", "desc")
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    return row ? commandEnd(book, row.seq) : 0n;
  }
  if (knownAt.seq > latest) throw new NotYetKnown(latest);
  return commandEnd(book, knownAt.seq);
}

/** The end of the last command that is whole at `seq`: a command's events stand together. */
async function commandEnd(book: Transaction<BookTables>, seq: bigint): Promise<bigint> {
  const row = await book
    .selectFrom("trail")
    .select(["part", "parts"])
    .where("seq", "=", seq)
    .executeTakeFirst();
  return !row || row.part === row.parts ? seq : seq - BigInt(row.part);
}

/** Pages go by key, never by offset: what is added meanwhile moves nothing. */
export type Page<Cursor> = Readonly<{ limit: number; after: Cursor | undefined }>;
export type Paged<Row, Cursor> = Readonly<{ rows: readonly Row[]; next: Cursor | undefined }>;

/** One more than asked for tells whether there is another page. */
export function paged<Row, Cursor>(
  found: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => Cursor,
): Paged<Row, Cursor> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last ? cursorOf(last) : undefined };
}
