/**
 * Commands for both servers, without pause: a lane an item, one command after the other, each sent again with its key until
 * somebody says what came of it. What was acknowledged is kept, to be compared with what is there.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { companyStream } from "../../api/company.ts";
import { itemStream } from "../../domain/inventory/item.ts";
import type { Random } from "../random.ts";
import { broughtIn, LARGE, moved, watch } from "./large.ts";

export type Acknowledged = Readonly<{ key: string; stream: string; revision: bigint; position: bigint }>;

export type Command = Readonly<{ path: string; body: object }>;

const PATIENCE_MS = 20_000;
/** Beyond any fault: who has no answer by then has been forgotten. */
const GIVEN_UP_MS = 120_000;
const AGAIN_MS = 50;
/** Rounds. A large move is thousands of rows, which each round is to verify. */
const MOVES_EVERY = 8;

/** `urls`: of the servers; which one is asked is drawn anew each time. */
export function startLoad(book: string, urls: readonly string[], lanes: number, random: Random) {
  const acknowledged: Acknowledged[] = [];
  const refused: string[] = [];
  const counts = new Array<number>(lanes).fill(0);
  let running: Promise<unknown> = Promise.resolve();
  let stopped = true;
  let moves = 0;
  let starts = 0;

  async function settled(key: string, { path, body }: Command): Promise<unknown> {
    for (const until = Date.now() + GIVEN_UP_MS; Date.now() < until; ) {
      const url = urls[random(urls.length)] ?? "";
      try {
        const response = await fetch(`${url}${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": key, "x-actor": "load" },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        const answer: unknown = await response.json();
        if (response.status === 201) return answer;
        if (response.status < 500) {
          refused.push(`${key}: ${response.status} ${JSON.stringify(answer)}`);
          return undefined;
        }
      } catch {
        // no answer: it may have been done
      }
      await sleep(AGAIN_MS);
    }
    refused.push(`${key}: nobody answers`);
    return undefined;
  }

  async function record(stream: string, key: string, command: Command): Promise<void> {
    const answer = (await settled(key, command)) as { revision: string; position: string } | undefined;
    if (!answer) return;
    const { revision, position } = answer;
    acknowledged.push({ key, stream, revision: BigInt(revision), position: BigInt(position) });
  }

  async function lane(item: number): Promise<void> {
    while (!stopped) {
      const number = counts[item] ?? 0;
      counts[item] = number + 1;
      await record(itemStream(book, `i${item}`), `${item}-${number}`, commandOf(`i${item}`, number));
    }
  }

  async function move(): Promise<void> {
    const { key, command } = moved(moves++);
    await record(itemStream(book, LARGE), key, command);
  }

  return {
    acknowledged: acknowledged as readonly Acknowledged[],
    refused: refused as readonly string[],
    /** The company, and an item whose moves are large. */
    async found(): Promise<void> {
      await record(companyStream(book), "founding", { path: "/v1/company", body: COMPANY });
      for (const { key, command } of broughtIn) await record(itemStream(book, LARGE), key, command);
    },
    start(): void {
      stopped = false;
      const watching = watch(
        urls,
        () => stopped,
        (wrong) => void refused.push(wrong),
      );
      const moving = starts++ % MOVES_EVERY === 0 ? [move()] : [];
      running = Promise.all([watching, ...moving, ...counts.map((_, item) => lane(item))]);
    },
    /** Resolves when every command that was begun has its answer. */
    async stop(): Promise<void> {
      stopped = true;
      await running;
    },
  };
}

const COMPANY = { name: "Faults", baseCurrency: "EUR", timeZone: "Europe/Berlin" };
const FIRST_DAY = Date.UTC(1990, 0, 1);
const DAY_MS = 86_400_000;

/** The first registers the item; then ever later days, and never more out than in. */
function commandOf(item: string, number: number): Command {
  const path = `/v1/items/${item}`;
  if (number === 0) return { path: `${path}/registration`, body: { unit: "piece", quantityScale: 0 } };
  const effectiveDate = new Date(FIRST_DAY + number * DAY_MS).toISOString().slice(0, 10);
  const about = { effectiveDate, location: number % 7 === 6 ? "B" : "A" };
  if (number % 7 === 1)
    return { path: `${path}/receipts`, body: { ...about, quantity: "10", value: `${10 + (number % 9)}.25` } };
  if (number % 7 === 4)
    return { path: `${path}/transfers`, body: { effectiveDate, from: "A", to: "B", quantity: "2" } };
  return { path: `${path}/issues`, body: { ...about, quantity: "1", purpose: "sale", reference: "SO" } };
}
