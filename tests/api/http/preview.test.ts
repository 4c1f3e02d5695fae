/** Late facts as a dry run over HTTP, and the approval that a large correction wants. */
import { beforeAll, expect, test } from "vitest";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;
const on = (effectiveDate: string, more: object) => ({ effectiveDate, ...more });
const bill = { documentDate: "2026-01-20", reference: "INV-9", quantity: "10", amount: "130" };
const invoices = "/v1/items/rod/receipts/R1/invoices";

beforeAll(async () => {
  await record("/v1/company", foundation);
  await record("/v1/items/rod/registration", { unit: "m", quantityScale: 0 });
  await record(
    "/v1/items/rod/receipts",
    on("2026-01-10", { quantity: "10", location: "A", value: "100" }),
    "R1",
  );
  const issue = { quantity: "4", location: "A", purpose: "sale", reference: "SO-1" };
  await record("/v1/items/rod/issues", on("2026-01-12", issue), "I");
  await record("/v1/items/rod/transfers", on("2026-01-13", { quantity: "3", from: "A", to: "B" }), "T");
});

test("a dry run says what would be corrected, by movement and account, and records nothing", async () => {
  const before = await server.seq();
  const { status, body } = await post(`${invoices}?preview=true`, bill, "INV");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    needsApproval: false,
    events: [{ type: "ReceiptInvoiced" }, { type: "MovementsRecosted" }],
  });
  expect(body["corrections"]).toEqual([
    {
      item: "rod",
      movement: "R1",
      account: "goodsReceivedNotInvoiced",
      date: "2026-01-10",
      difference: "30",
      booked: "100",
      target: "130",
    },
    {
      item: "rod",
      movement: "I",
      account: "costOfSales",
      date: "2026-01-12",
      difference: "-12",
      booked: "-40",
      target: "-52",
    },
  ]);
  expect(await server.seq()).toBe(before);
  // The key was not used up: the same command is recorded with it, and corrects just that.
  const { body: done } = await record(invoices, bill, "INV");
  expect(done["events"]).toEqual(body["events"]);
});

test("a dry run is refused like the command", async () => {
  expect(await post(`${invoices}?preview=true`, bill)).toMatchObject({
    status: 409,
    body: { title: "InvoicedMoreThanReceived" },
  });
  expect(await post(`${invoices}?preview=1`, bill)).toMatchObject({
    status: 400,
    body: { errors: [{ field: "query.preview" }] },
  });
  // Where there is no dry run, it is not taken for a command.
  expect(await post("/v1/locations/A/short-stock?preview=true", { allowed: true })).toMatchObject({
    status: 400,
    body: { errors: [{ field: "query.preview" }] },
  });
});

test("above the company's limit somebody else approves", async () => {
  await record("/v1/company/correction-limit", { correctionMax: "50" });
  expect((await get("/v1/company")).body).toMatchObject({ correctionMax: "50" });
  const costs = "/v1/items/rod/receipts/R1/costs";
  const freight = { documentDate: "2026-01-21", reference: "FR-1", kind: "landedCost", amount: "40" };
  const { body } = await post(`${costs}?preview=true`, freight);
  expect(body).toMatchObject({ needsApproval: true });
  const refused = {
    status: 409,
    body: { title: "CorrectionNeedsApproval", correction: "56", correctionMax: "50" },
  };
  expect(await post(costs, freight, "FR")).toMatchObject(refused);
  expect(await post(costs, { ...freight, approvedBy: "ada" }, "FR")).toMatchObject({
    status: 400,
    body: { errors: [{ field: "body.approvedBy" }] },
  });
  const { body: approved } = await record(costs, { ...freight, approvedBy: "ben" }, "FR");
  const [first] = approved["events"] as readonly Json[];
  expect(first).toEqual({
    type: "CorrectionApproved",
    data: { item: "rod", causedBy: "FR", approvedBy: "ben" },
  });
  await record("/v1/company/correction-limit", { correctionMax: null });
  // Without a limit nobody has to approve: that somebody would is not recorded.
  const { body: free } = await record(costs, { ...freight, amount: "60", approvedBy: "ben" });
  expect((free["events"] as readonly Json[])[0]).toMatchObject({ type: "ReceiptCostAdded" });
});

test("a close as a dry run", async () => {
  expect((await post("/v1/periods/2026-01-01/closing?preview=true", {})).body).toEqual({
    events: [],
    corrections: [],
    needsApproval: false,
  });
  expect(await post("/v1/periods/2026-01-05/closing?preview=true", {})).toMatchObject({ status: 422 });
  expect((await get("/v1/periods")).body["periods"]).toEqual([]);
});
