/** What is learnt of receipts' values after they came, over HTTP: each command, its answer, and the figures afterwards. */
import { beforeAll, describe, expect, test } from "vitest";
import { verify } from "../../../api/verify/verify.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;
let before: bigint;

const on = (effectiveDate: string, more: object) => ({ effectiveDate, ...more });
const document = { documentDate: "2026-03-20", reference: "LS-77 钢" };
const refusal = (title: string, status: number, facts: object = {}) => ({
  status,
  body: { title, ...facts },
});
const costs = async (item: string, movement: string, query = "") => {
  const { body } = await get(`/v1/items/${item}/movements/${movement}/costs${query}`);
  return (body["costs"] as Json[]).map(({ cause, date, value, total }) => [cause, date, value, total]);
};
const balance = async (item: string, query: string) => {
  const { body } = await get(`/v1/balances?item=${item}${query}`);
  return (body["balances"] as Json[]).map(({ quantity, value }) => [quantity, value]);
};

beforeAll(async () => {
  await record("/v1/company", foundation);
  for (const item of ["rod", "oil"]) {
    await record(`/v1/items/${item}/registration`, { unit: "m", quantityScale: 0 });
    await record(
      `/v1/items/${item}/receipts`,
      on("2026-01-10", { quantity: "10", location: "A", value: "100" }),
      `R-${item}`,
    );
    const sale = { quantity: "7", location: "A", purpose: "sale", reference: "SO-1" };
    await record(`/v1/items/${item}/issues`, on("2026-02-10", sale), `I-${item}`);
  }
  before = await server.seq();
});

describe("an invoice at another price", () => {
  const invoice = { ...document, quantity: "10", amount: "130.00" };

  test("corrects the receipt and what was sold of it, each on its day", async () => {
    const { body } = await record("/v1/items/rod/receipts/R-rod/invoices", invoice, "INV-1");
    const events = body["events"] as { type: string; data: Json }[];
    expect(events[0]).toEqual({
      type: "ReceiptInvoiced",
      data: {
        ...{ ...document, quantity: "10", amount: "130", item: "rod", receipt: "R-rod", fact: "INV-1" },
        ...{ foreign: null, exchangeDifference: "0" },
      },
    });
    expect(events.map(({ type }) => type)).toEqual(["ReceiptInvoiced", "MovementsRecosted"]);
    const after = await server.seq();
    expect(await costs("rod", "I-rod")).toEqual([
      ["I-rod", "2026-02-10", "-70", "-70"],
      ["INV-1", "2026-02-10", "-21", "-91"],
    ]);
    expect(await costs("rod", "I-rod", `?knownAt=${before}`)).toEqual([
      ["I-rod", "2026-02-10", "-70", "-70"],
    ]);
    expect(await costs("rod", "R-rod")).toEqual([
      ["R-rod", "2026-01-10", "100", "100"],
      ["INV-1", "2026-01-10", "30", "130"],
    ]);
    expect(await balance("rod", `&asOf=2026-01-31&knownAt=${after}`)).toEqual([["10", "130"]]);
    expect(await balance("rod", `&asOf=2026-01-31&knownAt=${before}`)).toEqual([["10", "100"]]);
    expect(await balance("rod", "")).toEqual([["3", "39"]]);
  });

  test("is told among the receipt's facts, and cancelled it is as if it had never been", async () => {
    await record(
      "/v1/items/rod/value-facts/INV-1/cancellation",
      { documentDate: "2026-03-21", reference: "wrong" },
      "X-1",
    );
    await server.seq();
    expect(await balance("rod", "")).toEqual([["3", "30"]]);
    const { body } = await get("/v1/items/rod/value-facts?receipt=R-rod");
    expect(body["valueFacts"]).toMatchObject([
      {
        fact: "INV-1",
        kind: "invoice",
        quantity: "10",
        amount: "130",
        cancelled: expect.stringMatching(/^\d+$/),
      },
    ]);
    const then = await get(`/v1/items/rod/value-facts?knownAt=${before + 2n}`);
    expect(then.body["valueFacts"]).toMatchObject([{ fact: "INV-1", cancelled: null }]);
    expect(
      await post("/v1/items/rod/value-facts/INV-1/cancellation", {
        documentDate: "2026-03-21",
        reference: "x",
      }),
    ).toMatchObject(refusal("ValueFactAlreadyCancelled", 409, { fact: "INV-1" }));
  });

  test("in another currency moves the stock at the receipt's rate only", async () => {
    const foreign = { currency: "USD", amount: "150", receiptRate: "0.8", documentRate: "0.9" };
    const sent = { ...document, quantity: "10", foreign };
    const { body } = await record("/v1/items/rod/receipts/R-rod/invoices", sent, "INV-2");
    const [event] = body["events"] as { data: Json }[];
    expect(event?.data).toMatchObject({ amount: "120", exchangeDifference: "15", foreign });
    await record("/v1/items/rod/value-facts/INV-2/cancellation", {
      documentDate: "2026-03-21",
      reference: "x",
    });
  });

  test.each([
    ["neither amount", { ...document, quantity: "1" }, ["amount"]],
    [
      "both amounts",
      { ...invoice, foreign: { currency: "USD", amount: "1", receiptRate: "1", documentRate: "1" } },
      ["amount"],
    ],
    [
      "no rate",
      { ...document, quantity: "1", foreign: { currency: "USD", amount: "1", receiptRate: "1" } },
      ["documentRate"],
    ],
    ["an amount below zero", { ...invoice, amount: "-1" }, ["amount"]],
    ["no document", { quantity: "1", amount: "1" }, ["documentDate", "reference"]],
  ])("of %s is bad input that names the field", async (_what, body, fields) => {
    const answer = await post("/v1/items/rod/receipts/R-rod/invoices", body);
    expect(answer.status).toBe(400);
    for (const field of fields) expect(answer.text).toContain(field);
  });

  test("is refused where there is no such receipt, or it is for more than came", async () => {
    expect(await post("/v1/items/rod/receipts/I-rod/invoices", invoice)).toMatchObject(
      refusal("ReceiptNotFound", 404, { receipt: "I-rod" }),
    );
    expect(await post("/v1/items/rod/receipts/R-rod/invoices", { ...invoice, quantity: "11" })).toMatchObject(
      refusal("InvoicedMoreThanReceived", 409, { received: "10", invoiced: "0", quantity: "11" }),
    );
    expect(
      await post("/v1/items/rod/receipts/R-rod/costs", { ...document, kind: "rebate", amount: "-100.01" }),
    ).toMatchObject(refusal("ReceiptValueBelowZero", 409, { value: "100", change: "-100.01" }));
  });
});

