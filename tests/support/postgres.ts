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
  "layer_origin",
  "lot_row",
  "movement",
  "item_version",
] as const;

/** Others that are emptied: rows that no rule decided fill none of them. */
const MORE = [
  "period_change",
  "value_fact",
  "cancelled_movement",
  "landed_cost_line",
  "landed_cost_refusal",
  "lot_description",
];

/**
 * What the tables hold, a hash each: equal where their rows are. Of the checkpoint only what a repeat must not change; who
 * took the fence, and where a subscription may resume, is no figure.
 */
export async function contents(session: Session, book: string): Promise<Readonly<Record<string, string>>> {
  const of = (table: string, name: string, columns = "t.*") =>
    `select '${name}' as name, md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) as hash
       from (select ${columns} from ${table} t) t`;
  const tables = bookTables(book).map((table, index) => {
    const name = TABLES[index] ?? "";
    return of(table, name, name === "waiting" ? "position, stream, event" : "t.*");
  });
  const checkpoint = of(
    `${quoted(bookSchema(book))}.checkpoint`,
    "checkpoint",
    "position, seq, hash, known_at",
  );
  const rows = await session.query<{ name: string; hash: string }>(
    [...tables, checkpoint].join(" union all "),
    [],
    "contents",
  );
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]));
}

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
    await own.script(["set synchronous_commit = off"]);
    let times = 0;
    return await test({
      url,
      name,
      pool,
      session,
      emptied: () => {
        // Cheaper for a few rows; now and then it has to be without what deleted rows leave behind.
        const empty = times % 50 === 0 ? "truncate" : "delete from";
        times += 1;
        return own.script([
          ...bookTables(name, [...TABLES, ...MORE]).map((table) => `${empty} ${table}`),
          `update ${schema}.checkpoint
              set position = -1, reached = -1, seq = 0, hash = repeat('0', 64), known_at = ''`,
        ]);
      },
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
