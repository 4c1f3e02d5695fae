/**
 * A receipt that comes late, over HTTP: what its command answers, and what the book says afterwards of every day, as known
 * before it and after it. By hand, to the cent.
 */
import { beforeAll, expect, test } from "vitest";
import { verify } from "../../../api/verify/verify.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;
let before: bigint;
let after: bigint;
let late: Json;

const on = (effectiveDate: string, more: object) => ({ effectiveDate, ...more });
const asked = async (path: string, of: string, known: bigint, query = "") =>
  (await get(`${path}?knownAt=${known}${query}`)).body[of] as readonly Json[];

/** January: 10 for 100; February: all of it to B; March: 8 of those sold. Then 5 for 40 turn up, of January's first days. */
beforeAll(async () => {
  await record("/v1/company", foundation);
  await record("/v1/items/rod/registration", { unit: "m", quantityScale: 0 });
  await record(
    "/v1/items/rod/receipts",
    on("2026-01-10", { quantity: "10", location: "A", value: "100" }),
    "L1",
  );
  await record("/v1/items/rod/transfers", on("2026-02-10", { quantity: "10", from: "A", to: "B" }), "T");
  const sale = { quantity: "8", location: "B", purpose: "sale", reference: "SO-1" };
  await record("/v1/items/rod/issues", on("2026-03-10", sale), "J");
  before = await server.seq();
  const receipt = on("2026-01-05", { quantity: "5", location: "A", value: "40", reference: "PO-0" });
  late = (await record("/v1/items/rod/receipts", receipt, "L0")).body;
  expect((await post("/v1/items/rod/receipts", receipt, "L0")).body).toEqual(late);
  after = await server.seq();
});

test("the command answers with the fact, and with what others cost otherwise because of it", () => {
  const events = late["events"] as { type: string; data: Json }[];
  expect(events.map(({ type, data: { causedBy } }) => [type, causedBy])).toEqual([
    ["GoodsReceived", undefined],
    ["MovementsRecosted", "L0"],
  ]);
  const rows = events[1]?.data["rows"] as Json[];
  expect(
    rows.map(({ movement, date, layer, quantity, value }) => [movement, date, layer, quantity, value]),
  ).toEqual([
    ["T", "2026-02-10", "L0", "-5", "-40"],
    ["T", "2026-02-10", "L1", "5", "50"],
    ["T", "2026-02-10", "T/L0", "5", "40"],
    ["T", "2026-02-10", "T/L1", "-5", "-50"],
    ["J", "2026-03-10", "T/L0", "-5", "-40"],
    ["J", "2026-03-10", "T/L1", "5", "50"],
  ]);
});

test("a movement's cost, as known then and as known now", async () => {
  const costs = async (known: bigint) =>
    (await asked("/v1/items/rod/movements", "movements", known)).map(({ movement, value }) => [
      movement,
      value,
    ]);
  expect(await costs(before)).toEqual([
    ["L1", "100"],
    ["T", "-100"],
    ["J", "-80"],
  ]);
  expect(await costs(after)).toEqual([
    ["L0", "40"],
    ["L1", "100"],
    ["T", "-90"],
    ["J", "-70"],
  ]);
});

test("the draws behind it, none of which is nothing", async () => {
  const draws = async (known: bigint) =>
    (await asked("/v1/items/rod/movements/J/draws", "draws", known)).map(({ layer, quantity, value }) => [
      layer,
      quantity,
      value,
    ]);
  expect(await draws(before)).toEqual([["T/L1", "-8", "-80"]]);
  expect(await draws(after)).toEqual([
    ["T/L1", "-3", "-30"],
    ["T/L0", "-5", "-40"],
  ]);
});

