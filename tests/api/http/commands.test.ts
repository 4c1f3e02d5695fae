/** Inventory over HTTP, as a warehouse would use it, against a real server: each command, what it answers, what follows. */
import { beforeAll, describe, expect, test } from "vitest";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;

const on = <T extends object>(effectiveDate: string, more: T) => ({ effectiveDate, ...more });
const problem = (name: string, status: number, facts: object = {}) => ({
  status,
  body: { type: `/problems/${name}`, title: name, status, detail: expect.any(String), ...facts },
});
const row = (layer: string, area: string, quantity: string, value: string) => ({
  layer,
  area,
  quantity,
  value,
});
const rowsOf = (body: Json) => {
  const [event] = body["events"] as { data: { rows: Json[] } }[];
  return event?.data.rows.map(({ movement: _movement, date: _date, ...rest }) => rest);
};

describe("the company", () => {
  test("comes before all else, and is founded once", async () => {
    expect(await get("/v1/company")).toMatchObject(problem("NoSuchResource", 404));
    const registration = { unit: "m", quantityScale: 2 };
    expect(await post("/v1/items/rod/registration", registration, "too-soon")).toMatchObject(
      problem("CompanyNotFounded", 409),
    );
    const { status, body } = await post("/v1/company", foundation, "found");
    const data = { ...foundation, company: server.book.name, valueScale: 2, fiscalYearStart: "01-01" };
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        revision: "0",
        position: expect.stringMatching(/^\d+$/),
        events: [{ type: "CompanyFounded", data }],
      },
    });
    expect((await post("/v1/company", foundation, "found")).body).toEqual(body);
    expect(await post("/v1/company", foundation, "again")).toMatchObject(
      problem("CompanyAlreadyFounded", 409),
    );
    expect(await post("/v1/company", { ...foundation, name: "Other" }, "found")).toMatchObject(
      problem("IdempotencyKeyReused", 409),
    );
    const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" }).format(new Date());
    expect((await get("/v1/company")).body).toEqual({
      ...data,
      today,
      shortStockAt: [],
      correctionMax: null,
      costing: { change: 0, policy: "replay", from: "1900-01-01" },
    });
    // The key of a command that was refused is free.
    await record("/v1/items/bar/registration", registration, "too-soon");
  });
});

