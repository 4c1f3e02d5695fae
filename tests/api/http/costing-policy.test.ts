/** The policy `freeze` over HTTP: from when on it holds, and what it does to a late delivery. */
import { beforeAll, expect, test } from "vitest";
import { verify } from "../../../api/verify/verify.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;
const receipt = (effectiveDate: string, quantity: string, value: string) => ({
  ...{ effectiveDate, quantity, value, location: "A" },
});
const issue = (effectiveDate: string, quantity: string) => ({
  ...{ effectiveDate, quantity, location: "A", purpose: "sale", reference: "SO-1" },
});
const seen = () => get(`/v1/balances?minPosition=${server.lastPosition()}`);

beforeAll(async () => {
  await record("/v1/company", foundation);
  await record("/v1/items/rod/registration", { unit: "m", quantityScale: 0 });
  await record("/v1/items/rod/receipts", receipt("2026-01-10", "10", "100"), "L1");
});

test("it changes where nothing counts any more on the first open day or later", async () => {
  await seen();
  expect(await post("/v1/company/costing-policy", { policy: "freeze" })).toMatchObject({
    status: 409,
    body: { title: "MovementsInOpenTime", openFrom: null, lastMovement: "2026-01-10" },
  });
  expect(await post("/v1/company/costing-policy", { policy: "replay" })).toMatchObject({
    status: 409,
    body: { title: "CostingPolicyUnchanged" },
  });
  const { body } = await record("/v1/periods/2026-01-01/closing", {});
  await server.closed("2026-01-01");
  expect(body["events"]).toMatchObject([{ type: "PeriodClosing" }]);
  const { body: changed } = await record("/v1/company/costing-policy", { policy: "freeze" }, "freeze");
  expect(changed["events"]).toMatchObject([
    { type: "CostingPolicyChanged", data: { change: 1, policy: "freeze", from: "2026-02-01" } },
  ]);
  expect((await record("/v1/company/costing-policy", { policy: "freeze" }, "freeze")).body).toEqual(changed);
  expect((await get("/v1/company")).body).toMatchObject({
    costing: { policy: "freeze", from: "2026-02-01" },
  });
  expect(await post("/v1/periods/2026-01-01/reopening", { reason: "x" })).toMatchObject({
    status: 409,
    body: { title: "CostedOtherwiseSince", from: "2026-02-01" },
  });
});

test("what was drawn stays drawn; a late delivery is what is left", async () => {
  await record("/v1/items/rod/receipts", receipt("2026-02-03", "10", "150"), "L2");
  const { body } = await record("/v1/items/rod/issues", issue("2026-02-04", "20"), "I");
  expect(body["events"]).toMatchObject([{ type: "GoodsIssued" }]);
  await record("/v1/items/rod/receipts", receipt("2026-02-01", "10", "100"), "L0");
  const { body: layers } = await get(`/v1/items/rod/layers?minPosition=${server.lastPosition()}`);
  expect(layers["layers"]).toMatchObject([{ layer: "L0", quantity: "10", value: "100" }]);
  expect(await post("/v1/items/rod/issues", issue("2026-02-02", "11"))).toMatchObject({
    status: 409,
    body: { title: "InsufficientStock", onHand: "10", requested: "11" },
  });
  const cancelled = await record("/v1/items/rod/movements/I/cancellation", {
    reference: "typed twice",
    compensateOn: "2026-02-05",
  });
  expect((cancelled.body["events"] as readonly Json[])[0]).toMatchObject({ type: "MovementCompensated" });
  // A count takes up what comes late before it; what goes back uninvoiced bears nothing of the bill.
  await record("/v1/items/rod/counts", { effectiveDate: "2026-02-06", location: "A", counted: "28" });
  const { body: late } = await record("/v1/items/rod/receipts", receipt("2026-02-02", "5", "50"), "L3");
  expect(late["events"]).toMatchObject([{ type: "GoodsReceived" }, { type: "MovementsRecosted" }]);
  const back = { effectiveDate: "2026-02-07", quantity: "2", location: "A", receipt: "L0", credit: "20" };
  await record("/v1/items/rod/supplier-returns", { ...back, uninvoiced: true }, "S");
  const bill = { documentDate: "2026-02-08", reference: "INV", quantity: "8", amount: "96" };
  await record("/v1/items/rod/receipts/L0/invoices", bill, "INV");
  const found = await get(`/v1/items/rod/movements?minPosition=${server.lastPosition()}`);
  const costs = (found.body["movements"] as readonly Json[]).map((each) => [each["movement"], each["value"]]);
  expect(costs).toContainEqual(["S", "-20"]);
});

test("and the book ties", async () => {
  await server.seq();
  for (const check of await verify(server.book, () => {}))
    expect(check).toMatchObject({ difference: undefined });
});
