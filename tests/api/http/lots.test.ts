/** Lots over HTTP: named, described, found where they lie, picked, and traced from where they came to where they went. */
import { beforeAll, describe, expect, test } from "vitest";
import { verify } from "../../../api/verify/verify.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;
const of = (lots: Json) => Object.entries(lots).map(([lot, quantity]) => ({ lot, quantity }));
const rows = async (path: string, name: string) => (await get(path)).body[name] as readonly Json[];
const figures = (all: readonly Json[], ...names: readonly string[]) =>
  all.map((each) => names.map((name) => each[name]));

const on = (day: number) => ({ effectiveDate: `2026-01-${`${day}`.padStart(2, "0")}` });
const A = { location: "A" };
let half = 0n;

beforeAll(async () => {
  await record("/v1/company", foundation);
  await record("/v1/items/serum/registration", { unit: "vial", quantityScale: 0 });
  await record("/v1/items/serum/lot-tracking", {});
  await record("/v1/items/serum/lots", { lot: "L1", expiresOn: "2026-06-30", supplierLot: "X-1" });
  await record("/v1/items/serum/lots", { lot: "L2", expiresOn: "2026-03-31" });
  const receive = (day: number, quantity: string, lots: Json, reference: string) =>
    record(
      "/v1/items/serum/receipts",
      { ...on(day), ...A, quantity, value: `${10 * Number(quantity)}`, reference, lots: of(lots) },
      `R${day}`,
    );
  await receive(5, "10", { L1: "6", L2: "4" }, "PO-1");
  await receive(6, "5", { L3: "5" }, "PO-2");
  await receive(7, "5", { L4: "5" }, "PO-3");
  half = await server.seq();
  const sale = { ...A, quantity: "3", purpose: "sale", reference: "SO-1", lots: of({ L1: "2", L3: "1" }) };
  await record("/v1/items/serum/issues", { ...on(8), ...sale }, "I8");
  await record(
    "/v1/items/serum/returns",
    { ...on(9), ...A, issue: "I8", quantity: "1", lots: of({ L1: "1" }) },
    "B9",
  );
  await record(
    "/v1/items/serum/transfers",
    { ...on(10), from: "A", to: "B", quantity: "2", lot: "L1" },
    "T10",
  );
  await record("/v1/items/serum/issues", { ...on(11), ...sale, reference: "SO-9" }, "I11");
  await record("/v1/items/serum/movements/I11/cancellation", { reference: "typed twice" });
  await server.seq();
});

test("an item says what its movements name", async () => {
  await record("/v1/items/saw/registration", { unit: "piece", quantityScale: 0 });
  await record("/v1/items/saw/lot-tracking", { serials: true });
  await record("/v1/items/oil/registration", { unit: "l", quantityScale: 1, costBy: "lot" });
  await record("/v1/items/rod/registration", { unit: "m", quantityScale: 1 });
  await server.seq();
  expect(figures(await rows("/v1/items", "items"), "item", "tracks")).toEqual([
    ["oil", "lots"],
    ["rod", null],
    ["saw", "serials"],
    ["serum", "lots"],
  ]);
});

test("lots lie where movements took them, and say when they expire", async () => {
  const found = await rows("/v1/items/serum/lots", "lots");
  expect(found[0]).toEqual({
    ...{ lot: "L1", location: "A", quantity: "3", expiresOn: "2026-06-30", supplierLot: "X-1" },
  });
  expect(figures(found, "lot", "location", "quantity")).toEqual([
    ["L1", "A", "3"],
    ["L1", "B", "2"],
    ["L2", "A", "4"],
    ["L3", "A", "4"],
    ["L4", "A", "5"],
  ]);
  const asOf = await rows("/v1/items/serum/lots?asOf=2026-01-08&lot=L1", "lots");
  expect(figures(asOf, "location", "quantity")).toEqual([["A", "4"]]);
  const known = await rows(`/v1/items/serum/lots?location=A&knownAt=${half}`, "lots");
  expect(figures(known, "lot", "quantity")).toEqual([
    ["L1", "6"],
    ["L2", "4"],
    ["L3", "5"],
    ["L4", "5"],
  ]);
});

