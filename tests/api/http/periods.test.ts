/** Periods over HTTP: closing in two steps, what is refused afterwards, and opening the last one again. */
import { beforeAll, expect, test } from "vitest";
import { foundation, type Json, served } from "../../support/served.ts";

const server = await served();
const { get, post, record } = server;

const receipt = (effectiveDate: string) => ({ effectiveDate, quantity: "10", location: "A", value: "100" });
const refusal = (title: string, status: number, facts: object = {}) => ({
  status,
  body: { title, ...facts },
});
const periodsNow = async () => (await get("/v1/periods")).body["periods"] as readonly Json[];

beforeAll(async () => {
  await record("/v1/company", foundation);
  await record("/v1/items/rod/registration", { unit: "m", quantityScale: 0 });
  await record("/v1/items/rod/receipts", receipt("2026-01-10"), "L1");
});

test("what is no period, or not over, is not closed", async () => {
  expect(await post("/v1/periods/2026-01-02/closing", {})).toMatchObject(refusal("NoSuchPeriod", 422));
  expect(await post("/v1/periods/2199-01-01/closing", {})).toMatchObject(refusal("PeriodNotOver", 409));
  expect(await post("/v1/periods/2026-13-01/closing", {})).toMatchObject({ status: 400 });
  expect(await post("/v1/periods/2026-01-01/reopening", { reason: "x" })).toMatchObject(
    refusal("NotTheLastPeriod", 409, { last: null }),
  );
  expect(await periodsNow()).toEqual([]);
});

test("a closing refuses what is new at once, and is done when what was under way is through", async () => {
  const begun = await record("/v1/periods/2026-01-01/closing", {}, "close-1");
  expect(begun.body["events"]).toEqual([
    {
      type: "PeriodClosing",
      data: { company: server.book.name, period: "2026-01-01", openFrom: "2026-02-01" },
    },
  ]);
  const late = refusal("PeriodClosed", 422, { effectiveDate: "2026-01-31", openFrom: "2026-02-01" });
  expect(await post("/v1/items/rod/receipts", receipt("2026-01-31"))).toMatchObject(late);
  expect(await post("/v1/periods/2026-02-01/closing", {})).toMatchObject(
    refusal("ClosingUnderWay", 409, { period: "2026-01-01" }),
  );
  await record("/v1/items/rod/receipts", receipt("2026-02-01"), "L2");
  expect(await server.closed("2026-01-01")).toMatchObject({ openFrom: "2026-02-01", reason: null });
  expect(await post("/v1/items/rod/receipts", receipt("2026-01-31"))).toMatchObject(late);
  expect((await get("/v1/company")).body).toMatchObject({ openFrom: "2026-02-01" });
  // Sent again, it is answered as the first time.
  expect((await post("/v1/periods/2026-01-01/closing", {}, "close-1")).body).toEqual(begun.body);
});

test("periods close in order, and the last one opens again, with a reason", async () => {
  expect(await post("/v1/periods/2026-03-01/closing", {})).toMatchObject(
    refusal("PeriodsCloseInOrder", 409, { next: "2026-02-01" }),
  );
  const before = await server.seq();
  expect(await post("/v1/periods/2026-01-01/reopening", {})).toMatchObject({ status: 400 });
  await record("/v1/periods/2026-01-01/reopening", { reason: "A delivery note turned up" });
  const opened = [{ period: "2026-01-01", status: "open", openFrom: "2026-01-01" }];
  await server.seq();
  expect(await periodsNow()).toMatchObject(opened);
  expect((await get(`/v1/periods?knownAt=${before}`)).body["periods"]).toMatchObject([{ status: "closed" }]);
  await record("/v1/items/rod/receipts", receipt("2026-01-31"), "L3");
  expect(await post("/v1/items/rod/receipts", receipt("2025-12-31"))).toMatchObject(
    refusal("PeriodClosed", 422, { openFrom: "2026-01-01" }),
  );
  await record("/v1/periods/2026-01-01/closing", {});
  expect(await server.closed("2026-01-01")).toMatchObject({ status: "closed" });
  const { body } = await get("/v1/balances?asOf=2026-01-31");
  expect(body["balances"]).toMatchObject([{ quantity: "20", value: "200" }]);
});
