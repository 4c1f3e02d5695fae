/**
 * Goal (COSTING §5): whatever a process decides that has not heard of a closing, closed figures stay; what it wrote counts on
 * the first open day, with what it corrects in closed time; and so it stays.
 * Method: a late receipt is decided as if nothing were closed, after January was; the questions before and after it; then a
 * decision of the same process, and of one that starts and knows nothing but the log.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Book } from "../../api/book.ts";
import { catchUp } from "../../api/catch-up.ts";
import type { CommandHandler } from "../../api/commands/handling.ts";
import { sha256 } from "../../api/commands/idempotency.ts";
import { companyStream } from "../../api/company.ts";
import { verify } from "../../api/verify/verify.ts";
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import { balances } from "../../read-models/balances.ts";
import { openLayers } from "../../read-models/layers.ts";
import { movements } from "../../read-models/movements.ts";
import { periods } from "../../read-models/periods.ts";
import { found, opened, ownBook } from "../support/open-book.ts";
import { IssueGoods, ReceiveGoods, rod } from "../support/rod.ts";

type Items = Pick<CommandHandler<ItemCommand, unknown, unknown>, "handle">;
const today = "2026-03-31";
const page = { limit: 100, after: undefined };

async function sent(book: Pick<Book, "name"> & { items: Items }, command: ItemCommand) {
  const commandId = "movement" in command.data ? command.data.movement : "registration";
  const stream = itemStream(book.name, "rod");
  const outcome = await book.items.handle({
    ...{ commandId, commandHash: sha256([commandId]), actor: "ada", stream },
    command,
  });
  expect(outcome).toMatchObject({ status: "accepted" });
}

/** Decided as if nothing were closed. */
const deaf = (command: ItemCommand): ItemCommand => ({ ...command, openFrom: undefined });

async function close(book: Book, period: string): Promise<void> {
  await book.companies.handle({
    ...{ commandId: `close-${period}`, commandHash: "x", actor: "ada", stream: companyStream(book.name) },
    command: { type: "BeginClosing", data: { company: book.name, period }, today },
  });
  const isClosed = async () => {
    const { rows } = await periods(book.pool, book.name, { asOf: today, knownAt: "latest" }, page);
    return rows.some((row) => row.period === period && row.status === "closed");
  };
  for (let look = 0; !(await isClosed()); look += 1) {
    if (look > 200) throw new Error("the period is not closed");
    await sleep(100);
  }
}

async function figures(book: Book, asOf: string) {
  await catchUp(book);
  const at = { asOf, knownAt: "latest", item: "rod" } as const;
  const { rows: stock } = await balances(book.pool, book.name, at, page);
  const { rows: layers } = await openLayers(book.pool, book.name, at, page);
  return [
    stock.map(({ quantity, value }) => `${quantity} for ${value}`),
    layers.map(({ layer, quantity, value }) => `${layer} ${quantity} for ${value}`),
  ];
}
const costOf = async (book: Book, movement: string) => {
  const at = { asOf: today, knownAt: "latest", item: "rod" } as const;
  return (await movements(book.pool, book.name, at, page)).rows.find((row) => row.movement === movement)
    ?.value;
};

test.each(["in the process that wrote it", "in one that starts"])(
  "a late receipt that has not heard of the closing: %s",
  async (where) => {
    const own = await ownBook();
    const book = await opened(own);
    await found(book);
    await sent(book, { type: "RegisterItem", data: rod, today });
    await sent(book, ReceiveGoods("L1", "10", "100", { effectiveDate: "2026-01-10" }));
    await sent(book, IssueGoods("I", "10", { effectiveDate: "2026-01-20" }));
    await sent(book, ReceiveGoods("L2", "10", "150", { effectiveDate: "2026-02-10" }));
    await close(book, "2026-01-01");
    const january = await figures(book, "2026-01-31");

    await sent(book, deaf(ReceiveGoods("L0", "10", "80", { effectiveDate: "2026-01-05" })));
    expect(await figures(book, "2026-01-31")).toEqual(january);
    // As it was decided, but on the first open day: the issue has its units of it.
    expect(await figures(book, "2026-02-01")).toEqual([["10 for 100"], ["L1 10 for 100"]]);
    expect(await costOf(book, "I")).toBe("-80");

    const deciding = where === "in one that starts" ? await opened(own, { projects: false }) : book;
    await sent(deciding, IssueGoods("J", "12", { effectiveDate: "2026-02-20" }));
    expect(await figures(book, "2026-01-31")).toEqual(january);
    expect(await costOf(book, "I")).toBe("-80");
    expect(await costOf(book, "J")).toBe("-130");
    expect(await figures(book, "2026-02-19")).toEqual([["20 for 250"], ["L1 10 for 100", "L2 10 for 150"]]);
    expect(await figures(book, "2026-02-20")).toEqual([["8 for 120"], ["L2 8 for 120"]]);
    for (const check of await verify(book, () => {})) expect(check).toMatchObject({ difference: undefined });
  },
);
