/**
 * Goal: a stocktake of 50 lines is posted to each item once, wherever whoever carries it out crashes; and a line that was
 * refused is not counted by the posting that it was refused in.
 * Method: it is posted, and its lines are sent until the process dies before, or just after, the n-th step of it; then a
 * server starts, and nobody does anything. All at once for every n, each of a stocktake of its own on the same items.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Book } from "../../api/book.ts";
import type { Document } from "../../api/carrying-out.ts";
import { catchUp } from "../../api/catch-up.ts";
import { newEvents, sha256 } from "../../api/commands/idempotency.ts";
import { carryOut } from "../../api/stocktakes.ts";
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import { stocktakeStream } from "../../domain/inventory/stocktake.ts";
import type { StocktakeCommands } from "../../domain/inventory/stocktake-events.ts";
import type { MessageOf } from "../../domain/kernel/event.ts";
import { stocktakeLines } from "../../read-models/stocktake-lines.ts";
import { stocktakesUnderWay } from "../../read-models/stocktakes.ts";
import { found, opened, ownBook } from "../support/open-book.ts";
import { d, IssueGoods, ReceiveGoods, rod, today } from "../support/rod.ts";

const ITEMS = Array.from({ length: 50 }, (_, n) => `SKU-${n}`);
/** Its stock is gone by the time of a later issue: it refuses whatever is counted below that. */
const REFUSES = "SKU-7";

async function send(book: Book, item: string, command: ItemCommand): Promise<void> {
  const commandId = `${command.type}-${item}-${sha256(command.data).slice(0, 8)}`;
  const request = { commandId, commandHash: sha256([item, commandId]), actor: "ada", command };
  const outcome = await book.items.handle({ ...request, stream: itemStream(book.name, item) });
  expect(outcome).toMatchObject({ status: "accepted" });
}

const receive = (book: Book, item: string, movement: string, effectiveDate: string) => {
  const receipt = ReceiveGoods(movement, "10", "100", { effectiveDate });
  return send(book, item, { ...receipt, data: { ...receipt.data, item } });
};

async function stocked(book: Book): Promise<void> {
  await found(book);
  await Promise.all(
    ITEMS.map(async (item) => {
      await send(book, item, { type: "RegisterItem", data: { ...rod, item }, today });
      await receive(book, item, "R", "2026-03-01");
    }),
  );
  const issue = IssueGoods("I", "9", { effectiveDate: "2026-03-30" });
  await send(book, REFUSES, { ...issue, data: { ...issue.data, item: REFUSES } });
}

let keys = 0;
/** What a posting leads to is not seen to. */
async function asked(book: Book, command: MessageOf<StocktakeCommands>): Promise<Document> {
  keys += 1;
  const caller = { commandId: `key-${keys}`, commandHash: sha256(command.data), actor: "ada" };
  const stream = stocktakeStream(book.name, command.data.stocktake);
  const outcome = await book.stocktakes.handle({ ...caller, stream, command: { ...command, today } });
  if (outcome.status !== "accepted") throw new Error(JSON.stringify(outcome));
  const [event] = outcome.answer.events;
  const [stored] = newEvents(caller, stream, outcome.answer.events, "");
  if (!event || !stored) throw new Error("no event");
  return { event, id: stored.id, metadata: { actor: "ada", correlationId: caller.commandId } };
}

async function posted(book: Book, stocktake: string, counted: string, items = ITEMS): Promise<Document> {
  const sheet = { location: "A", date: "2026-03-20", reference: null };
  await asked(book, { type: "OpenStocktake", data: { stocktake, ...sheet } });
  const lines = items.map((item) => ({
    ...{ item, lot: null, counted: d(counted), unitCost: null, countedBy: "ben" },
  }));
  await Promise.all(lines.map((line) => asked(book, { type: "CountLine", data: { stocktake, ...line } })));
  await asked(book, { type: "ApproveStocktake", data: { stocktake, approvedBy: "ada" } });
  return asked(book, { type: "PostStocktake", data: { stocktake } });
}

/** Sends lines, and tells of those refused, and dies after so many of both: those under way may still be written. */
function dying(book: Book, after: number): Book {
  let left = after;
  const mortal = <H extends Book["items"] | Book["stocktakes"]>(handler: H): H => ({
    ...handler,
    handle: (request: never) =>
      left-- > 0 ? handler.handle(request) : Promise.reject(new Error("the process is gone")),
  });
  return { ...book, items: mortal(book.items), stocktakes: mortal(book.stocktakes) };
}

async function settled(book: Book): Promise<void> {
  await catchUp(book);
  for (let look = 0; (await stocktakesUnderWay(book.pool, book.name)).documents.length > 0; look += 1) {
    if (look > 300) throw new Error("postings are still under way");
    await sleep(100);
  }
}

const linesOf = async (book: Book, stocktake: string) => {
  const moment = { asOf: today, knownAt: "latest", stocktake } as const;
  return (await stocktakeLines(book.pool, book.name, moment, { limit: 100, after: undefined })).rows;
};
const countsOf = async (book: Book, item: string, stocktake: string) =>
  (await book.store.read(itemStream(book.name, item), 0n)).filter(
    ({ type, data }) =>
      type === "StockCounted" && (data as { stocktake: string | null }).stocktake === stocktake,
  );

test("a stocktake of 50 lines is finished once after a restart, wherever it was left", async () => {
  const own = await ownBook();
  const first = await opened(own, { projects: false });
  await stocked(first);
  const crashes = Array.from({ length: ITEMS.length + 2 }, (_, after) => after);
  await Promise.all(
    crashes.map(async (after) => {
      const posting = await posted(first, `S-${after}`, "6");
      await carryOut(dying(first, after), posting).catch(() => {});
    }),
  );
  await first.close();

  const book = await opened(own);
  await settled(book);
  for (const after of crashes)
    for (const row of await linesOf(book, `S-${after}`))
      expect([row.item, row.status, row.reason, row.leavesShort]).toEqual(
        row.item === REFUSES
          ? [REFUSES, "refused", "InsufficientStock", "I"]
          : [row.item, "posted", null, null],
      );
  for (const item of ITEMS) {
    const log = await book.store.read(itemStream(book.name, item), 0n);
    const counts = log.filter(({ type }) => type === "StockCounted");
    expect(counts.map(({ data }) => (data as { stocktake: string }).stocktake).toSorted()).toEqual(
      item === REFUSES ? [] : crashes.map((after) => `S-${after}`).toSorted(),
    );
    // Each follows from its posting, and says so.
    for (const { data, metadata } of counts)
      expect((data as { movement: string }).movement.startsWith(`${metadata.causationId}-`)).toBe(true);
    const rows = log.flatMap(({ data }) => ("rows" in data ? (data.rows as { quantity: string }[]) : []));
    expect(rows.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(item === REFUSES ? 1 : 6);
  }
});

test("a posting that is carried out once more leaves alone what it was refused, whatever may be had now", async () => {
  const book = await opened(await ownBook(), { projects: false });
  await stocked(book);
  const first = await posted(book, "S", "6", ["SKU-1", REFUSES]);
  expect(await carryOut(book, first)).toBeGreaterThan(0n);
  await receive(book, REFUSES, "R2", "2026-03-25");
  const second = await asked(book, { type: "PostStocktake", data: { stocktake: "S" } });
  for (const posting of [first, second, first]) await carryOut(book, posting);
  const [count, ...others] = await countsOf(book, REFUSES, "S");
  expect(count?.metadata.causationId).toBe(second.id);
  expect(others).toEqual([]);
  expect(await countsOf(book, "SKU-1", "S")).toHaveLength(1);
});
