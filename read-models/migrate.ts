/** Brings a book's tables to where this program wants them. Safe to run twice, and by two processes at once. */
import { type Kysely, type Migration, Migrator, sql } from "kysely";
import { createGenerationTables, SHAPE } from "./generation-tables.ts";
import { up as book } from "./migrations/0001-book.ts";
import { up as snapshot } from "./migrations/0002-snapshot.ts";
import { bookSchema, generationSchema } from "./names.ts";
import type { BookTables } from "./schema.ts";

/** In order; a name that landed is never used for another. */
const migrations: Readonly<Record<string, (db: Kysely<unknown>, schema: string) => Promise<void>>> = {
  "0001-book": book,
  "0002-snapshot": snapshot,
};

/** The read models that are there were made by another version of the program. */
export class OtherShape extends Error {}

/** Answers with the names of the migrations that were run. */
export async function migrate(db: Kysely<BookTables>, name: string): Promise<readonly string[]> {
  const schema = bookSchema(name);
  const bound = Object.entries(migrations).map(
    ([key, up]) => [key, { up: (tx: Kysely<unknown>) => up(tx, schema) }] as const,
  );
  const migrator = new Migrator({
    db,
    migrationTableSchema: schema,
    provider: { getMigrations: async (): Promise<Record<string, Migration>> => Object.fromEntries(bound) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error;
  await firstGeneration(db.withSchema(schema), name);
  return results.map(({ migrationName }) => migrationName);
}

async function firstGeneration(db: Kysely<BookTables>, name: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`lock table ${sql.table(`${bookSchema(name)}.generation`)} in exclusive mode`.execute(tx);
    const pointer = await tx.selectFrom("generation").selectAll().executeTakeFirst();
    if (pointer && pointer.shape !== SHAPE)
      throw new OtherShape(
        `book ${name}: its read models have shape ${pointer.shape}, this program makes ${SHAPE}: drop the schemas ${bookSchema(name)} and ${generationSchema(name, pointer.number)}, and they are built again from the log`,
      );
    if (pointer) return;
    await createGenerationTables(tx as unknown as Kysely<unknown>, generationSchema(name, 1));
    await tx.insertInto("generation").values({ number: 1, shape: SHAPE }).execute();
  });
}
