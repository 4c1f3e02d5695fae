/** Fills the tables of a book with drawn rows, past the log, and asks for balances at random moments. */
import { batchApplier } from "../../projections/apply-batch.ts";
import { takeFence } from "../../projections/fence.ts";
import { balances } from "../../read-models/balances.ts";
import { connect, openSession } from "../../read-models/database.ts";
import { migrate } from "../../read-models/migrate.ts";
import { bookSchema, generationSchema, quoted } from "../../read-models/names.ts";
import type { BookTables } from "../../read-models/schema.ts";
import { randomFrom } from "../random.ts";
import { type Drawn, drawnEvents, drawnItem, FIRST_DAY } from "./drawn-rows.ts";
import { secondsOf } from "./rounds.ts";
import { answer } from "./worker.ts";

const report = (error: unknown): void => console.error(error);
const { DATABASE_URL: databaseUrl = "" } = process.env;
const pool = connect<BookTables>(databaseUrl, { sessions: 1, onLost: report });
const session = await openSession(databaseUrl, { onLost: report });
const BATCH = 1_000;
const DAY_MS = 86_400_000;

type Filling = Readonly<{ book: string; items: number; until: number }>;
let filling: Awaited<ReturnType<typeof begun>> | undefined;

async function begun({ book, items, until }: Filling, all: number) {
  await migrate(pool, book);
  const own = await openSession(databaseUrl, { onLost: report });
  const applier = batchApplier(own, book, await takeFence(own, book));
  return {
    book,
    items,
    rows: 0,
    events: 0,
    lastDay: "",
    until,
    applier,
    drawn: drawnEvents(book, items, all),
  };
}

const jobs = {
  /** Up to so many rows in all, of as many as there will be at last. Seconds for it. */
  async fill({ all, ...asked }: Filling & Readonly<{ all: number }>): Promise<number> {
    filling ??= await begun(asked, all);
    const now = filling;
    const seconds = await secondsOf(async () => {
      while (now.rows < asked.until) {
        const batch: Drawn["event"][] = [];
        while (batch.length < BATCH && now.rows < asked.until) {
          const { event, date, rows } = now.drawn();
          batch.push(event);
          now.rows += rows;
          if (date > now.lastDay) now.lastDay = date;
        }
        await now.applier.apply({ events: batch });
        now.events += batch.length;
      }
    });
    const schemas = [bookSchema(now.book), generationSchema(now.book, 1)];
    // As autovacuum will have done; else it comes in the middle of a measurement.
    const tables = await session.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = any($1)",
      [schemas],
    );
    for (const { name } of tables) await session.script([`vacuum analyze ${name}`]);
    return seconds;
  },
  /** Milliseconds of questions for one item, and beside each of a bare select by primary key. */
  async one({ samples, seed }: Readonly<{ samples: number; seed: number }>) {
    const { draw, book, tables, random } = moments(seed);
    const rows = await session.query<{ key: number; effective: string; seq: bigint; line: number }>(
      `select key, effective, seq, line from ${tables}.cost_row tablesample bernoulli (5) limit 20000`,
    );
    const [bound, subject]: [number[], number[]] = [[], []];
    for (let sample = 0; sample < samples; sample++) {
      const { key, effective, seq, line } = rows[random(rows.length)] ?? {};
      const select = `select quantity, value from ${tables}.cost_row where key = $1 and effective = $2 and seq = $3 and line = $4`;
      await timed(bound, () => session.query(select, [key, effective, seq, line], "bench-one"));
      const asked = { ...draw(), item: drawnItem(random(moments(seed).items)) };
      await timed(subject, () => balances(pool, book, asked, { limit: 100, after: undefined }));
    }
    return { bound, subject };
  },
  /** The same for all items in one answer, and beside it one row by index for each. */
  async all({ samples, seed }: Readonly<{ samples: number; seed: number }>) {
    const { draw, book, tables, items } = moments(seed);
    const [bound, subject]: [number[], number[]] = [[], []];
    const each = `select k.item, r.quantity, r.value from ${tables}.stock_key k cross join lateral (
      select quantity, value from ${tables}.cost_row r where r.key = k.key order by effective desc, seq desc, line desc limit 1) r`;
    for (let sample = 0; sample < samples; sample++) {
      await timed(bound, () => session.query(each, [], "bench-all"));
      await timed(subject, () => balances(pool, book, draw(), { limit: items, after: undefined }));
    }
    return { bound, subject };
  },
};

/** Days and seqs at random over all there is. */
function moments(seed: number) {
  if (!filling) throw new Error("fill comes first");
  const { book, items, events, lastDay } = filling;
  const random = randomFrom(seed);
  const days = (Date.parse(lastDay) - FIRST_DAY) / DAY_MS;
  const tables = quoted(generationSchema(book, 1));
  const draw = () => {
    const asOf = new Date(FIRST_DAY + random(days + 1) * DAY_MS).toISOString().slice(0, 10);
    return { asOf, knownAt: { seq: BigInt(1 + random(events)) } } as const;
  };
  return { book, items, tables, random, draw };
}

async function timed(into: number[], work: () => Promise<unknown>): Promise<void> {
  into.push((await secondsOf(work)) * 1_000);
}

export type Asking = typeof jobs;
answer(jobs, () => pool.destroy());