describe("what to pick", () => {
  const picked = async (query: string) => {
    const { body } = await get(`/v1/items/serum/pick?${query}`);
    return [figures(body["lots"] as readonly Json[], "lot", "quantity", "onHand"), body["total"]];
  };

  test("is first what expires first, then what came first", async () =>
    expect(await picked("location=A&quantity=12&asOf=2026-01-31")).toEqual([
      [
        ["L2", "4", "4"],
        ["L1", "3", "3"],
        ["L3", "4", "4"],
        ["L4", "1", "5"],
      ],
      "12",
    ]));

  test("is never what has expired, and as much as there is", async () => {
    expect(await picked("location=A&quantity=100&asOf=2026-04-01")).toEqual([
      [
        ["L1", "3", "3"],
        ["L3", "4", "4"],
        ["L4", "5", "5"],
      ],
      "12",
    ]);
    expect(await picked("location=nowhere&quantity=1")).toEqual([[], "0"]);
  });

  test("must say where and how much", async () =>
    expect(await get("/v1/items/serum/pick")).toMatchObject({
      status: 400,
      body: { errors: [{ field: "query.location" }, { field: "query.quantity" }] },
    }));
});

describe("of lots whose names say nothing", () => {
  const received = (day: number, lot: string) =>
    record(
      "/v1/items/gel/receipts",
      { ...on(day), ...A, quantity: "3", value: "9", reference: "PO", lot },
      `G${day}`,
    );
  const picked = async (query: string) =>
    figures(
      await rows(`/v1/items/gel/pick?location=A&quantity=9&${query}`, "lots"),
      "lot",
      "receivedOn",
      "expiresOn",
    );
  let known = 0n;

  beforeAll(async () => {
    await record("/v1/items/gel/registration", { unit: "tube", quantityScale: 0 });
    await record("/v1/items/gel/lot-tracking", {});
    await received(4, "A");
    await received(5, "Z");
    await record("/v1/items/gel/movements/G4/cancellation", { reference: "not ours" });
    await received(6, "A");
    await received(7, "M");
    await record("/v1/items/gel/lots", { lot: "M", expiresOn: "2026-02-10" });
    known = await server.seq();
    await record("/v1/items/gel/lots", { lot: "M", expiresOn: "2026-02-05" });
    await server.seq();
  });

  test("what came first goes first; a receipt that was cancelled has not come", async () =>
    expect(await picked("asOf=2026-02-08")).toEqual([
      ["Z", "2026-01-05", null],
      ["A", "2026-01-06", null],
    ]));

  test("what expires is good on that day, and was as long as was known then", async () => {
    expect((await picked("asOf=2026-02-05"))[0]).toEqual(["M", "2026-01-07", "2026-02-05"]);
    expect((await picked(`asOf=2026-02-10&knownAt=${known}`))[0]).toEqual(["M", "2026-01-07", "2026-02-10"]);
    expect(await picked(`asOf=2026-02-11&knownAt=${known}`)).toHaveLength(2);
    const lots = async (query: string) =>
      figures(await rows(`/v1/items/gel/lots?${query}`, "lots"), "lot", "expiresOn");
    expect(await lots("lot=M")).toEqual([["M", "2026-02-05"]]);
    expect(await lots(`lot=M&knownAt=${known}`)).toEqual([["M", "2026-02-10"]]);
  });
});

