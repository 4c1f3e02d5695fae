/** Stocktakes over HTTP: from the opening to the report of variances, before and after movements that come late. */
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { verify } from "../../../api/verify/verify.ts";
import { itemStream } from "../../../domain/inventory/item.ts";
import type { DecimalText } from "../../../domain/kernel/decimal.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;

const refusal = (title: string, status: number, facts: object = {}) => ({
  status,
  body: { title, ...facts },
});
const as = (actor: string) => ({ "x-actor": actor });
const path = (stocktake: string, what: string) => `/v1/stocktakes/${stocktake}/${what}`;

/** A stocktake of location A on a day, counted by ben, approved by ada. */
async function approved(stocktake: string, date: string, counts: readonly Json[]): Promise<void> {
  await record(path(stocktake, "opening"), { location: "A", date });
  for (const count of counts)
    expect((await post(path(stocktake, "counts"), count, undefined, as("ben"))).status).toBe(201);
  await record(path(stocktake, "approval"), {});
}
const state = async (stocktake: string) => {
  await server.seq();
  return (await get(`/v1/stocktakes/${stocktake}`)).body;
};
async function lines(stocktake: string, query = ""): Promise<readonly Json[]> {
  await server.seq();
  return (await get(`${path(stocktake, "lines")}${query}`)).body["lines"] as Json[];
}
/** Quantities and values of the book and the variance: as known, and as known when posted. */
const figures = (row: Json | undefined) => [
  ...["bookQuantity", "bookValue", "varianceQuantity", "varianceValue"].map((name) => row?.[name]),
  ...["Quantity", "Value"].map((name) => row?.[`postedBook${name}`]),
  ...["Quantity", "Value"].map((name) => row?.[`postedVariance${name}`]),
];
const NONE = [null, null, null, null];

const receive = (
  item: string,
  effectiveDate: string,
  quantity: string,
  value: string,
  more: Json = {},
  key?: string,
) => record(`/v1/items/${item}/receipts`, { effectiveDate, quantity, value, location: "A", ...more }, key);
const issue = (item: string, effectiveDate: string, quantity: string, key: string) =>
  record(
    `/v1/items/${item}/issues`,
    { effectiveDate, quantity, location: "A", purpose: "sale", reference: "SO-1" },
    key,
  );

beforeAll(async () => {
  await record("/v1/company", foundation);
  for (const item of ["rod", "oil", "nut", "cap", "new", "pin"])
    await record(`/v1/items/${item}/registration`, { unit: "m", quantityScale: 1 });
  await record("/v1/items/dye/registration", { unit: "l", quantityScale: 0, costBy: "lot" });
  for (const item of ["rod", "oil", "nut", "cap", "pin"])
    await receive(item, "2026-01-10", "10", "100", {}, `R-${item}`);
  for (const lot of ["L1", "L2"])
    await receive("dye", "2026-01-10", "5", lot === "L1" ? "50" : "60", { lot });
});

test("before it is posted, what is counted is held against the book as it is known", async () => {
  await record(path("S1", "opening"), { location: "A", date: "2026-02-10", reference: "sheet 3" });
  expect(await state("S1")).toEqual({
    ...{ stocktake: "S1", location: "A", date: "2026-02-10", reference: "sheet 3", status: "open" },
    ...{ approvedBy: null, reason: null, lines: 0, posted: 0, refused: 0, underWay: 0 },
  });
  const before = await server.seq();
  const { body } = await post(path("S1", "counts"), { item: "rod", counted: "7" }, "C-1", as("ben"));
  expect(body["events"]).toEqual([
    {
      type: "StocktakeLineCounted",
      data: {
        ...{ stocktake: "S1", line: 1, item: "rod", lot: null, counted: "7", unitCost: null },
        countedBy: "ben",
      },
    },
  ]);
  await post(path("S1", "counts"), { item: "new", counted: "2" }, undefined, as("ben"));
  await post(path("S1", "counts"), { item: "dye", lot: "L2", counted: "4" }, undefined, as("ben"));
  const half = await server.seq();
  await receive("rod", "2026-02-10", "0.5", "6");
  await receive("rod", "2026-02-11", "3", "30");
  // Counted once more, by another one: that is what counts.
  await post(path("S1", "counts"), { item: "rod", counted: "7.5" }, undefined, as("eve"));
  const rows = await lines("S1");
  expect(
    rows.map(({ line, item, lot, counted, times, countedBy, status }) => [
      ...[line, item, lot, counted, times, countedBy, status],
    ]),
  ).toEqual([
    ["1", "rod", null, "7.5", "2", "eve", "counted"],
    ["2", "new", null, "2", "1", "ben", "counted"],
    ["3", "dye", "L2", "4", "1", "ben", "counted"],
  ]);
  expect(rows.map(figures)).toEqual([
    ["10.5", "106", "-3", null, ...NONE],
    ["0", "0", "2", null, ...NONE],
    ["5", "60", "-1", null, ...NONE],
  ]);
  const [then] = await lines("S1", `?knownAt=${half}`);
  expect(then).toMatchObject({ counted: "7", times: "1", countedBy: "ben", varianceQuantity: "-3" });
  expect((await get(`${path("S1", "lines")}?knownAt=${before}`)).status).toBe(404);
  expect((await get("/v1/stocktakes/none")).status).toBe(404);
});

