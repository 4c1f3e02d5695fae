/**
 * A receipt that comes late, from HTTP to answer: before all movements of an item, and before its last thousand, of many and
 * of few; against the bare client appending as many bytes. And the first command on such an item after a restart, folded from
 * zero and from its snapshot.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openSession } from "../../read-models/database.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import type { BareClient } from "./bare-client.ts";
import { importInto } from "./bulk.ts";
import { newBook, type Place } from "./place.ts";
import { median } from "./rounds.ts";
import { withServer } from "./serving.ts";
import { count, type Row } from "./table.ts";
import { type Environment, withWorker } from "./worker.ts";
import { csvOf, type Move, movesOf } from "./workload.ts";

const MOVES = [25_000, 2_500];
const LAST = 1_000;
const TIMES = 5;
/** Bytes of an event of the bare client's. */
const PLAIN_BYTES = 500;
const APPEND_BYTES = 900 * 1024;

type Timed = Readonly<{ ms: number; bytes: number; rows: number; position: string }>;

export async function late(place: Place): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const moves of MOVES.map((many) => (place.quick ? many / 10 : many)))
    rows.push(...(await ofItem(place, moves, place.quick ? LAST / 10 : LAST)));
  return rows;
}

async function ofItem(place: Place, moves: number, last: number): Promise<readonly Row[]> {
  const book = newBook();
  const file = join(place.folder, `late-${moves}.csv`);
  const recorded = movesOf({ items: 1, moves });
  const others = recorded.map((move) => ({ ...move, item: `${move.item}-2` }));
  await writeFile(file, csvOf([...recorded, ...others]));
  await importInto(place, book, file);
  const [first, recent, other] = [recorded[0], recorded[moves - last], others[0]] as [Move, Move, Move];
  const env = { ...place.env, BOOK: book };
  const folded = await withServer(env, async (url) => {
    const row = await cold(url, first, { moves, note: "the trail read and folded" });
    await kept(env, book, 1);
    await send(url, other);
    await kept(env, book, 2);
    return row;
  });
  return withServer(env, async (url) => [
    folded,
    await cold(url, first, { moves, note: "from its snapshot, the first of the process" }),
    await cold(url, other, { moves, note: "from its snapshot" }),
    await against(
      place,
      `late receipt before ${count(moves)} movements`,
      await times(url, { ...first, date: "2022-12-31" }),
    ),
    await against(
      place,
      `late receipt before the last ${count(last)} of ${count(moves)}`,
      await times(url, recent),
    ),
  ]);
}

/** After one that is refused, on an item that there is not: all else is warm. What the next one takes less, it took to load the item. */
async function cold(url: string, move: Move, { moves, note }: { moves: number; note: string }): Promise<Row> {
  await shown(url, `knownAt=${2 * moves + 3}`);
  await fetch(...receipt(url, { ...move, item: "none" }));
  const last = { ...move, date: "2026-01-01" };
  const { ms: took } = await send(url, last);
  const { ms: warm } = await send(url, last);
  const name = `first command on an item of ${count(moves)}, cold`;
  return { ...empty, name, subject: ms(took), note: `${note}, in ${ms(took - warm)}` };
}

/** Waits for so many snapshots. */
async function kept({ DATABASE_URL = "" }: Environment, book: string, many: number): Promise<void> {
  const session = await openSession(DATABASE_URL, { onLost: () => {} });
  try {
    while ((await session.query(`select from ${quoted(bookSchema(book))}.snapshot`)).length < many)
      await sleep(100);
  } finally {
    await session.close();
  }
}

const empty: Row = { name: "", subject: "", bound: "", ratio: "", expected: "", note: "" };
const ms = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`;

async function against(place: Place, name: string, sent: readonly Timed[]): Promise<Row> {
  const { bytes = 0, rows = 0 } = sent.at(-1) ?? {};
  const appends = Math.ceil(bytes / APPEND_BYTES);
  const together = Math.max(1, Math.floor(bytes / appends / PLAIN_BYTES));
  const bound = await withWorker<BareClient, number>("bare-client.js", place.env, async (bare) => {
    const seconds: number[] = [];
    for (let time = 0; time <= TIMES; time++)
      seconds.push((await bare.ask("appendPlain", { inFlight: 1, together, appends })).seconds);
    return 1_000 * median(seconds.slice(1));
  });
  const subject = median(sent.map((one) => one.ms));
  return {
    ...empty,
    name,
    subject: ms(subject),
    bound: ms(bound),
    ratio: (bound / subject).toFixed(2),
    note: `${count(rows)} rows, ${count(bytes)} bytes in ${appends} appends`,
  };
}

/** One after another, each once the read models show the one before: the process that answers projects them too. */
async function times(url: string, move: Move): Promise<readonly Timed[]> {
  const sent: Timed[] = [];
  for (let time = 0; time < TIMES; time++) {
    sent.push(await send(url, move));
    await shown(url, `minPosition=${sent.at(-1)?.position}`);
  }
  return sent;
}

type Answer = Readonly<{
  position: string;
  events: readonly Readonly<{ data: { rows: readonly object[] } }>[];
}>;
let keys = 0;

function receipt(url: string, { item, date: effectiveDate, location }: Move): [string, RequestInit] {
  const body = { effectiveDate, location, quantity: "7", value: "31.25", reference: "late" };
  return [
    `${url}/v1/items/${item}/receipts`,
    {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": `late-${keys++}`,
        "x-actor": "bench",
      },
      body: JSON.stringify(body),
    },
  ];
}

async function send(url: string, move: Move): Promise<Timed> {
  const asked = receipt(url, move);
  const start = performance.now();
  const answer = await fetch(...asked);
  const text = await answer.text();
  const took = performance.now() - start;
  if (!answer.ok) throw new Error(text);
  const { events, position } = JSON.parse(text) as Answer;
  const rows = events.reduce((sum, { data }) => sum + data.rows.length, 0);
  return { ms: took, bytes: Buffer.byteLength(JSON.stringify(events)), rows, position };
}

/** Waits for the read models. */
async function shown(url: string, until: string): Promise<void> {
  const answer = await fetch(`${url}/v1/balances?limit=1&${until}`);
  if (!answer.ok) throw new Error(await answer.text());
}
