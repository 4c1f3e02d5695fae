/** The questions over HTTP, of a story that is told once: moments, pages, CSV, and that figures tie. */
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { questions } from "../../../api/http/questions.ts";
import { foundation, type Json, served } from "../../support/served.ts";

const WAIT_MAX_MS = 400;
const server = await served({ waitMaxMs: WAIT_MAX_MS });
const { get, post, record } = server;
let before: Date;
let half: bigint;
let middle: Date;
let end: bigint;

const on = (effectiveDate: string, more: object) => ({ effectiveDate, ...more });
const rowsOf = (body: Json, name: string) => body[name] as Json[];
/** In ten-thousandths: figures here have no more digits. */
const units = (text: unknown) => Math.round(Number(text) * 10_000);
const sum = (rows: readonly Json[], name: string) =>
  rows.reduce((total, each) => total + units(each[name]), 0);

async function closed(period: string): Promise<void> {
  await record(`/v1/periods/${period}/closing`, {});
  for (let look = 0; look < 200; look += 1) {
    const periods = rowsOf((await get("/v1/periods")).body, "periods");
    if (periods.some((row) => row["period"] === period && row["status"] === "closed")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${period} is not closed`);
}

/** Two items at three places over three months, before which all is closed; and what two receipts turned out to cost. */
beforeAll(async () => {
  before = new Date();
  await record("/v1/company", foundation);
  await closed("2025-12-01");
  for (const item of ["bar", "rod"])
    await record(`/v1/items/${item}/registration`, { name: `=${item}`, unit: "m", quantityScale: 2 });
  await record("/v1/items/rod/lot-tracking", {});
  for (const [unit, equals] of [
    ["=pack", "12"],
    ["roll", "100"],
    ["case", "0.5"],
  ])
    await record("/v1/items/rod/units", { unit, equals });
  const layers = Array.from({ length: 5 }, (_, n) => ({ quantity: "2", value: `${n + 1}.01` }));
  await record("/v1/items/rod/opening-stock", on("2026-01-01", { location: "A", lot: "L0", layers }), "O");
  await record("/v1/items/rod/lots", { lot: "L0", expiresOn: "2199-12-31", supplierLot: "=0" });
  for (let n = 1; n <= 12; n += 1) {
    const day = `2026-01-${`${n + 1}`.padStart(2, "0")}`;
    const receipt = {
      quantity: `${n}`,
      location: "A",
      value: `${n * 3}.5`,
      lot: `L${n}`,
      reference: n % 2 ? `-${n}+1` : null,
    };
    await record("/v1/items/rod/receipts", on(day, receipt), `R${n}`);
    await record(
      "/v1/items/rod/transfers",
      on(day, { quantity: "0.75", lot: `L${n}`, from: "A", to: "B" }),
      `T${n}`,
    );
  }
  await server.seq();
  half = await server.seq();
  await new Promise((resolve) => setTimeout(resolve, 5));
  middle = new Date();
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (let n = 1; n <= 12; n += 1) {
    const lots = n % 3 ? [{ lot: n > 6 ? "L12" : "L11", quantity: "1.5" }] : [];
    for (const lot of n % 3 ? [] : [n, n - 1]) lots.push({ lot: `L${lot}`, quantity: "0.75" });
    const issue = {
      quantity: "1.5",
      location: n % 3 ? "A" : "B",
      purpose: "sale",
      reference: `SO-${n}`,
      lots,
    };
    await record("/v1/items/rod/issues", on(n > 6 ? "2026-03-31" : "2026-02-01", issue), `I${n}`);
  }
  for (const location of ["A", "B", "C"])
    await record(
      "/v1/items/bar/receipts",
      on("2026-02-15", { quantity: "1", location, value: "0" }),
      `B${location}`,
    );
  await record("/v1/items/tin/registration", { unit: "kg", quantityScale: 1, costBy: "lot" });
  const tin = { quantity: "2.5", location: "A", lot: "T-I4" };
  await record("/v1/items/tin/receipts", on("2026-03-30", { ...tin, value: "7", reference: "=PO" }), "TR");
  await record("/v1/items/tin/issues", on("2026-03-31", { ...tin, purpose: "sale", reference: "=SO" }), "TI");
  const bill = { documentDate: "2026-03-31", reference: "=B-1" };
  await record("/v1/items/rod/receipts/R2/costs", { ...bill, kind: "landedCost", amount: "7.77" });
  await record("/v1/items/rod/receipts/R3/invoices", { ...bill, quantity: "1", amount: "4" });
  const receipts = ["R4", "R5", "R6"].map((receipt) => ({ item: "rod", receipt }));
  await record("/v1/landed-costs", { ...bill, amount: "0.07", basis: "value", receipts }, "LC-I4");
  const stocktake = "/v1/stocktakes/ST-I4";
  await record(`${stocktake}/opening`, { location: "C", date: "2026-03-31", reference: "=I-4" });
  for (const counted of ["2", "3"]) await record(`${stocktake}/counts`, { item: "bar", counted });
  await record(`${stocktake}/counts`, { item: "rod", counted: "0" });
  await post(`${stocktake}/approval`, {}, undefined, { "x-actor": "ben" });
  await record(`${stocktake}/posting`, {});
  end = await server.seq();
});

const here = {
  "/v1/balances": "/v1/balances",
  "/v1/valuation": "/v1/valuation",
  "/v1/ageing": "/v1/ageing",
  "/v1/periods": "/v1/periods",
  "/v1/items": "/v1/items",
  "/v1/items/{item}/units": "/v1/items/rod/units",
  "/v1/items/{item}/movements": "/v1/items/rod/movements",
  "/v1/items/{item}/layers": "/v1/items/rod/layers",
  "/v1/items/{item}/lots": "/v1/items/rod/lots",
  "/v1/items/{item}/pick": "/v1/items/rod/pick?location=A&quantity=14.5",
  "/v1/items/{item}/lots/{lot}/trace": "/v1/items/tin/lots/T-I4/trace",
  "/v1/items/{item}/events": "/v1/items/rod/events",
  "/v1/landed-costs/{landedCost}/lines": "/v1/landed-costs/LC-I4/lines",
  "/v1/stocktakes": "/v1/stocktakes",
  "/v1/stocktakes/{stocktake}/lines": "/v1/stocktakes/ST-I4/lines",
  "/v1/items/{item}/value-facts": "/v1/items/rod/value-facts",
  "/v1/items/{item}/movements/{movement}/draws": "/v1/items/rod/movements/I4/draws",
  "/v1/items/{item}/movements/{movement}/costs": "/v1/items/rod/movements/I4/costs",
  "/v1/items/{item}/movements/{movement}/events": "/v1/items/rod/movements/I4/events",
} as const;
const asked = questions.map(
  ({ path, rows, total }) => [here[path as keyof typeof here], rows, total !== undefined] as const,
);

test("each question is asked here", () =>
  expect(Object.keys(here)).toEqual(questions.map(({ path }) => path)));

describe.each(asked)("%s", (path, name, hasTotal) => {
  const asking = `${path}${path.includes("?") ? "&" : "?"}`;
  const totalled = (total: unknown) => (hasTotal ? { total } : {});

  test("names the seq and the day that it was answered for", async () => {
    const { status, body } = await get(path);
    const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" }).format(new Date());
    expect(status).toBe(200);
    const rest = { next: null, ...totalled(expect.stringMatching(/^\d+\.\d+$/)) };
    expect(body).toEqual({ asOf: today, seq: `${end}`, [name]: expect.any(Array), ...rest });
    expect(rowsOf(body, name).length).toBeGreaterThan(0);
    expect((await get(`${asking}asOf=2026-03-31&knownAt=${half}`)).body).toMatchObject(
      path.includes("I4") ? { status: 404 } : { asOf: "2026-03-31", seq: `${half}` },
    );
  });

  test.each([1, 2, 3])("in pages of %i is all of it, each once, in order", async (limit) => {
    const whole = rowsOf((await get(`${asking}limit=1000`)).body, name);
    const walked: Json[] = [];
    let pages = 0;
    for (let after: string | null = ""; after !== null && pages <= whole.length; pages += 1) {
      const { status, body } = await get(`${asking}limit=${limit}${after ? `&after=${after}` : ""}`);
      expect(status).toBe(200);
      walked.push(...rowsOf(body, name));
      after = body["next"] as string | null;
    }
    expect(walked).toEqual(whole);
    expect(pages).toBe(Math.ceil(whole.length / limit));
  });

  test("as CSV is the same rows, and links to the next page, pinned to what was known", async () => {
    const whole = rowsOf((await get(`${asking}limit=1000`)).body, name);
    const read: Json[] = [];
    let next: string | undefined = `${asking}limit=2`;
    while (next && read.length <= whole.length) {
      const answer = await get(next, { accept: "text/csv" });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
      expect(answer.headers.get("perpetual-seq")).toBe(`${end}`);
      expect(answer.headers.get("perpetual-as-of")).toMatch(/^\d{4}-\d\d-\d\d$/);
      read.push(...(parse(answer.text, { columns: true }) as Json[]));
      next = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get("link") ?? "")?.[1];
      if (next) expect(next).toContain(`knownAt=${end}`);
    }
    const formula = /^[=+\-@\t\r]/;
    const cell = (value: unknown) => {
      if (value === null) return "";
      if (typeof value !== "string")
        return typeof value === "object" ? JSON.stringify(value) : `${value as number}`;
      return formula.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
    };
    const cells = whole.map((each) =>
      Object.fromEntries(Object.entries(each).map(([field, value]) => [field, cell(value)])),
    );
    expect(read).toEqual(cells);
  });

  test("as it was known: by seq, by instant, and for ever the same", async () => {
    const query = "asOf=2026-12-31&limit=1000";
    const [bySeq, byInstant] = await Promise.all([
      get(`${asking}${query}&knownAt=${half}`),
      get(`${asking}${query}&knownAt=${middle.toISOString()}`),
    ]);
    expect(byInstant.body).toEqual(bySeq.body);
    // The same moment in another zone.
    const shifted = new Date(middle.getTime() + 2 * 3_600_000).toISOString().replace("Z", "+02:00");
    const elsewhere = await get(`${asking}${query}&knownAt=${encodeURIComponent(shifted)}`);
    expect(elsewhere.body).toEqual(bySeq.body);
    const nothing = await get(`${asking}${query}&knownAt=${before.toISOString()}`);
    if (path.includes("I4")) expect([bySeq.status, nothing.status]).toEqual([404, 404]);
    else
      expect(nothing.body).toEqual({
        asOf: "2026-12-31",
        seq: "0",
        [name]: [],
        next: null,
        ...totalled("0"),
      });
  });

  test.each([
    ["knownAt", "999999999"],
    ["knownAt", "2199-01-01T00:00:00Z"],
    ["minPosition", "999999999999999999"],
  ])("is not answered for a %s that has not come (%s)", async (field, value) => {
    const began = Date.now();
    const answer = await get(`${asking}${field}=${value}`);
    const known = field === "knownAt" && value.includes("T") ? "2199-01-01T00:00:00.000Z" : value;
    expect(answer).toMatchObject({
      status: 409,
      body: { type: "/problems/NotYetKnown", title: "NotYetKnown", status: 409, [field]: known },
    });
    expect(answer.headers.get("retry-after")).toBe("1");
    if (!value.includes("T")) expect(Date.now() - began).toBeGreaterThanOrEqual(WAIT_MAX_MS - 50);
  });
});

test("a position that a command answered is waited for: one reads what one wrote", async () => {
  for (let n = 0; n < 20; n += 1) {
    const receipt = on("2026-04-01", { quantity: "1", location: "W", value: "1" });
    const { body } = await record("/v1/items/bar/receipts", receipt, `W${n}`);
    const answer = await get(`/v1/balances?item=bar&location=W&minPosition=${String(body["position"])}`);
    expect(answer.body["balances"]).toMatchObject([{ quantity: `${n + 1}`, value: `${n + 1}` }]);
  }
  const moved = await get("/v1/items/bar/movements?from=2026-04-01&limit=5");
  expect(rowsOf(moved.body, "movements").map(({ movement }) => movement)).toEqual([
    "W0",
    "W1",
    "W2",
    "W3",
    "W4",
  ]);
});

describe("figures tie", () => {
  const pinned = (path: string, more = "") => get(`${path}?limit=1000&knownAt=${end}${more}`);

  test("balances are their layers, at each place, on each day", async () => {
    for (const asOf of ["2025-12-31", "2026-01-01", "2026-01-07", "2026-01-31", "2026-02-01", "2026-12-31"]) {
      const balances = rowsOf((await pinned("/v1/balances", `&asOf=${asOf}&item=rod`)).body, "balances");
      const layers = rowsOf((await pinned("/v1/items/rod/layers", `&asOf=${asOf}`)).body, "layers");
      const movements = rowsOf((await pinned("/v1/items/rod/movements", `&asOf=${asOf}`)).body, "movements");
      for (const location of ["A", "B"]) {
        const balance = balances.filter((each) => each["location"] === location);
        const open = layers.filter((each) => each["location"] === location);
        expect(sum(balance, "quantity")).toBe(sum(open, "quantity"));
        expect(sum(balance, "value")).toBe(sum(open, "value"));
      }
      const only = rowsOf((await pinned("/v1/items/rod/layers", `&asOf=${asOf}&location=B`)).body, "layers");
      expect(only).toEqual(layers.filter(({ location }) => location === "B"));
      for (const each of movements) expect(String(each["effectiveDate"]) <= asOf).toBe(true);
    }
  });

  const days = ["2025-12-31", "2026-01-01", "2026-01-07", "2026-01-31", "2026-02-01", "2026-12-31"];
  const bys = ["item", "location", "lot", "item,location", "location,lot", "lot,location,item"];
  test.each(bys)("by %s, the valuation is the balances', and its total theirs", async (by) => {
    for (const asOf of days)
      for (const where of ["", "&item=rod", "&location=B", "&item=bar&location=C"]) {
        const balances = rowsOf((await pinned("/v1/balances", `&asOf=${asOf}${where}`)).body, "balances");
        const { body } = await pinned("/v1/valuation", `&asOf=${asOf}${where}&by=${by}`);
        const names = ["item", "location", "lot"].filter((name) => by.includes(name));
        const groups = new Map<string, Json[]>();
        for (const each of balances) {
          const group = JSON.stringify(names.map((name) => each[name]));
          groups.set(group, [...(groups.get(group) ?? []), each]);
        }
        const quantity = by.includes("item") ? ["quantity"] : [];
        const expected = [...groups].map(([group, some]) => [
          group,
          ...[...quantity, "value"].map((figure) => sum(some, figure)),
        ]);
        const told = rowsOf(body, "valuation").map((row) => [
          JSON.stringify(names.map((name) => row[name])),
          ...[...quantity, "value"].map((figure) => units(row[figure])),
        ]);
        expect(told).toEqual(expected);
        for (const row of rowsOf(body, "valuation"))
          expect(Object.keys(row)).toEqual([...names, ...quantity, "value"]);
        expect(units(body["total"])).toBe(sum(balances, "value"));
      }
  });

  test("the total is told once, on the first page, of all pages; CSV has it in a header", async () => {
    const whole = await pinned("/v1/valuation");
    const { total } = whole.body;
    const query = `/v1/valuation?limit=1&knownAt=${end}`;
    const first = await get(query);
    expect(first.body).toMatchObject({ total, next: expect.any(String) });
    const second = await get(`${query}&after=${String(first.body["next"])}`);
    expect(second.body).toMatchObject({ total: null, next: null });
    const csv = await get(query, { accept: "text/csv" });
    expect(csv.headers.get("perpetual-total")).toBe(total);
    expect(csv.text).toMatch(/^item,quantity,value\nbar,/);
    expect((await get("/v1/ageing", { accept: "text/csv" })).headers.has("perpetual-total")).toBe(false);
  });

  test.each(bys)("by %s, the ages are those of the layers, and tie to the valuation", async (by) => {
    const names = ["item", "location", "lot"].filter((name) => by.includes(name));
    for (const asOf of days) {
      const { body } = await pinned("/v1/ageing", `&asOf=${asOf}&by=${by}&buckets=7,30`);
      const rows = rowsOf(body, "ageing");
      const { total } = (await pinned("/v1/valuation", `&asOf=${asOf}`)).body;
      expect(sum(rows, "value")).toBe(units(total));
      const expected = new Map<string, readonly [number, number]>();
      for (const item of ["bar", "rod"])
        for (const layer of rowsOf(
          (await pinned(`/v1/items/${item}/layers`, `&asOf=${asOf}`)).body,
          "layers",
        )) {
          const first = firstDay(String(layer["receipt"]));
          const days = (Date.parse(asOf) - Date.parse(first)) / 86_400_000;
          const bucket = days <= 7 ? [0, 7] : days <= 30 ? [8, 30] : [31, null];
          const group = JSON.stringify([...names.map((name) => ({ item, ...layer })[name]), ...bucket]);
          const [quantity, value] = expected.get(group) ?? [0, 0];
          const sums = [quantity + units(layer["quantity"]), value + units(layer["value"])] as const;
          expected.set(group, sums);
        }
      const told = rows.map((row) => [
        JSON.stringify([...names.map((name) => row[name]), row["ageFrom"], row["ageTo"]]),
        by.includes("item") ? [units(row["quantity"]), units(row["value"])] : units(row["value"]),
      ]);
      const sums = [...expected].map(([group, figures]) => [
        group,
        by.includes("item") ? figures : figures[1],
      ]);
      expect(new Map(told as [])).toEqual(new Map(sums as []));
      expect(told).toHaveLength(sums.length);
    }
  });

  /** Of the story's receipts. */
  const firstDay = (receipt: string): string =>
    receipt.startsWith("R")
      ? `2026-01-${`${Number(receipt.slice(1)) + 1}`.padStart(2, "0")}`
      : receipt === "O"
        ? "2026-01-01"
        : "2026-02-15";

  test("a movement's draws add up to its cost; the events behind it are those of its rows", async () => {
    const movements = rowsOf((await pinned("/v1/items/rod/movements")).body, "movements");
    expect(movements).toHaveLength(1 + 24 + 12);
    for (const { movement, value, quantity, kind, location, to, recorded } of movements) {
      const path = `/v1/items/rod/movements/${String(movement)}`;
      const draws = rowsOf((await pinned(`${path}/draws`)).body, "draws");
      const there = draws.filter((draw) => draw["location"] === location);
      expect(sum(there, "value")).toBe(units(value));
      const sign = kind === "opening" || kind === "receipt" ? 1 : -1;
      expect(sum(there, "quantity")).toBe(sign * units(quantity));
      if (to !== null) expect([sum(draws, "value"), sum(draws, "quantity")]).toEqual([0, 0]);
      const events = rowsOf((await pinned(`${path}/events`)).body, "events");
      expect(events[0]).toMatchObject({ seq: recorded, stream: `${server.book.name}.item-rod` });
      const all = events.flatMap(({ data }) => (data as { rows: Json[] }).rows);
      const rows = all.filter((row) => row["movement"] === movement);
      expect(sum(rows, "value")).toBe(sum(draws, "value"));
      expect(new Set(rows.map(({ layer }) => layer)).size).toBe(draws.length);
      const costs = rowsOf((await pinned(`${path}/costs`)).body, "costs");
      expect(costs[0]).toMatchObject({ seq: recorded, cause: movement });
      expect(new Set(costs.map(({ seq }) => seq))).toEqual(new Set(events.map(({ seq }) => seq)));
      expect(sum(costs, "value")).toBe(sum(draws, "value"));
    }
  });

  test("a balance's events have rows that add up to it; so have a layer's", async () => {
    const [balance] = rowsOf((await pinned("/v1/balances", "&item=rod&location=B")).body, "balances");
    const events = rowsOf((await pinned("/v1/items/rod/events", "&location=B")).body, "events");
    const rows = events.flatMap(({ data }) => (data as { rows: Json[] }).rows);
    const at = rows.filter(({ area }) => area === "B");
    expect([sum(at, "quantity"), sum(at, "value")]).toEqual([
      units(balance?.["quantity"]),
      units(balance?.["value"]),
    ]);
    const [layer] = rowsOf((await pinned("/v1/items/rod/layers", "&location=B")).body, "layers");
    const id = encodeURIComponent(String(layer?.["layer"]));
    const behind = rowsOf((await pinned("/v1/items/rod/events", `&location=B&layer=${id}`)).body, "events");
    const parts = behind
      .flatMap(({ data }) => (data as { rows: Json[] }).rows)
      .filter((each) => each["layer"] === layer?.["layer"]);
    expect([sum(parts, "quantity"), sum(parts, "value")]).toEqual([
      units(layer?.["quantity"]),
      units(layer?.["value"]),
    ]);
    for (const each of behind) expect(each).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test("of what is not there, there is no draw", async () => {
    for (const path of [
      "/v1/items/rod/movements/none",
      "/v1/items/none/movements/I4",
      "/v1/items/bar/movements/I4",
    ])
      for (const what of ["draws", "events"])
        expect(await get(`${path}/${what}`)).toMatchObject({
          status: 404,
          body: { title: "NoSuchResource" },
        });
    expect((await get("/v1/items/none/movements")).body).toMatchObject({ movements: [], next: null });
  });
});

test("a page goes on where the one before ended, whatever came meanwhile", async () => {
  const first = await get("/v1/items/bar/movements?limit=2");
  const { movement } = rowsOf(first.body, "movements")[1] ?? {};
  await record("/v1/items/zoo/registration", { unit: "m", quantityScale: 0 });
  await record(
    "/v1/items/bar/receipts",
    on("2026-05-01", { quantity: "1", location: "A", value: "1" }),
    "late",
  );
  await server.seq();
  const pinned = `knownAt=${String(first.body["seq"])}&after=${String(first.body["next"])}&limit=1000`;
  const rest = rowsOf((await get(`/v1/items/bar/movements?${pinned}`)).body, "movements");
  expect(rest.map((each) => each["movement"])).not.toContain("late");
  expect(rest.map((each) => each["movement"])).not.toContain(movement);
  const now = rowsOf(
    (await get(`/v1/items/bar/movements?after=${String(first.body["next"])}&limit=1000`)).body,
    "movements",
  );
  expect(now.map((each) => each["movement"])).toEqual([...rest.map((each) => each["movement"]), "late"]);
});

test("nothing was logged as our mistake", () => expect(server.errors).toEqual([]));
