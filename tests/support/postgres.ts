import type { Kysely } from "kysely";
import { connect, openSession, type Session } from "../../read-models/database.ts";
import { migrate } from "../../read-models/migrate.ts";
import { bookSchema, generationSchema, quoted } from "../../read-models/names.ts";
import type { BookTables } from "../../read-models/schema.ts";
import { databaseUrl } from "./engines.ts";
import { anyBook } from "./new-events.ts";

export type Book = Readonly<{
  url: string;
  name: string;
  pool: Kysely<BookTables>;
  /** Of its own, closed at the end. */
  session(): Promise<Session>;
  /** As it was before its first event. Whoever projected into it has to take the fence again. */
  emptied(): Promise<void>;
}>;

/** Every table that holds rows of the log, quoted; `waiting` holds what is on its way. */
export const bookTables = (book: string, names: readonly string[] = TABLES): readonly string[] =>
  names.map((table) => {
    const ofBook = table === "trail" || table === "waiting";
    return `${quoted(ofBook ? bookSchema(book) : generationSchema(book, 1))}.${table}`;
  });

export const TABLES = [
  "trail",
  "waiting",
  "stock_key",
  "cost_row",
  "month_end",
  "month_end_layer",
  "movement",
  "item_version",
] as const;

/** A migrated book of its own in the run's Postgres; nothing of it is left behind. */
export async function withBook<T>(test: (book: Book) => Promise<T>): Promise<T> {
  const url = await databaseUrl();
  const name = anyBook();
  const pool = connect<BookTables>(url, { sessions: 4, onLost: () => {} });
  const sessions: Session[] = [];
  const session = async () => {
    const opened = await openSession(url, { onLost: () => {} });
    sessions.push(opened);
    return opened;
  };
  const schema = quoted(bookSchema(name));
  try {
    await migrate(pool, name);
    const own = await session();
    return await test({
      url,
      name,
      pool,
      session,
      emptied: () =>
        own.script([
          ...bookTables(name).map((table) => `delete from ${table}`),
          `update ${schema}.checkpoint
              set position = -1, reached = -1, seq = 0, hash = repeat('0', 64), known_at = ''`,
        ]),
    });
  } finally {
    for (const each of sessions) await each.close().catch(() => {}); // a test may have broken it
    await pool.destroy();
    const last = await openSession(url, { onLost: () => {} });
    await last.script([
      "set client_min_messages = error",
      `drop schema if exists ${quoted(generationSchema(name, 1))} cascade`,
      `drop schema if exists ${schema} cascade`,
    ]);
    await last.close();
  }
}
