/**
 * Goal: a bill over 200 items reaches each of them once, wherever whoever carries it out crashes.
 * Method: the bill is recorded, and its lines are sent until the process dies before, or just after, the n-th; then a server
 * starts, and nobody does anything. All at once for several n, on the same receipts.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Book } from "../../api/book.ts";
import { catchUp } from "../../api/catch-up.ts";
import { newEvents, sha256 } from "../../api/commands/idempotency.ts";
import { carryOut } from "../../api/landed-costs.ts";
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import { landedCostStream } from "../../domain/inventory/landed-cost.ts";
import { landedCostLines, landedCostsUnderWay } from "../../read-models/landed-costs.ts";
import { found, opened, ownBook } from "../support/open-book.ts";
import { d, ReceiveGoods, rod, today } from "../support/rod.ts";

const ITEMS = Array.from({ length: 200 }, (_, n) => `SKU-${n}`);

async function send(book: Book, item: string, command: ItemCommand): Promise<void> {
  const commandId = `${command.type}-${item}`;
  const request = { commandId, commandHash: sha256([item, commandId]), actor: "ada", command };
  const outcome = await book.items.handle({ ...request, stream: itemStream(book.name, item) });
  expect(outcome).toMatchObject({ status: "accepted" });
}

/** Records a bill, and dies when it has sent so many of its lines, whose answers it may not live to see. */
async function crashing(
  book: Book,
  landedCost: string,
  after: number,
  items: readonly string[] = ITEMS,
): Promise<void> {
  const stream = landedCostStream(book.name, landedCost);
  const caller = { commandId: landedCost, commandHash: "x", actor: "ada" };
  const lines = items.map((item) => ({ item, receipt: "R", weight: d("1") }));
  const document = {
    landedCost,
    documentDate: "2026-03-20",
    reference: landedCost,
    basis: "quantity",
    amount: d("200"),
  } as const;
  const data = { ...document, lines, valueScale: 2 };
  const outcome = await book.landedCosts.handle({
    ...caller,
    stream,
    command: { type: "AllocateLandedCost", data, today },
  });
  if (outcome.status !== "accepted") throw new Error(outcome.status);
  const [event] = outcome.answer.events;
  if (event?.type !== "LandedCostAllocated") throw new Error("no bill");
  const [stored] = newEvents(caller, stream, [event], "");
  let left = after;
  const handle: Book["items"]["handle"] = (request) =>
    left-- > 0 ? book.items.handle(request) : Promise.reject(new Error("the process is gone"));
  const dying = { ...book, items: { ...book.items, handle } };
  const metadata = { actor: "ada", correlationId: landedCost };
  await carryOut(dying, { event, id: stored?.id ?? "", metadata }).catch(() => {});
}

test("a bill over 200 items is finished once after a restart", async () => {
  const own = await ownBook();
  const first = await opened(own, { projects: false });
  await found(first);
  await Promise.all(
    ITEMS.map(async (item) => {
      await send(first, item, { type: "RegisterItem", data: { ...rod, item }, today });
      const receipt = ReceiveGoods("R", "10", "100");
      await send(first, item, { ...receipt, data: { ...receipt.data, item } });
    }),
  );
  for (const [index, after] of [0, 1, 77, 199, 200].entries()) await crashing(first, `LC-${index}`, after);
  await first.close();

  const book = await opened(own);
  await catchUp(book);
  for (let look = 0; (await landedCostsUnderWay(book.pool, book.name)).documents.length > 0; look += 1) {
    if (look > 300) throw new Error("bills are still under way");
    await sleep(100);
  }
  for (const item of ITEMS) {
    const log = await book.store.read(itemStream(book.name, item), 0n);
    const facts = log.filter(({ type }) => type === "ReceiptCostAdded");
    expect(facts.map(({ data }) => (data as { reference: string }).reference).toSorted()).toEqual([
      ...["LC-0", "LC-1", "LC-2", "LC-3", "LC-4"],
    ]);
    const rows = log.flatMap(({ data }) => ("rows" in data ? (data.rows as { value: string }[]) : []));
    expect(rows.reduce((sum, { value }) => sum + Number(value), 0)).toBe(105);
    // Each follows from its bill, and says so.
    for (const { metadata } of facts) expect(metadata.correlationId).toMatch(/^LC-\d$/);
  }
});

test("a line whose receipt is gone by then is told as refused, and stops nothing else", async () => {
  const own = await ownBook();
  const book = await opened(own);
  await found(book);
  for (const item of ITEMS.slice(0, 2)) {
    await send(book, item, { type: "RegisterItem", data: { ...rod, item }, today });
    const receipt = ReceiveGoods("R", "10", "100");
    await send(book, item, { ...receipt, data: { ...receipt.data, item } });
  }
  await crashing(book, "LC", 0, ITEMS.slice(0, 2));
  const [gone = "", stays = ""] = ITEMS;
  const data = { item: gone, cancellation: "X", cancelled: "R", reference: "typed twice" };
  await send(book, gone, { type: "CancelMovement", data, today });

  await catchUp(book);
  for (let look = 0; (await landedCostsUnderWay(book.pool, book.name)).documents.length > 0; look += 1) {
    if (look > 300) throw new Error("the bill is still under way");
    await sleep(100);
  }
  const moment = { asOf: today, knownAt: "latest", landedCost: "LC" } as const;
  const { rows } = await landedCostLines(book.pool, book.name, moment, { limit: 10, after: undefined });
  expect(rows.map(({ item, amount, status, reason }) => [item, amount, status, reason])).toEqual([
    [gone, "100", "refused", "ReceiptNotFound"],
    [stays, "100", "borne", null],
  ]);
});