describe("a bill that several receipts bear", () => {
  const bill = { ...document, amount: "30.01", basis: "quantity" };
  const receipts = [
    { item: "rod", receipt: "R-rod" },
    { item: "oil", receipt: "R-oil" },
  ];

  test("reaches each of them once, however often it is sent", async () => {
    const first = await record("/v1/landed-costs", { ...bill, receipts }, "LC-1");
    const [event] = first.body["events"] as { data: { lines: Json[] } }[];
    expect(event?.data.lines.map(({ item, amount }) => [item, amount])).toEqual([
      ["rod", "15"],
      ["oil", "15.01"],
    ]);
    // Its position is that of the last line: who waits for it sees them all.
    const { position } = first.body as { position: string };
    const { body } = await get(`/v1/balances?minPosition=${position}`);
    expect(body["balances"]).toMatchObject([
      { item: "oil", quantity: "3", value: "34.5" },
      { item: "rod", quantity: "3", value: "34.5" },
    ]);
    expect((await post("/v1/landed-costs", { ...bill, receipts }, "LC-1")).body).toEqual(first.body);
    await server.seq();
    expect(await balance("oil", "")).toEqual([["3", "34.5"]]);
    const { body: facts } = await get("/v1/items/oil/value-facts");
    expect(facts["valueFacts"]).toMatchObject([
      { kind: "landedCost", amount: "15.01", reference: document.reference },
    ]);
  });

  test("by weight, where each has one; and what can't be is refused", async () => {
    expect((await post("/v1/landed-costs", { ...bill, basis: "weight", receipts })).status).toBe(400);
    expect((await post("/v1/landed-costs", { ...bill, receipts: [...receipts, ...receipts] })).status).toBe(
      400,
    );
    const none = [...receipts, { item: "oil", receipt: "none" }];
    expect(await post("/v1/landed-costs", { ...bill, receipts: none })).toMatchObject(
      refusal("ReceiptNotFound", 404, { item: "oil", receipt: "none" }),
    );
    const heavy = receipts.map((one, n) => ({ ...one, weight: `${n + 1}` }));
    const { body } = await record("/v1/landed-costs", {
      ...bill,
      basis: "weight",
      amount: "3",
      receipts: heavy,
    });
    const [event] = body["events"] as { data: { lines: Json[] } }[];
    expect(event?.data.lines.map(({ amount }) => amount)).toEqual(["1", "2"]);
  });

  test("and the book ties", async () => {
    await server.seq();
    for (const check of await verify(server.book, () => {}))
      expect(check).toMatchObject({ difference: undefined });
  });
});