describe("the trace of a lot", () => {
  test("is where it came from and where it went, in order", async () => {
    const found = await rows("/v1/items/serum/lots/L1/trace", "movements");
    expect(
      figures(found, "movement", "kind", "effectiveDate", "location", "quantity", "purpose", "reference"),
    ).toEqual([
      ["R5", "receipt", "2026-01-05", "A", "6", null, "PO-1"],
      ["I8", "issue", "2026-01-08", "A", "-2", "sale", "SO-1"],
      ["B9", "return", "2026-01-09", "A", "1", null, null],
      ["T10", "transfer", "2026-01-10", "A", "-2", null, null],
      ["T10", "transfer", "2026-01-10", "B", "2", null, null],
    ]);
    expect(await rows(`/v1/items/serum/lots/L1/trace?knownAt=${half}`, "movements")).toHaveLength(1);
  });

  test("is the same where lots are costed", async () => {
    const oil = { ...A, quantity: "2.5", lot: "L7" };
    await record("/v1/items/oil/receipts", { ...on(5), ...oil, value: "20", reference: "PO-7" }, "OR");
    await record("/v1/items/oil/receipts", { ...on(6), ...oil, value: "30", reference: "PO-8" }, "OS");
    await record(
      "/v1/items/oil/issues",
      { ...on(7), ...oil, quantity: "4", purpose: "production", reference: "M-1" },
      "OI",
    );
    await record(
      "/v1/items/oil/receipts/OR/invoices",
      { documentDate: "2026-01-08", reference: "INV", quantity: "2.5", amount: "25" },
      "F",
    );
    await server.seq();
    expect(
      figures(await rows("/v1/items/oil/lots/L7/trace", "movements"), "movement", "quantity", "reference"),
    ).toEqual([
      ["OR", "2.5", "PO-7"],
      ["OS", "2.5", "PO-8"],
      ["OI", "-4", "M-1"],
    ]);
    expect(figures(await rows("/v1/items/oil/lots", "lots"), "lot", "quantity")).toEqual([["L7", "1"]]);
  });

  test("of none is none", async () => {
    expect((await get("/v1/items/serum/lots/L99/trace")).status).toBe(404);
    await record("/v1/items/serum/lots", { lot: "L98" });
    await server.seq();
    expect(await get("/v1/items/serum/lots/L98/trace")).toMatchObject({
      status: 200,
      body: { movements: [] },
    });
    for (const known of ["serum/lots/L98", "oil/lots/L7"])
      expect((await get(`/v1/items/${known}/trace?knownAt=${half}`)).status).toBe(404);
  });
});

test("what can't be is refused and says how to mend it", async () => {
  const issue = { ...on(12), ...A, quantity: "9", purpose: "sale", reference: "SO-2" };
  expect(await post("/v1/items/serum/issues", issue)).toMatchObject({
    status: 422,
    body: { title: "LotsRequired" },
  });
  expect(await post("/v1/items/serum/issues", { ...issue, lots: of({ L1: "9" }) })).toMatchObject({
    status: 409,
    body: { title: "InsufficientLot", location: "A", lot: "L1", onHand: "3", requested: "9" },
  });
  expect(
    await post("/v1/items/serum/issues", { ...issue, ...on(6), lots: of({ L1: "4", L2: "4", L3: "1" }) }),
  ).toMatchObject({
    status: 409,
    body: { title: "InsufficientLot", lot: "L1", onHand: "1", leavesShort: { movement: "T10" } },
  });
  const twice = [...of({ L1: "4" }), ...of({ L1: "5" })];
  expect(await post("/v1/items/serum/issues", { ...issue, lots: twice })).toMatchObject({
    status: 400,
    body: { errors: [{ field: "body.lots", detail: "each lot once" }] },
  });
  const rod = { ...on(12), ...A, quantity: "1", value: "1" };
  expect(await post("/v1/items/rod/receipts", { ...rod, lots: of({ L1: "1" }) })).toMatchObject({
    status: 422,
    body: { title: "LotNotKept" },
  });
  const saw = { ...on(12), ...A, quantity: "1", value: "1", lot: "S1" };
  await record("/v1/items/saw/receipts", saw);
  expect(await post("/v1/items/saw/receipts", saw)).toMatchObject({
    status: 409,
    body: { title: "SerialTaken", lot: "S1", location: "A" },
  });
});

test("a lot of which others were counted keeps its absolute count, told by the same sums", async () => {
  await record(
    "/v1/items/serum/counts",
    { ...on(15), ...A, counted: "12", lots: of({ L1: "3", L3: "4", L4: "5" }) },
    "C15",
  );
  await record(
    "/v1/items/serum/issues",
    { ...on(14), ...A, quantity: "1", purpose: "other", reference: "late", lots: of({ L2: "1" }) },
    "I14",
  );
  await server.seq();
  const [, ...since] = figures(
    await rows("/v1/items/serum/lots/L2/trace", "movements"),
    "movement",
    "quantity",
  );
  expect(since).toEqual([
    ["I14", "-1"],
    ["C15", "-3"],
  ]);
});

test("and the book ties", async () => {
  await server.seq();
  const checks = await verify(server.book, () => {});
  for (const check of checks) expect(check).toMatchObject({ difference: undefined });
  for (const name of ["lot rows = trail", "lots = stock on every day, where they are tracked"])
    expect(checks.find((check) => check.name === name)?.compared).toBeGreaterThanOrEqual(3);
});