test("whoever approves has counted none of it, and a count takes the approval back", async () => {
  expect(await post(path("S1", "posting"), {})).toMatchObject(refusal("StocktakeNotApproved", 409));
  expect(await post(path("S1", "approval"), {}, undefined, as("ben"))).toMatchObject(
    refusal("ApproverCounted", 409, { approvedBy: "ben" }),
  );
  await record(path("S1", "approval"), {});
  expect(await state("S1")).toMatchObject({ status: "approved", approvedBy: "ada", lines: 3 });
  await post(path("S1", "counts"), { item: "rod", counted: "7" }, undefined, as("ben"));
  expect(await state("S1")).toMatchObject({ status: "open", approvedBy: null });
  expect(await post(path("S1", "posting"), {})).toMatchObject(refusal("StocktakeNotApproved", 409));
  await record(path("S1", "approval"), {});
});

describe("posted", () => {
  let posted: bigint;

  test("each line is a count of its item; the item with no cost to go by refuses its own", async () => {
    const first = await post(path("S1", "posting"), {}, "P-1", as("eve"));
    expect(first.status).toBe(201);
    // Its position is that of the last line: who waits for it sees them all.
    const { position } = first.body as { position: string };
    const { body } = await get(`${path("S1", "lines")}?minPosition=${position}`);
    const rows = body["lines"] as Json[];
    expect(rows.map(({ status, reason }) => [status, reason])).toEqual([
      ["posted", null],
      ["refused", "NoLayerToValueSurplus"],
      ["posted", null],
    ]);
    expect(rows.map(figures)).toEqual([
      ["10.5", "106", "-3.5", "-35", "10.5", "106", "-3.5", "-35"],
      ["0", "0", "2", null, ...NONE],
      ["5", "60", "-1", "-12", "5", "60", "-1", "-12"],
    ]);
    expect(await state("S1")).toMatchObject({
      status: "posted",
      lines: 3,
      posted: 2,
      refused: 1,
      underWay: 0,
    });
    const { position: _, ...rest } = (await post(path("S1", "posting"), {}, "P-1", as("eve"))).body;
    expect(first.body).toMatchObject(rest);
    const movements = await get("/v1/items/rod/movements?from=2026-02-10");
    expect(movements.body["movements"]).toContainEqual(
      expect.objectContaining({
        ...{ movement: rows[0]?.["movement"], kind: "count", effectiveDate: "2026-02-10" },
        ...{ quantity: "7", value: "-35", reference: "sheet 3" },
      }),
    );
    posted = await server.seq();
  });

  test("the refused line is counted again, approved and posted; nothing else is counted twice", async () => {
    const again = { item: "new", counted: "2", unitCost: { quantity: "1", value: "4.5" } };
    expect(await post(path("S1", "counts"), { item: "rod", counted: "1" })).toMatchObject(
      refusal("LineAlreadyPosted", 409, { line: 1 }),
    );
    await post(path("S1", "counts"), again, undefined, as("ben"));
    expect(await state("S1")).toMatchObject({ status: "open", refused: 1 });
    await record(path("S1", "approval"), {});
    const { body } = await record(path("S1", "posting"), {});
    expect((body["events"] as { data: { lines: Json[] } }[])[0]?.data.lines).toHaveLength(1);
    const rows = await lines("S1");
    expect(figures(rows[1])).toEqual(["0", "0", "2", "9", "0", "0", "2", "9"]);
    expect(rows.map(({ status }) => status)).toEqual(["posted", "posted", "posted"]);
    expect(await state("S1")).toMatchObject({ status: "posted", posted: 3, refused: 0 });
    expect((await lines("S1", `?knownAt=${posted}`))[1]).toMatchObject({ status: "refused", counted: "2" });
    expect(await post(path("S1", "posting"), {})).toMatchObject(refusal("NoLineToPost", 409));
    expect(await post(path("S1", "abandonment"), { reason: "x" })).toMatchObject(
      refusal("LinesPosted", 409, { lines: 3 }),
    );
  });

  test("a delivery of the day before that comes late: the book more, the variance less; the line as posted stands", async () => {
    const before = await server.seq();
    await receive("rod", "2026-02-09", "2", "22");
    // FIFO: the count takes 5.5 of the first ten.
    expect(figures((await lines("S1"))[0])).toEqual([
      ...["12.5", "128", "-5.5", "-55"],
      ...["10.5", "106", "-3.5", "-35"],
    ]);
    // What comes after the count, on its day too, changes nothing.
    await receive("rod", "2026-02-10", "4", "44");
    expect(figures((await lines("S1"))[0])).toEqual([
      ...["12.5", "128", "-5.5", "-55"],
      ...["10.5", "106", "-3.5", "-35"],
    ]);
    expect(figures((await lines("S1", `?knownAt=${before}`))[0])).toEqual([
      ...["10.5", "106", "-3.5", "-35"],
      ...["10.5", "106", "-3.5", "-35"],
    ]);
    // An issue of the week before: from a loss of 5.5 to one of 4.5; and an invoice that makes it dearer.
    await issue("rod", "2026-02-01", "1", "I-late");
    expect(figures((await lines("S1"))[0])).toEqual([
      ...["11.5", "118", "-4.5", "-45"],
      ...["10.5", "106", "-3.5", "-35"],
    ]);
    const { body } = await get("/v1/balances?item=rod&asOf=2026-02-10");
    expect(body["balances"]).toMatchObject([{ quantity: "11", value: "117" }]);
  });

  test("a surplus that was none when more turns up to have been issued", async () => {
    await approved("S2", "2026-02-10", [{ item: "oil", counted: "10" }]);
    await record(path("S2", "posting"), {});
    expect(figures((await lines("S2"))[0])).toEqual(["10", "100", "0", "0", "10", "100", "0", "0"]);
    await issue("oil", "2026-02-10", "1", "I-after");
    await issue("oil", "2026-02-09", "3", "I-before");
    expect(figures((await lines("S2"))[0])).toEqual(["7", "70", "3", "30", "10", "100", "0", "0"]);
  });

  test("a count that is cancelled has no variance; what it was posted with stays", async () => {
    const [line] = await lines("S2");
    const before = await server.seq();
    await record(`/v1/items/oil/movements/${String(line?.["movement"])}/cancellation`, { reference: "x" });
    const [after] = await lines("S2");
    expect(after).toMatchObject({ status: "cancelled", counted: "10" });
    expect(figures(after)).toEqual([null, null, null, null, "10", "100", "0", "0"]);
    expect((await lines("S2", `?knownAt=${before}`))[0]).toEqual(line);
    expect(await state("S2")).toMatchObject({ status: "posted", posted: 1 });
  });

  test("a line that would leave a later movement short says which, and can be posted when that is mended", async () => {
    await issue("nut", "2026-02-20", "8", "I-nut");
    await approved("S3", "2026-02-10", [{ item: "nut", counted: "5" }]);
    const before = await server.seq();
    await record(path("S3", "posting"), {});
    const refused = { status: "refused", reason: "InsufficientStock", leavesShort: "I-nut" };
    expect(await lines("S3")).toMatchObject([{ ...refused, bookQuantity: "10", varianceQuantity: "-5" }]);
    expect(await lines("S3", `?knownAt=${before + 1n}`)).toMatchObject([
      { status: "under way", reason: null },
    ]);
    // It is not posted again by itself, and nothing hinders posting it as it is.
    await receive("nut", "2026-02-15", "6", "66");
    expect(await lines("S3")).toMatchObject([refused]);
    await record(path("S3", "posting"), {});
    expect(figures((await lines("S3"))[0])).toEqual(["10", "100", "-5", "-50", "10", "100", "-5", "-50"]);
  });

  test("two of one day: the second finds what the first one left", async () => {
    for (const [stocktake, counted] of [
      ["S4", "8"],
      ["S5", "9"],
    ] as const) {
      await approved(stocktake, "2026-02-10", [{ item: "cap", counted }]);
      await record(path(stocktake, "posting"), {});
    }
    // Whichever of the first ten went, it was at 10.
    await receive("cap", "2026-02-09", "1", "16");
    expect(figures((await lines("S4"))[0])).toEqual(["11", "116", "-3", "-30", "10", "100", "-2", "-20"]);
    expect(figures((await lines("S5"))[0])).toEqual(["8", "86", "1", "10", "8", "80", "1", "10"]);
  });
});

