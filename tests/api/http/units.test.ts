/** Other units over HTTP: defined once, said in commands, kept beside the quantity. */
import { beforeAll, expect, test } from "vitest";
import { verify } from "../../../api/verify/verify.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;
const receipt = { effectiveDate: "2026-01-10", quantity: "2", location: "A", value: "48" };

beforeAll(async () => {
  await record("/v1/company", foundation);
  await record("/v1/items/bolt/registration", { unit: "piece", quantityScale: 0 });
  await record("/v1/items/bolt/units", { unit: "box", equals: "12" });
});

test("a unit is told with what it is, and never changes", async () => {
  const { body } = await get(`/v1/items/bolt/units?minPosition=${server.lastPosition()}`);
  expect(body["units"]).toEqual([{ unit: "box", quantity: "1", equals: "12", recorded: "3" }]);
  expect(await post("/v1/items/bolt/units", { unit: "box", equals: "10" })).toMatchObject({
    status: 409,
    body: { title: "UnitAlreadyDefined", equals: "12" },
  });
});

test("what is said in it counts in the item's own, and is shown beside it", async () => {
  const { body } = await record("/v1/items/bolt/receipts", { ...receipt, unit: "box" }, "R");
  expect(body["events"]).toMatchObject([
    { type: "QuantityMeasured", data: { of: "R", quantity: "2", unit: "box" } },
    { type: "GoodsReceived", data: { quantity: "24" } },
  ]);
  // The same command again: the first answer.
  expect((await record("/v1/items/bolt/receipts", { ...receipt, unit: "box" }, "R")).body).toEqual(body);
  const weighed = { ...receipt, quantity: "10", measured: { quantity: "1.25", unit: "kg" } };
  await record("/v1/items/bolt/receipts", weighed, "W");
  await record(
    "/v1/items/bolt/receipts/R/invoices",
    { documentDate: "2026-01-11", reference: "INV", quantity: "1", unit: "box", amount: "36" },
    "F",
  );
  const found = await get(`/v1/items/bolt/movements?minPosition=${server.lastPosition()}`);
  const shown = (found.body["movements"] as readonly Json[]).map((each) => [
    ...[each["movement"], each["quantity"], each["measured"], each["measuredUnit"], each["value"]],
  ]);
  expect(shown).toEqual([
    ["R", "24", "2", "box", "60"],
    ["W", "10", "1.25", "kg", "48"],
  ]);
});

test("what is no such quantity, or no such unit, is refused and says so", async () => {
  expect(await post("/v1/items/bolt/receipts", { ...receipt, quantity: "0.3", unit: "box" })).toMatchObject({
    status: 422,
    body: { title: "QuantityOffScale", scale: 0, factor: { quantity: "1", equals: "12" } },
  });
  expect(await post("/v1/items/bolt/receipts", { ...receipt, unit: "pallet" })).toMatchObject({
    status: 422,
    body: { title: "UnitNotDefined", defined: ["piece", "box"] },
  });
  const both = { ...receipt, unit: "box", measured: { quantity: "1", unit: "kg" } };
  expect(await post("/v1/items/bolt/receipts", both)).toMatchObject({
    status: 400,
    body: { errors: [{ field: "body.measured" }] },
  });
});

test("and the book ties", async () => {
  await server.seq();
  for (const check of await verify(server.book, () => {}))
    expect(check).toMatchObject({ difference: undefined });
});
