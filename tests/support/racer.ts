/**
 * A process of its own with the book open, that races with another on one item: `node dist/tests/support/racer.js`. Told
 * "race 3", it sends its own commands of the third day, many at once; told "swap", all of the other's, as they were; a line
 * of JSON for each answer. Day by day, since whoever ran ahead of the other would leave it nothing but late movements.
 */
import { createInterface } from "node:readline";
import { openBook } from "../../api/book.ts";
import { sha256 } from "../../api/commands/idempotency.ts";
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import { decimal } from "../../domain/kernel/decimal.ts";

export type Raced = Readonly<{
  key: string;
  /** The greatest position that this process had been answered when it sent. */
  since: string;
  status: string;
  revision?: string;
  position?: string;
  events?: readonly unknown[];
  refusal?: Readonly<{ name: string; onHand?: string; requested?: string }>;
}>;

const AT_ONCE = 12;
const A_DAY = 10;
const env = (name: string): string => process.env[name] ?? "";
const [me, other] = [Number(env("RACER")), 1 - Number(env("RACER"))];
const count = Number(env("RACES"));

/** Two sevenths receive, most issue; days go up, so that a receipt is late now and then. */
function commandOf(racer: number, n: number): ItemCommand {
  const movement = `c${racer}-${n}`;
  const day = 1 + Math.floor(n / A_DAY);
  const effectiveDate = `2026-01-${`${day}`.padStart(2, "0")}`;
  const about = { item: "rod", movement, effectiveDate, time: null, lot: null, location: "A" };
  const quantity = decimal(`${1 + ((n * 5 + racer) % 4)}`);
  const today = "2026-06-30";
  if (n % 7 === 0) {
    const received = { quantity: decimal("4"), value: decimal("40"), reference: null };
    return { type: "ReceiveGoods", data: { ...about, ...received }, today };
  }
  if (n % 7 === 3) {
    const found = { quantity: decimal("3"), value: decimal("33.33"), reference: null };
    return { type: "AdjustStock", data: { ...about, ...found }, today };
  }
  return { type: "IssueGoods", data: { ...about, quantity, purpose: "sale", reference: "SO" }, today };
}

const book = await openBook(
  {
    book: env("BOOK"),
    home: "/nowhere",
    databaseUrl: env("DATABASE_URL"),
    eventStoreUrl: env("EVENTSTORE_URL"),
  },
  { report: (error) => console.error(error) },
);
let last = -1n;

async function send(racer: number, n: number): Promise<void> {
  const command = commandOf(racer, n);
  const key = `c${racer}-${n}`;
  const since = `${last}`;
  const stream = itemStream(book.name, "rod");
  const request = {
    commandId: key,
    commandHash: sha256(["POST", key]),
    actor: `racer ${racer}`,
    stream,
    command,
  };
  const outcome = await book.items.handle(request);
  const told = { key, since, status: outcome.status };
  if (outcome.status !== "accepted") {
    console.log(JSON.stringify({ ...told, ...outcome } satisfies Raced));
    return;
  }
  const { revision, position, events } = outcome.answer;
  if (position > last) last = position;
  const answer = { revision: `${revision}`, position: `${position}`, events };
  console.log(JSON.stringify({ ...told, ...answer } satisfies Raced));
}

async function sendAll(racer: number, from: number, to: number): Promise<void> {
  let next = from;
  const worker = async () => {
    while (next < to) await send(racer, next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [what, day = 0] = line.split(" ");
  if (what === "race") await sendAll(me, A_DAY * (Number(day) - 1), A_DAY * Number(day));
  if (what === "swap") await sendAll(other, 0, count);
  if (line === "stop") break;
  console.log(JSON.stringify({ done: line, seen: await book.seen(last, 20_000) }));
}
await book.close();
process.exit(0);