test("a movement of the day that names the count was before it; one that doesn't, or names a later one, was not", async () => {
  const counts: string[] = [];
  for (const [stocktake, counted] of [
    ["S0", "9"],
    ["T0", "8"],
  ] as const) {
    await approved(stocktake, "2026-02-20", [{ item: "cap", counted }]);
    await record(path(stocktake, "posting"), {});
    counts.push(String((await lines(stocktake))[0]?.["movement"]));
  }
  expect(figures((await lines("S0"))[0])).toEqual(["9", "96", "0", "0", "9", "96", "0", "0"]);
  expect(figures((await lines("T0"))[0])).toEqual(["9", "96", "-1", "-10", "9", "96", "-1", "-10"]);
  for (const [n, before] of counts.entries()) {
    const caller = { commandId: `named-${n}`, commandHash: "x", actor: "ada" };
    const about = {
      item: "cap",
      movement: caller.commandId,
      effectiveDate: "2026-02-20",
      time: null,
      lot: null,
    };
    const amount = { quantity: "2" as DecimalText, value: "30" as DecimalText };
    const data = { ...about, ...amount, location: "A", reference: null };
    const command = { type: "ReceiveGoods", data, today: "2026-02-28", before } as const;
    const stream = itemStream(server.book.name, "cap");
    const outcome = await server.book.items.handle({ ...caller, stream, command });
    if (outcome.status !== "accepted") throw new Error(outcome.status);
    await server.book.seen(outcome.answer.position, 5_000);
  }
  await receive("cap", "2026-02-20", "5", "1");
  expect(figures((await lines("S0"))[0])).toEqual(["11", "126", "-2", "-20", "9", "96", "0", "0"]);
  expect(figures((await lines("T0"))[0])).toEqual(["11", "136", "-3", "-30", "9", "96", "-1", "-10"]);
});