describe("a rod", () => {
  beforeAll(() => record("/v1/items/rod/registration", { name: "Rod", unit: "m", quantityScale: 2 }, "reg"));

  test("is there, with its defaults, and not twice", async () => {
    const again = await post("/v1/items/rod/registration", { unit: "kg", quantityScale: 0 }, "reg-2");
    expect(again).toMatchObject(problem("ItemAlreadyRegistered", 409));
    const found = await get(`/v1/items?minPosition=${server.lastPosition()}`);
    expect(found.body["items"]).toContainEqual({
      ...{
        item: "rod",
        name: "Rod",
        unit: "m",
        quantityScale: 2,
        valueScale: 2,
        costBy: "fifo",
        active: true,
        tracks: null,
      },
    });
    expect((await get("/v1/items/rod")).body).toMatchObject({ item: "rod", name: "Rod" });
    expect(await get("/v1/items/none")).toMatchObject(problem("NoSuchResource", 404));
    expect(await post("/v1/items/none/name", { name: "x" })).toMatchObject(problem("ItemNotRegistered", 404));
  });

  /** By hand: every row, to the cent. */
  test("is opened, received, issued, moved and adjusted, each with its cost", async () => {
    const layers = [
      { quantity: "10.00", value: "100", receivedOn: "2025-12-01" },
      { quantity: "3", value: "10.01" },
    ];
    const opening = on("2026-01-01", { location: "A", layers });
    const opened = await record("/v1/items/rod/opening-stock", opening, "O");
    expect(rowsOf(opened.body)).toEqual([row("O", "A", "10", "100"), row("O/O/2", "A", "3", "10.01")]);

    const receipt = on("2026-01-02", { quantity: "10", location: "A", value: "150", reference: "LS-77 钢" });
    const received = await record("/v1/items/rod/receipts", receipt, "R");
    const [event] = received.body["events"] as { data: Json }[];
    expect(event?.data).toMatchObject({ time: null, lot: null, reference: "LS-77 钢" });
    expect(rowsOf(received.body)).toEqual([row("R", "A", "10", "150")]);

    const issue = on("2026-01-03", {
      ...{ time: "08:30:00", quantity: "12", location: "A", purpose: "sale", reference: "SO-1" },
    });
    const issued = await record("/v1/items/rod/issues", issue, "I");
    expect(rowsOf(issued.body)).toEqual([row("O", "A", "-10", "-100"), row("O/O/2", "A", "-2", "-6.67")]);
    expect(await post("/v1/items/rod/issues", issue, "I")).toMatchObject({ status: 201, body: issued.body });

    const transfer = on("2026-01-04", { quantity: "5.5", from: "A", to: "B" });
    const moved = await record("/v1/items/rod/transfers", transfer, "T");
    expect(rowsOf(moved.body)).toEqual([
      row("O/O/2", "A", "-1", "-3.34"),
      row("R", "A", "-4.5", "-67.5"),
      row("T/O", "B", "1", "3.34"),
      row("T/R", "B", "4.5", "67.5"),
    ]);

    const lost = on("2026-01-05", { quantity: "-0.5", location: "A" });
    expect(rowsOf((await record("/v1/items/rod/adjustments", lost, "L")).body)).toEqual([
      row("R", "A", "-0.5", "-7.5"),
    ]);
    const found = on("2026-01-06", { quantity: "2", location: "B" });
    expect(rowsOf((await record("/v1/items/rod/adjustments", found, "F")).body)).toEqual([
      row("F", "B", "2", "30"),
    ]);
    const stated = { ...found, value: "1.00" };
    expect(rowsOf((await record("/v1/items/rod/adjustments", stated, "G")).body)).toEqual([
      row("G", "B", "2", "1"),
    ]);
  });

  const leavesShort = (effectiveDate: string) => ({
    leavesShort: expect.objectContaining({ effectiveDate }),
  });
  const issue = on("2026-01-07", { quantity: "1", location: "A", purpose: "other", reference: "x" });
  test.each([
    ["issues", { ...issue, quantity: "5.01" }, "InsufficientStock", 409, { onHand: "5", requested: "5.01" }],
    ["issues", { ...issue, location: "a" }, "InsufficientStock", 409, { onHand: "0", location: "a" }],
    [
      "issues",
      // Enough for itself, and for the issue of 12, but not for the transfer that follows.
      { ...issue, effectiveDate: "2026-01-02", quantity: "7" },
      ...([
        "InsufficientStock",
        409,
        { onHand: "4", requested: "5.5", ...leavesShort("2026-01-04") },
      ] as const),
    ],
    ["issues", { ...issue, effectiveDate: "2199-12-31" }, "EffectiveDateAfterToday", 422, {}],
    ["issues", { ...issue, lot: "L" }, "LotNotKept", 422, {}],
    ["issues", { ...issue, quantity: "0.001" }, "QuantityTooPrecise", 422, { quantity: "0.001", scale: 2 }],
    [
      "receipts",
      on("2026-01-07", { quantity: "1", location: "A", value: "0.001" }),
      ...(["ValueTooPrecise", 422, { value: "0.001", scale: 2 }] as const),
    ],
    ["transfers", on("2026-01-07", { quantity: "1", from: "A", to: "A" }), "SameLocation", 422, {}],
    [
      "adjustments",
      on("2026-01-07", { quantity: "1", location: "C" }),
      ...(["NoLayerToValueSurplus", 422, { location: "C" }] as const),
    ],
    ["deactivation", {}, "StockOnHand", 409, { location: "A", onHand: "5" }],
  ])("%s %j is refused: %s", async (path, body, name, status, facts) => {
    const refused = await post(`/v1/items/rod/${path}`, body);
    expect(refused).toMatchObject(problem(name, status, facts));
    expect(refused.headers.get("content-type")).toContain("application/problem+json");
  });

  test("is renamed, emptied and deactivated; then nothing moves it", async () => {
    await record("/v1/items/rod/name", { name: "Stab 12 mm — “rund”" });
    await record("/v1/items/rod/issues", { ...issue, quantity: "5" }, "last-A");
    await record("/v1/items/rod/issues", { ...issue, quantity: "9.5", location: "B" }, "last-B");
    await record("/v1/items/rod/deactivation", {}, "off");
    const receipt = on("2026-01-08", { quantity: "1", location: "A", value: "1" });
    expect(await post("/v1/items/rod/receipts", receipt)).toMatchObject(problem("ItemDeactivated", 409));
    const found = await get(`/v1/items?minPosition=${server.lastPosition()}`);
    expect(found.body["items"]).toContainEqual(
      expect.objectContaining({ item: "rod", name: "Stab 12 mm — “rund”", active: false }),
    );
    const balances = await get("/v1/balances?item=rod");
    expect(balances.body["balances"]).toEqual([]);
  });
});

