import { expect, test } from "vitest";
import type { DomainEvent } from "../../domain/catalogue.ts";
import type { ItemEvent } from "../../domain/inventory/item-events.ts";
import { batchApplier } from "../../projections/apply-batch.ts";
import { takeFence } from "../../projections/fence.ts";
import { ageing } from "../../read-models/ageing.ts";
import { command, recorded } from "../support/log.ts";
import { type Book, withBook } from "../support/postgres.ts";
import { AdjustStock, eventOf, RecordOpeningStock, received, TransferGoods } from "../support/rod.ts";

async function projected(book: Book, ...events: readonly DomainEvent[]) {
  const session = await book.session();
  const log = events.flatMap((event, n) => [...command("x.item-rod", `c${n}`, [event])]);
  await batchApplier(session, book.name, await takeFence(session, book.name)).apply({
    events: recorded(log),
  });
  return session;
}

async function agesOf({ pool, name }: Book, asOf: string, knownAt: "latest" | { seq: bigint } = "latest") {
  const asked = { asOf, knownAt, by: ["item"], buckets: [30, 60] } as const;
  const { rows } = await ageing(pool, name, asked, { limit: 99, after: undefined });
  return rows.map(({ ageFrom, ageTo, quantity, value }) => [ageFrom, ageTo, quantity, value]);
}

const closed: DomainEvent = {
  type: "PeriodClosed",
  data: { company: "x", period: "2026-01-01", openFrom: "2026-02-01" },
};

test("a receipt is as old as its own day says, also where its rows count on a later one", () =>
  withBook(async (book) => {
    await projected(book, closed, received("R", "3", "30", { effectiveDate: "2026-01-10" }));
    expect(await agesOf(book, "2026-01-31")).toEqual([]);
    expect(await agesOf(book, "2026-02-01")).toEqual([[0, 30, "3", "30"]]);
    expect(await agesOf(book, "2026-02-09")).toEqual([[0, 30, "3", "30"]]);
    expect(await agesOf(book, "2026-02-10")).toEqual([[31, 60, "3", "30"]]);
    expect(await agesOf(book, "2026-03-11")).toEqual([[31, 60, "3", "30"]]);
    expect(await agesOf(book, "2026-03-12")).toEqual([[61, null, "3", "30"]]);
  }));

/** Three layers, of November, January and February, and a surplus; of the first and the second, some are moved. */
const opening = RecordOpeningStock("O", [
  ["1", "10"],
  ["2", "20"],
  ["4", "40"],
]);
const came = ["2025-11-30", "2026-01-20", "2026-02-20"];
const stock: readonly ItemEvent[] = [
  eventOf(
    {
      ...opening,
      data: {
        ...opening.data,
        layers: opening.data.layers.map((layer, n) => ({ ...layer, receivedOn: came[n] ?? "" })),
      },
    },
    ["O", "A", "1", "10"],
    ["O/O/2", "A", "2", "20"],
    ["O/O/3", "A", "4", "40"],
  ),
  eventOf(AdjustStock("S", "8", "80"), ["S", "A", "8", "80"]),
  eventOf(
    TransferGoods("T", "2"),
    ["O", "A", "-1", "-10"],
    ["O/O/2", "A", "-1", "-10"],
    ["T/O", "B", "1", "10"],
    ["T/O/2", "B", "1", "10"],
  ),
];

test("layers of an opening have a day each; what came of others has its receipt's, or its own where one was learnt", () =>
  withBook(async (book) => {
    const told = { layer: "T/O/2", receivedOn: "2026-01-20" };
    const learnt = {
      type: "FirstReceiptsTold",
      data: { item: "rod", causedBy: "T", layers: [told] },
    } as const;
    await projected(book, ...stock, learnt);
    // On 1 March: O is 91 days old, O/O/2 40, O/O/3 9, S 0.
    const before = [
      [0, 30, "12", "120"],
      [31, 60, "2", "20"],
      [61, null, "1", "10"],
    ];
    expect(await agesOf(book, "2026-03-01", { seq: 2n })).toEqual(before);
    const moved = [
      [0, 30, "12", "120"],
      [31, 60, "1", "10"],
      [61, null, "2", "20"],
    ];
    expect(await agesOf(book, "2026-03-01", { seq: 3n })).toEqual(moved);
    expect(await agesOf(book, "2026-03-01")).toEqual(before);
    expect(await agesOf(book, "2026-03-01", { seq: 2n })).toEqual(before);
  }));

test("what is short is there, and so is what nobody knows the day of", () =>
  withBook(async (book) => {
    const short = eventOf(AdjustStock("L", "-2", null), ["L", "A", "-2", "-20"]);
    await projected(book, short, received("R", "2", "20"));
    expect(await agesOf(book, "2026-03-01")).toEqual([
      [0, 30, "2", "20"],
      [null, null, "-2", "-20"],
    ]);
  }));