test("a count without a stocktake", async () => {
  const count = { effectiveDate: "2026-02-12", location: "A", counted: "9.5", reference: "shelf 4" };
  const { body } = await record("/v1/items/pin/counts", count, "C-pin");
  expect(body["events"]).toMatchObject([
    { type: "StockCounted", data: { ...count, movement: "C-pin", stocktake: null, rows: [{ value: "-5" }] } },
  ]);
  const stated = { ...count, location: "B", counted: "3", unitCost: { quantity: "2", value: "5" } };
  expect(await post("/v1/items/pin/counts", { ...stated, unitCost: null })).toMatchObject(
    refusal("NoLayerToValueSurplus", 422, { location: "B" }),
  );
  await record("/v1/items/pin/counts", stated);
  await server.seq();
  const { body: balances } = await get("/v1/balances?item=pin&location=B");
  expect(balances["balances"]).toMatchObject([{ quantity: "3", value: "7.5" }]);
});

describe("refused", () => {
  test.each([
    ["counts", { item: "rod", counted: "1" }],
    ["approval", {}],
    ["posting", {}],
    ["abandonment", { reason: "x" }],
  ])("%s of a stocktake that is not opened", async (what, body) =>
    expect(await post(path("none", what), body)).toMatchObject(refusal("StocktakeNotOpened", 404)),
  );

  test("opened twice, or of a day that has not come", async () => {
    expect(await post(path("S1", "opening"), { location: "A", date: "2026-02-10" })).toMatchObject(
      refusal("StocktakeAlreadyOpened", 409),
    );
    expect(await post(path("S9", "opening"), { location: "A", date: "2199-01-01" })).toMatchObject(
      refusal("EffectiveDateAfterToday", 422),
    );
  });

  test("a count that its item could never take is told at once", async () => {
    await record(path("S6", "opening"), { location: "A", date: "2026-02-10" });
    const count = (body: Json) => post(path("S6", "counts"), { counted: "1", ...body });
    expect(await count({ item: "none" })).toMatchObject(refusal("ItemNotRegistered", 404));
    expect(await count({ item: "dye" })).toMatchObject(refusal("LotRequired", 422));
    expect(await count({ item: "rod", lot: "L1" })).toMatchObject(refusal("LotNotKept", 422));
    expect(await count({ item: "rod", counted: "1.25" })).toMatchObject(
      refusal("QuantityTooPrecise", 422, { scale: 1 }),
    );
    expect(await count({ item: "rod", unitCost: { quantity: "1", value: "0.001" } })).toMatchObject(
      refusal("ValueTooPrecise", 422),
    );
    await record("/v1/items/old/registration", { unit: "m", quantityScale: 0 });
    await record("/v1/items/old/deactivation", {});
    expect(await count({ item: "old" })).toMatchObject(refusal("ItemDeactivated", 409));
    expect(await post(path("S6", "approval"), {})).toMatchObject(refusal("NoLineToPost", 409));
  });

  test("abandoned, it is over", async () => {
    await record(path("S6", "abandonment"), { reason: "the wrong hall" });
    expect(await state("S6")).toMatchObject({ status: "abandoned", reason: "the wrong hall" });
    expect(await post(path("S6", "counts"), { item: "rod", counted: "1" })).toMatchObject(
      refusal("StocktakeAbandoned", 409),
    );
    expect((await get(path("S6", "lines"))).status).toBe(404);
  });

  test("posting into a day that was closed since, and opening there", async () => {
    await approved("S7", "2026-01-31", [{ item: "pin", counted: "10" }]);
    await record("/v1/periods/2026-02-01/closing", {});
    const closed = refusal("PeriodClosed", 422, { effectiveDate: "2026-01-31", openFrom: "2026-03-01" });
    expect(await post(path("S7", "posting"), {})).toMatchObject(closed);
    expect(await post(path("S8", "opening"), { location: "A", date: "2026-01-31" })).toMatchObject(closed);
    expect(await state("S7")).toMatchObject({ status: "approved", posted: 0 });
  });
});