test("the layers that are left, in place", async () => {
  const layers = async (known: bigint, query = "") =>
    (await asked("/v1/items/rod/layers", "layers", known, query)).map(
      ({ layer, location, quantity, value }) => [layer, location, quantity, value],
    );
  expect(await layers(before)).toEqual([["T/L1", "B", "2", "20"]]);
  expect(await layers(after)).toEqual([
    ["L1", "A", "5", "50"],
    ["T/L1", "B", "2", "20"],
  ]);
  expect(await layers(after, "&asOf=2026-01-31")).toEqual([
    ["L0", "A", "5", "40"],
    ["L1", "A", "10", "100"],
  ]);
});

test("balances at the end of every month, as known then and now", async () => {
  const at = async (known: bigint, asOf: string) =>
    (await asked("/v1/balances", "balances", known, `&asOf=${asOf}`)).map(({ location, quantity, value }) => [
      location,
      quantity,
      value,
    ]);
  expect(await at(before, "2026-01-31")).toEqual([["A", "10", "100"]]);
  expect(await at(after, "2026-01-31")).toEqual([["A", "15", "140"]]);
  expect(await at(after, "2026-01-09")).toEqual([["A", "5", "40"]]);
  expect(await at(before, "2026-02-28")).toEqual([["B", "10", "100"]]);
  expect(await at(after, "2026-02-28")).toEqual([
    ["A", "5", "50"],
    ["B", "10", "90"],
  ]);
  expect(await at(before, "2026-03-31")).toEqual([["B", "2", "20"]]);
  expect(await at(after, "2026-03-31")).toEqual([
    ["A", "5", "50"],
    ["B", "2", "20"],
  ]);
});

test("behind a corrected movement stand its own event and the one that corrects it", async () => {
  const { body } = await get("/v1/items/rod/movements/J/events");
  const events = body["events"] as { type: string; data: Json }[];
  expect(events.map(({ type, data }) => [type, data["causedBy"]])).toEqual([
    ["GoodsIssued", undefined],
    ["MovementsRecosted", "L0"],
  ]);
});

test("goods of an issue come back at what they cost it, and a return typed twice is cancelled", async () => {
  const back = on("2026-03-11", { issue: "J", quantity: "3", location: "C", reference: "RMA 1" });
  const { body } = await record("/v1/items/rod/returns", back, "B1");
  const [event] = body["events"] as { type: string; data: { lot: null; rows: Json[] } }[];
  expect(event).toMatchObject({ type: "GoodsReturned", data: { issue: "J", lot: null } });
  expect(event?.data.rows.map(({ layer, value }) => [layer, value])).toEqual([["B1/L1", "30"]]);
  await record("/v1/items/rod/returns", { ...back, reference: "RMA 1 again" }, "B2");
  const then = await server.seq();
  const cancelled = await record(
    "/v1/items/rod/movements/B2/cancellation",
    { reference: "typed twice" },
    "X",
  );
  expect((cancelled.body["events"] as Json[]).map(({ type }) => type)).toEqual([
    "MovementCancelled",
    "MovementsRecosted",
  ]);
  const now = await server.seq();
  const there = async (known: bigint) =>
    (await asked("/v1/balances", "balances", known, "&location=C")).map(({ quantity, value }) => [
      quantity,
      value,
    ]);
  expect(await there(then)).toEqual([["6", "54"]]);
  expect(await there(now)).toEqual([["3", "30"]]);
  const moved = await asked("/v1/items/rod/movements", "movements", now, "&location=C");
  expect(moved.map(({ movement, kind, value, cancelled }) => [movement, kind, value, cancelled])).toEqual([
    ["B1", "return", "30", null],
    ["B2", "return", "0", `${now - 1n}`],
  ]);
  expect(await asked("/v1/items/rod/movements/B2/draws", "draws", now)).toEqual([]);
  expect(await post("/v1/items/rod/movements/J/cancellation", { reference: "x" })).toMatchObject({
    status: 409,
    body: { title: "OthersDependOnMovement", dependents: ["B1"] },
  });
});

test("and the book ties", async () => {
  for (const check of await verify(server.book, () => {}))
    expect(check).toMatchObject({ difference: undefined });
});