describe("an item costed by lot", () => {
  test("keeps a queue a lot, and refuses who names none", async () => {
    await record("/v1/items/milk/registration", { unit: "l", quantityScale: 0, costBy: "lot" });
    const receipt = on("2026-01-01", { quantity: "10", location: "A", value: "10" });
    expect(await post("/v1/items/milk/receipts", receipt)).toMatchObject(problem("LotRequired", 422));
    await record("/v1/items/milk/receipts", { ...receipt, lot: "L1" }, "M1");
    await record("/v1/items/milk/receipts", { ...receipt, lot: "L2", value: "20" }, "M2");
    const issue = on("2026-01-02", { quantity: "4", location: "A", purpose: "production", reference: "x" });
    const issued = await record("/v1/items/milk/issues", { ...issue, lot: "L2" }, "M3");
    expect(rowsOf(issued.body)).toEqual([row("M2", "A", "-4", "-8")]);
    const { body } = await get(`/v1/balances?item=milk&minPosition=${server.lastPosition()}`);
    expect(body["balances"]).toEqual([
      { item: "milk", location: "A", lot: "L1", project: null, quantity: "10", value: "10" },
      { item: "milk", location: "A", lot: "L2", project: null, quantity: "6", value: "12" },
    ]);
    const layers = await get("/v1/items/milk/layers?lot=L2");
    expect(layers.body["layers"]).toEqual([
      expect.objectContaining({ layer: "M2", lot: "L2", quantity: "6", value: "12" }),
    ]);
  });
});

describe("a key", () => {
  test("sent many times at once is one command", async () => {
    await record("/v1/items/key/registration", { unit: "l", quantityScale: 0 });
    const receipt = on("2026-01-01", { quantity: "10", location: "A", value: "10" });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post("/v1/items/key/receipts", receipt, "once")),
    );
    const [first] = answers;
    for (const { status, body } of answers)
      expect({ status, body }).toEqual({ status: 201, body: first?.body });
    const moved = await get(`/v1/items/key/movements?minPosition=${server.lastPosition()}`);
    expect(moved.body["movements"]).toHaveLength(1);
  });

  test("counts the request as sent: another spelling is another request", async () => {
    const receipt = on("2026-01-01", { quantity: "10", location: "A", value: "10" });
    const spelt = await post("/v1/items/key/receipts", { ...receipt, quantity: "10.0" }, "once");
    expect(spelt).toMatchObject(problem("IdempotencyKeyReused", 409));
    const { quantity, ...rest } = receipt;
    const turned = await post("/v1/items/key/receipts", { ...rest, quantity }, "once");
    expect(turned.status).toBe(201);
  });

  test("of one item is caught on another, once the tables know it", async () => {
    await record("/v1/items/lock/registration", { unit: "l", quantityScale: 0 });
    await server.seq();
    const receipt = on("2026-01-01", { quantity: "10", location: "A", value: "10" });
    expect(await post("/v1/items/lock/receipts", receipt, "once")).toMatchObject(
      problem("IdempotencyKeyReused", 409),
    );
  });
});

test("many at once on one item are each answered with their own place", async () => {
  await record("/v1/items/many/registration", { unit: "l", quantityScale: 0 });
  const receipt = on("2026-01-01", { quantity: "1", location: "A", value: "1" });
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => record("/v1/items/many/receipts", receipt, `many-${n}`)),
  );
  const of = (name: string) => answers.map(({ body }) => Number(body[name])).toSorted((a, b) => a - b);
  expect(of("revision")).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  expect(new Set(of("position")).size).toBe(60);
  const stored = await server.book.store.read(`${server.book.name}.item-many`, 1n);
  for (const { body } of answers) {
    const [event] = body["events"] as { data: { movement: string } }[];
    const there = stored.find(({ revision }) => `${revision}` === body["revision"]);
    expect(there?.metadata.commandId).toBe(event?.data.movement);
    expect(`${there?.position}`).toBe(body["position"]);
  }
});

test("nothing was logged as our mistake", () => expect(server.errors).toEqual([]));