test("what closed time puts off to a later day is the book's before the count, and the count's own", async () => {
  for (let look = 0; look < 200; look += 1) {
    const { body } = await get("/v1/periods");
    if ((body["periods"] as Json[]).at(-1)?.["status"] === "closed") break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const february = async () => {
    await server.seq();
    return (await get("/v1/balances?item=cap&asOf=2026-02-28")).body["balances"];
  };
  const closed = await february();
  const bill = { documentDate: "2026-03-02", reference: "LS-1", kind: "landedCost", amount: "10" };
  await record("/v1/items/cap/receipts/R-cap/costs", bill);
  expect(await february()).toEqual(closed);
  expect(figures((await lines("S4"))[0])).toEqual(["11", "126", "-3", "-33", "10", "100", "-2", "-20"]);
  expect(figures((await lines("S5"))[0])).toEqual(["8", "93", "1", "10", "8", "80", "1", "10"]);
});

test("in pages and as CSV, the list too", async () => {
  await server.seq();
  const { body } = await get("/v1/stocktakes?limit=2");
  expect((body["stocktakes"] as Json[]).map(({ stocktake }) => stocktake)).toEqual(["S0", "S1"]);
  const more = await get(`/v1/stocktakes?limit=2&after=${String(body["next"])}`);
  expect((more.body["stocktakes"] as Json[]).map(({ stocktake }) => stocktake)).toEqual(["S2", "S3"]);
  const { text } = await get(path("S1", "lines"), { accept: "text/csv" });
  const whole = await lines("S1");
  expect((parse(text, { columns: true }) as Json[]).map(figures)).toEqual(whole.map(figures));
  const second = await get(`${path("S1", "lines")}?limit=1`);
  const rest = await get(`${path("S1", "lines")}?after=${String(second.body["next"])}`);
  expect([...(second.body["lines"] as Json[]), ...(rest.body["lines"] as Json[])]).toEqual(whole);
});

test("and the book ties", async () => {
  await server.seq();
  for (const check of await verify(server.book, () => {}))
    expect(check).toMatchObject({ difference: undefined });
  expect(server.errors).toEqual([]);
});

test("where lots are tracked, each that was found is counted with its line", async () => {
  await record("/v1/items/ink/registration", { unit: "l", quantityScale: 0 });
  await record("/v1/items/ink/lot-tracking", {});
  const of = (...lots: readonly (readonly [lot: string, quantity: string])[]) => ({
    lots: lots.map(([lot, quantity]) => ({ lot, quantity })),
  });
  await receive("ink", "2026-03-02", "10", "100", of(["L1", "6"], ["L2", "4"]), "R-ink");
  await receive("ink", "2026-03-03", "5", "50", { lot: "L3" }, "R-ink-3");
  // Later than the day that is counted, and so nothing to it.
  await receive("ink", "2026-03-21", "3", "30", { lot: "L1" }, "R-ink-21");
  await record(path("S8", "opening"), { location: "A", date: "2026-03-20" });
  const count = (body: Json) => post(path("S8", "counts"), { item: "ink", ...body }, undefined, as("ben"));
  expect(await count({ counted: "9" })).toMatchObject(refusal("LotsRequired", 422));
  expect(await count({ counted: "9", ...of(["L1", "6"]) })).toMatchObject(
    refusal("LotsDontSumUp", 422, { quantity: "9", lots: "6" }),
  );
  expect(
    (await count({ counted: "14", ...of(["L1", "6"], ["L2", "3"], ["L4", "5"]) })).body["events"],
  ).toEqual([
    expect.objectContaining({ type: "StocktakeLineCounted" }),
    {
      type: "StocktakeLotsCounted",
      data: { stocktake: "S8", line: 1, ...of(["L1", "6"], ["L2", "3"], ["L4", "5"]) },
    },
  ]);
  const found = [
    { lot: "L1", counted: "6", bookQuantity: "6", varianceQuantity: "0" },
    { lot: "L2", counted: "3", bookQuantity: "4", varianceQuantity: "-1" },
    { lot: "L3", counted: "0", bookQuantity: "5", varianceQuantity: "-5" },
    { lot: "L4", counted: "5", bookQuantity: "0", varianceQuantity: "5" },
  ];
  expect(await lines("S8")).toMatchObject([{ status: "counted", varianceQuantity: "-1", lots: found }]);
  const before = await server.seq();
  // Counted again: without what was counted before.
  await count({ counted: "14", ...of(["L1", "6"], ["L2", "3"], ["L3", "5"]) });
  await record(path("S8", "approval"), {});
  await record(path("S8", "posting"), {});
  const again = [...found.slice(0, 2), { lot: "L3", counted: "5", bookQuantity: "5", varianceQuantity: "0" }];
  expect(await lines("S8")).toMatchObject([{ status: "posted", varianceQuantity: "-1", lots: again }]);
  expect(await lines("S8", `?knownAt=${before}`)).toMatchObject([{ lots: found }]);
  // What had left before the count changes what the count found of its lot.
  await record("/v1/items/ink/issues", {
    ...{
      effectiveDate: "2026-03-05",
      quantity: "2",
      location: "A",
      purpose: "other",
      lot: "L2",
      reference: "x",
    },
  });
  expect(await lines("S8")).toMatchObject([
    {
      ...{ varianceQuantity: "1", postedVarianceQuantity: "-1" },
      lots: [again[0], { lot: "L2", counted: "3", bookQuantity: "2", varianceQuantity: "1" }, again[2]],
    },
  ]);
  const [{ movement } = {}] = await lines("S8");
  await record(`/v1/items/ink/movements/${String(movement)}/cancellation`, { reference: "x" });
  const uncertain = { bookQuantity: null, varianceQuantity: null };
  expect(await lines("S8")).toMatchObject([
    { status: "cancelled", lots: again.map(({ lot, counted }) => ({ lot, counted, ...uncertain })) },
  ]);
  expect((await lines("S1")).map(({ lots }) => lots)).toEqual([null, null, null]);
});
