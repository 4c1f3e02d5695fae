/** Pins over HTTP: a project's own stock, told apart in every answer, as it was known then; previewed, imported, counted. */
import { beforeAll, describe, expect, test } from "vitest";
import { verify } from "../../../api/verify/verify.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;
const on = (day: number) => ({ effectiveDate: `2026-01-${`${day}`.padStart(2, "0")}` });
const A = { location: "A" };
const rod = "/v1/items/rod";
const rows = async (path: string, name: string) => (await get(path)).body[name] as readonly Json[];
const figures = (all: readonly Json[], ...names: readonly string[]) =>
  all.map((each) => names.map((name) => each[name]));
let pinned = 0n;

beforeAll(async () => {
  await record("/v1/company", foundation);
  await record(`${rod}/registration`, { unit: "m", quantityScale: 0 });
  await record(`${rod}/receipts`, { ...on(5), ...A, quantity: "10", value: "100" }, "R1");
  await record(`${rod}/receipts`, { ...on(6), ...A, quantity: "10", value: "200" }, "R2");
  await record(`${rod}/pins`, { ...on(7), ...A, project: "P-7", quantity: "12", reference: "WO-3" }, "P1");
  pinned = await server.seq();
  const issue = { ...A, quantity: "3", purpose: "project", reference: "WO-3", project: "P-7" };
  await record(`${rod}/issues`, { ...on(8), ...issue, measured: { quantity: "6.1", unit: "kg" } }, "I1");
  await record(`${rod}/unpins`, { ...on(9), ...A, project: "P-7", quantity: "2" }, "U1");
  await record(`${rod}/receipts/R1/costs`, {
    kind: "landedCost",
    amount: "10",
    ...{ documentDate: "2026-01-20", reference: "F" },
  });
  await server.seq();
});

test("balances, layers and valuation tell a project's stock apart", async () => {
  expect(figures(await rows("/v1/balances", "balances"), "location", "project", "quantity", "value")).toEqual(
    [
      ["A", null, "10", "182"],
      ["A", "P-7", "7", "95"],
    ],
  );
  const layers = await rows(`${rod}/layers`, "layers");
  expect(figures(layers, "layer", "project", "quantity", "value", "receipt")).toEqual([
    ["R2", null, "8", "160", "R2"],
    ["U1/R1", null, "2", "22", "R1"],
    ["P1/R1", "P-7", "5", "55", "R1"],
    ["P1/R2", "P-7", "2", "40", "R2"],
  ]);
  expect(figures(await rows(`${rod}/layers?project=P-7`, "layers"), "layer")).toEqual([["P1/R1"], ["P1/R2"]]);
  for (const by of ["project", "item,project"])
    expect(figures(await rows(`/v1/valuation?by=${by}`, "valuation"), "project", "value")).toEqual([
      [null, "182"],
      ["P-7", "95"],
    ]);
  expect(await rows("/v1/ageing?by=project&asOf=2026-01-31&buckets=25", "ageing")).toEqual([
    { project: null, ageFrom: 0, ageTo: 25, value: "160" },
    { project: null, ageFrom: 26, ageTo: null, value: "22" },
    { project: "P-7", ageFrom: 0, ageTo: 25, value: "40" },
    { project: "P-7", ageFrom: 26, ageTo: null, value: "55" },
  ]);
  const before = await rows(`/v1/balances?knownAt=${pinned}&project=P-7`, "balances");
  expect(figures(before, "quantity", "value")).toEqual([["12", "140"]]);
});

test("in pages of one, each is told once", async () => {
  for (const [path, name, many] of [
    ["/v1/balances?", "balances", 2],
    [`${rod}/layers?`, "layers", 4],
    ["/v1/valuation?by=project&", "valuation", 2],
    [`${rod}/movements/P1/costs?`, "costs", 4],
  ] as const) {
    const all = await rows(path, name);
    expect(all).toHaveLength(many);
    const found: Json[] = [];
    let next: string | null = "";
    while (next !== null) {
      const { body } = await get(`${path}limit=1${next ? `&after=${next}` : ""}`);
      found.push(...(body[name] as Json[]));
      next = body["next"] as string | null;
    }
    expect(found).toEqual(all);
  }
});

