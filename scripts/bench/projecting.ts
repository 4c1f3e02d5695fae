/** Fills the read models of a book from the log. */
import { connectEventStore } from "../../api/event-store/eventstoredb.ts";
import { project } from "../../projections/projector.ts";
import { connect, openSession } from "../../read-models/database.ts";
import { migrate } from "../../read-models/migrate.ts";
import { bookSchema, generationSchema, quoted } from "../../read-models/names.ts";
import type { BookTables } from "../../read-models/schema.ts";
import { secondsOf } from "./rounds.ts";
import { answer } from "./worker.ts";

const { DATABASE_URL: databaseUrl = "", EVENTSTORE_URL: eventStoreUrl = "" } = process.env;
const report = (error: unknown): void => console.error(error);

/** As if the book had never been projected. */
async function emptied(book: string): Promise<void> {
  const session = await openSession(databaseUrl, { onLost: report });
  await session.script([
    "set client_min_messages = error",
    ...[generationSchema(book, 1), bookSchema(book)].map(
      (schema) => `drop schema if exists ${quoted(schema)} cascade`,
    ),
    "checkpoint",
  ]);
  await session.close();
  const pool = connect<BookTables>(databaseUrl, { sessions: 1, onLost: report });
  await migrate(pool, book);
  await pool.destroy();
}

const jobs = {
  /** Seconds from the subscription until the tables have all, and how many events that is. */
  async catchUp({ book }: Readonly<{ book: string }>) {
    await emptied(book);
    const store = connectEventStore(eventStoreUrl, { report });
    let events = 0;
    const seconds = await secondsOf(
      () =>
        new Promise<void>((resolve, reject) => {
          const projecting = project({ databaseUrl, book, store, report }).subscribe({
            next({ caughtUp, checkpoint }) {
              if (!caughtUp) return;
              events = Number(checkpoint.seq);
              resolve();
              projecting.unsubscribe();
            },
            error: reject,
          });
        }),
    );
    await store.dispose();
    return { seconds, events };
  },
};

export type Projecting = typeof jobs;
answer(jobs);
