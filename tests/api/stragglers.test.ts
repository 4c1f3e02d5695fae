/**
 * Goal (COSTING §5): whatever a process decides that has not heard of a closing, closed figures stay; what it wrote counts on
 * the first open day, with what it corrects in closed time; and so it stays.
 * Method: a late receipt is decided as if nothing were closed, after January was; the questions before and after it; then a
 * decision of the same process, and of one that starts and knows nothing but the log.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Book } from "../../api/book.ts";
import { catchUp } from "../../api/catch-up.ts";
import type { CommandHandler } from "../../api/commands/handling.ts";
import { sha256 } from "../../api/commands/idempotency.ts";
import { companyStream } from "../../api/company.ts";
import { verify } from "../../api/verify/verify.ts";
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import { balances } from "../../read-models/balances.ts";
import { draws } from "../../read-models/draws.ts";
import { openLayers } from "../../read-models/layers.ts";
import { lotTrace } from "../../read-models/lot-trace.ts";
import { lots } from "../../read-models/lots.ts";
import { movements } from "../../read-models/movements.ts";
import { periods } from "../../read-models/periods.ts";
import { CountStock } from "../support/moves.ts";
import { found, opened, ownBook } from "../support/open-book.ts";
import { d, IssueGoods, ReceiveGoods, rod } from "../support/rod.ts";

type Items = Pick<CommandHandler<ItemCommand, unknown, unknown>, "handle">;
const today = "2026-03-31";
const page = { limit: 100, after: undefined };

async function sent(
  book: Pick<Book, "name"> & { items: Items },
  command: ItemCommand,
  commandId = "movement" in command.data ? command.data.movement : "registration",
) {
  const stream = itemStream(book.name, "rod");
  const outcome = await book.items.handle({
    ...{ commandId, commandHash: sha256([commandId]), actor: "ada", stream },
    command,
  });
  expect(outcome).toMatchObject({ status: "accepted" });
}

/** Decided as if nothing were closed. */
const deaf = (command: ItemCommand): ItemCommand => ({ ...command, openFrom: undefined });

async function close(book: Book, period: string, key = "once"): Promise<void> {
  await book.companies.handle({
    ...{
      commandId: `close-${period}-${key}`,
      commandHash: "x",
      actor: "ada",
      stream: companyStream(book.name),
    },
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

async function reopen(book: Book, period: string): Promise<void> {
  const data = { company: book.name, period, reason: "an invoice was missing" };
  const outcome = await book.companies.handle({
    ...{ commandId: `reopen-${period}`, commandHash: "x", actor: "ada", stream: companyStream(book.name) },
    command: { type: "ReopenPeriod", data },
  });
  expect(outcome).toMatchObject({ status: "accepted" });
  await catchUp(book);
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

/** At the end of January, and on the first of February: each lot, and what costs say lies there. */
async function lying(book: Book): Promise<readonly (readonly string[])[]> {
  await catchUp(book);
  return Promise.all(
    ["2026-01-31", "2026-02-01"].map(async (asOf) => {
      const at = { asOf, knownAt: "latest", item: "rod" } as const;
      const { rows } = await lots(book.pool, book.name, at, page);
      const { rows: stock } = await balances(book.pool, book.name, at, page);
      return [
        ...rows.map(({ lot, quantity }) => `${lot} ${quantity}`),
        ...stock.map(({ quantity }) => quantity),
      ];
    }),
  );
}
/** What is told of it where it is listed by the end of January; and the day on which it counts. */
async function listed(book: Book, movement: string) {
  const [january, ever] = await Promise.all(
    ["2026-01-31", today].map(async (asOf) => {
      const at = { asOf, knownAt: "latest", item: "rod" } as const;
      const { rows } = await movements(book.pool, book.name, at, page);
      const drawn = await draws(book.pool, book.name, { ...at, movement }, page);
      const told = rows.find((row) => row.movement === movement);
      expect(drawn).toHaveProperty("found", told !== undefined);
      return told?.countsOn;
    }),
  );
  const at = { asOf: today, knownAt: "latest", item: "rod", lot: "L1" } as const;
  const { rows } = await lotTrace(book.pool, book.name, at, page);
  expect(rows.find((row) => row.movement === movement)?.countsOn).toBe(ever);
  return { isListed: january !== undefined, ever };
}

describe("lots of one that has not heard of the closing", () => {
  const of = (command: ItemCommand, ...named: readonly (readonly [lot: string, quantity: string])[]) => ({
    ...command,
    lots: named.map(([lot, quantity]) => ({ lot, quantity: d(quantity) })),
  });
  async function closed(): Promise<Book> {
    const book = await opened(await ownBook());
    await found(book);
    await sent(book, { type: "RegisterItem", data: rod, today });
    await sent(book, { type: "TrackLots", data: { item: "rod", serials: false }, today }, "lots");
    await sent(book, of(ReceiveGoods("R", "10", "100", { effectiveDate: "2026-01-10" }), ["L1", "10"]));
    await close(book, "2026-01-01");
    return book;
  }
  const late = of(IssueGoods("I", "4", { effectiveDate: "2026-01-20" }), ["L1", "4"]);
  const before = ["L1 10", "10"];
  const after = ["L1 6", "6"];

  test("count with its costs: on the first open day, and on its own once that is open and something is decided", async () => {
    const book = await closed();
    await sent(book, deaf(late));
    expect(await lying(book)).toEqual([before, after]);
    expect(await listed(book, "I")).toEqual({ isListed: false, ever: "2026-02-01" });
    await reopen(book, "2026-01-01");
    expect(await lying(book)).toEqual([before, after]);
    await sent(book, of(ReceiveGoods("R2", "1", "9", { effectiveDate: "2026-02-10" }), ["L2", "1"]));
    expect(await lying(book)).toEqual([after, after]);
    expect(await listed(book, "I")).toEqual({ isListed: true, ever: "2026-01-20" });
    for (const check of await verify(book, () => {})) expect(check).toMatchObject({ difference: undefined });
  });

  test("also where nothing but lots has moved: before it is closed again", async () => {
    const book = await closed();
    // As many as there are, but of another lot.
    const counted = CountStock("C", "10", null, { effectiveDate: "2026-01-20" });
    await sent(book, deaf(of(counted, ["L1", "7"], ["L2", "3"])));
    const [swapped] = [["L1 7", "L2 3", "10"]];
    expect(await lying(book)).toEqual([before, swapped]);
    expect(await listed(book, "C")).toEqual({ isListed: false, ever: "2026-02-01" });
    await reopen(book, "2026-01-01");
    await close(book, "2026-01-01", "again");
    expect(await lying(book)).toEqual([swapped, swapped]);
    expect(await listed(book, "C")).toEqual({ isListed: true, ever: "2026-01-20" });
    for (const check of await verify(book, () => {})) expect(check).toMatchObject({ difference: undefined });
  });
});