test("a movement says whose stock it is of; a pin, what it took of the free one, and what it costs nothing", async () => {
  const all = await rows(`${rod}/movements`, "movements");
  expect(figures(all, "movement", "kind", "project", "quantity", "measured", "value")).toEqual([
    ["R1", "receipt", null, "10", null, "110"],
    ["R2", "receipt", null, "10", null, "200"],
    ["P1", "pin", "P-7", "12", null, "-150"],
    ["I1", "issue", "P-7", "3", "6.1", "-33"],
    ["U1", "unpin", "P-7", "2", null, "22"],
  ]);
  expect(
    figures(await rows(`${rod}/movements/P1/draws`, "draws"), "layer", "project", "quantity", "value"),
  ).toEqual([
    ["R1", null, "-10", "-110"],
    ["R2", null, "-2", "-40"],
    ["P1/R1", "P-7", "10", "110"],
    ["P1/R2", "P-7", "2", "40"],
  ]);
  expect(
    figures(await rows(`${rod}/movements/P1/costs`, "costs"), "project", "quantity", "value", "total"),
  ).toEqual([
    [null, "-12", "-140", "-140"],
    ["P-7", "12", "140", "140"],
    [null, "0", "-10", "-150"],
    ["P-7", "0", "10", "150"],
  ]);
});

describe("refused", () => {
  test("what is pinned, to others; and what would leave a pin short", async () => {
    const issue = { ...A, quantity: "11", purpose: "sale", reference: "SO-1" };
    expect(await post(`${rod}/issues`, { ...on(10), ...issue })).toMatchObject({
      status: 409,
      body: { title: "InsufficientStock", onHand: "17", reserved: "7", requested: "11" },
    });
    expect(await post(`${rod}/issues`, { ...on(6), ...issue, quantity: "9" })).toMatchObject({
      status: 409,
      body: { title: "InsufficientStock", leavesShort: { movement: "P1", effectiveDate: "2026-01-07" } },
    });
  });

  test("an arrival or a count of a project: they are of all there, or of what was sent", async () => {
    for (const [route, body] of [
      ["counts", { ...on(10), ...A, counted: "1", project: "P-7" }],
      ["returns", { ...on(10), ...A, issue: "I1", quantity: "1", project: "P-7" }],
    ] as const)
      expect(await post(`${rod}/${route}`, body)).toMatchObject({ status: 400 });
  });
});

test("a late receipt is previewed: what it corrects of a pin stays in stock", async () => {
  const late = { ...on(4), ...A, quantity: "3", value: "15" };
  const { status, body } = await post(`${rod}/receipts?preview=true`, late);
  expect(status).toBe(200);
  expect(figures(body["corrections"] as Json[], "movement", "account", "difference")).toEqual([
    ["I1", "projectCost", "18"],
  ]);
});

test("short stock is of the free goods only, and a stocktake of all", async () => {
  await record("/v1/locations/A/short-stock", { allowed: true });
  const issue = { ...on(11), ...A, quantity: "8", purpose: "project", reference: "WO-3", project: "P-7" };
  expect(await post(`${rod}/issues`, issue)).toMatchObject({
    status: 409,
    body: { onHand: "17", reserved: "10", requested: "8" },
  });
  const { body } = await record(`${rod}/issues`, { ...issue, quantity: "1" }, "I2");
  expect((body["events"] as Json[]).map(({ type }) => type)).toEqual(["ProjectNamed", "GoodsIssued"]);
  await record("/v1/stocktakes/S/opening", { location: "A", date: "2026-01-12" });
  const counting = { item: "rod", counted: "15" };
  expect((await post("/v1/stocktakes/S/counts", counting, undefined, { "x-actor": "ben" })).status).toBe(201);
  await server.seq();
  const [line] = await rows("/v1/stocktakes/S/lines", "lines");
  expect(line).toMatchObject({ bookQuantity: "16", bookValue: "266", varianceQuantity: "-1" });
  await record("/v1/stocktakes/S/approval", {});
  await record("/v1/stocktakes/S/posting", {});
  await server.seq();
  const [posted] = await rows("/v1/stocktakes/S/lines", "lines");
  expect(posted).toMatchObject({
    bookQuantity: "16",
    bookValue: "266",
    varianceQuantity: "-1",
    varianceValue: "-20",
  });
});

test("and the book ties", async () => {
  for (const { name, difference } of await verify(server.book, () => undefined))
    expect({ name, difference }).toEqual({ name, difference: undefined });
});
