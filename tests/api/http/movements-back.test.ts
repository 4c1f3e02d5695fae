/**
 * Over HTTP: goods under way, goods that go back and come back, issues that go short, and what is closed undone. By hand, to
 * the cent; at the end every table agrees with the log.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { verify } from "../../../api/verify/verify.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;
const on = (effectiveDate: string, more: object) => ({ effectiveDate, ...more });

async function layers(query = ""): Promise<readonly (readonly unknown[])[]> {
  await server.seq();
  const { body } = await get(`/v1/items/rod/layers${query}`);
  return (body["layers"] as readonly Json[]).map(({ layer, location, quantity, value }) => [
    layer,
    location,
    quantity,
    value,
  ]);
}

beforeAll(async () => {
  await record("/v1/company", foundation);
  await record("/v1/items/rod/registration", { unit: "m", quantityScale: 0 });
  const receipt = { quantity: "10", location: "A" };
  await record("/v1/items/rod/receipts", on("2026-01-10", { ...receipt, value: "100" }), "R1");
  await record("/v1/items/rod/receipts", on("2026-01-11", { ...receipt, value: "200" }), "R2");
});

test("a transfer in two steps: between them its goods are under way", async () => {
  const sent = { quantity: "12", from: "A", via: "road", to: "B" };
  const { body } = await record("/v1/items/rod/dispatches", on("2026-01-12", sent), "D");
  expect(body["events"]).toMatchObject([
    { type: "GoodsDispatched", data: { movement: "D", via: "road", to: "B" } },
  ]);
  await record(
    "/v1/items/rod/arrivals",
    on("2026-01-14", { dispatch: "D", quantity: "11", location: "B" }),
    "V",
  );
  expect(await layers()).toEqual([
    ["R2", "A", "8", "160"],
    ["V/R1", "B", "10", "100"],
    ["V/R2", "B", "1", "20"],
    ["D/R2", "road", "1", "20"],
  ]);
  expect(await layers("?asOf=2026-01-13")).toContainEqual(["D/R1", "road", "10", "100"]);
  const more = on("2026-01-15", { dispatch: "D", quantity: "2", location: "B" });
  expect(await post("/v1/items/rod/arrivals", more)).toMatchObject({
    status: 409,
    body: { title: "ArrivedMoreThanDispatched", dispatched: "12", arrived: "11", quantity: "2" },
  });
  const moves = (await get("/v1/items/rod/movements")).body["movements"] as readonly Json[];
  expect(moves.map(({ kind, location, to }) => [kind, location, to])).toEqual([
    ["receipt", "A", null],
    ["receipt", "A", null],
    ["dispatch", "A", "road"],
    ["arrival", "road", "B"],
  ]);
});

test("goods go back to the supplier, and come back from nobody knows whom", async () => {
  const back = { receipt: "R2", quantity: "3", location: "A", credit: "55" };
  await record("/v1/items/rod/supplier-returns", on("2026-01-16", back), "S");
  const unmatched = on("2026-01-17", { quantity: "1", location: "A", value: "9", approvedBy: "ada" });
  expect(await post("/v1/items/rod/unmatched-returns", unmatched)).toMatchObject({
    status: 400,
    body: { errors: [{ field: "body.approvedBy" }] },
  });
  await record("/v1/items/rod/unmatched-returns", { ...unmatched, approvedBy: "ben" }, "U");
  expect((await layers()).slice(0, 2)).toEqual([
    ["R2", "A", "5", "100"],
    ["U", "A", "1", "9"],
  ]);
});

test("where a location allows it an issue goes short, and what comes next settles it", async () => {
  const sale = { quantity: "8", location: "A", purpose: "sale", reference: "SO-1" };
  expect(await post("/v1/items/rod/issues", on("2026-01-20", sale))).toMatchObject({
    status: 409,
    body: { title: "InsufficientStock", onHand: "6", requested: "8" },
  });
  expect(await post("/v1/locations/A/short-stock", { allowed: false })).toMatchObject({
    status: 409,
    body: { title: "ShortStockNotAllowed", location: "A" },
  });
  await record("/v1/locations/A/short-stock", { allowed: true });
  expect((await get("/v1/company")).body).toMatchObject({ shortStockAt: ["A"] });
  const { body } = await record("/v1/items/rod/issues", on("2026-01-20", sale), "I");
  expect(body["events"]).toMatchObject([{ type: "GoodsIssuedAllowingShort", data: { statedCost: null } }]);
  expect((await layers())[0]).toEqual(["I", "A", "-2", "-18"]);
  const balances = (await get("/v1/balances?item=rod&location=A")).body["balances"] as readonly Json[];
  expect(balances).toMatchObject([{ quantity: "-2", value: "-18" }]);

  await everyTableAgrees();
  const receipt = { quantity: "10", location: "A", value: "250" };
  await record("/v1/items/rod/receipts", on("2026-01-22", receipt), "R3");
  expect((await layers())[0]).toEqual(["R3", "A", "8", "200"]);
  const costs = (await get("/v1/items/rod/movements/I/costs")).body["costs"] as readonly Json[];
  expect(costs.map(({ cause, date, value }) => [cause, date, value])).toEqual([
    ["I", "2026-01-20", "-127"],
    ["R3", "2026-01-22", "-32"],
  ]);
  await record("/v1/locations/A/short-stock", { allowed: false });
  expect(await post("/v1/items/rod/issues", on("2026-01-23", { ...sale, quantity: "9" }))).toMatchObject({
    body: { title: "InsufficientStock" },
  });
});

test("what is closed is undone on an open day, and its period's figures stand", async () => {
  const before = await layers("?asOf=2026-01-31");
  await record("/v1/periods/2026-01-01/closing", {});
  for (let look = 0; look < 200; look += 1) {
    const [period] = (await get("/v1/periods")).body["periods"] as readonly Json[];
    if (period?.["status"] === "closed") break;
    await sleep(100);
  }
  const undo = { reference: "sent to the wrong address", compensateOn: "2026-02-03" };
  expect(
    await post("/v1/items/rod/movements/S/cancellation", { ...undo, compensateOn: "2026-01-30" }),
  ).toMatchObject({
    body: { title: "PeriodClosed" },
  });
  const { body } = await record("/v1/items/rod/movements/S/cancellation", undo, "X");
  expect(body["events"]).toMatchObject([
    { type: "MovementCompensated", data: { movement: "X", compensated: "S", effectiveDate: "2026-02-03" } },
  ]);
  expect(await layers("?asOf=2026-01-31")).toEqual(before);
  expect((await layers("?asOf=2026-02-03")).slice(0, 2)).toEqual([
    ["R3", "A", "8", "200"],
    ["X/R2", "A", "3", "60"],
  ]);
  expect(await post("/v1/items/rod/movements/S/cancellation", undo)).toMatchObject({
    body: { title: "MovementAlreadyCancelled" },
  });
});

test("and every table agrees with the log", everyTableAgrees);

async function everyTableAgrees(): Promise<void> {
  await server.seq();
  for (const check of await verify(server.book, () => {}))
    expect(check).toMatchObject({ difference: undefined });
}
