/**
 * Goal: whatever is sent, the answer is a problem that names what is wrong, and nothing is written.
 * Method: of every route of the tables, every field of a body that would be accepted, made wrong in every way of its kind;
 * then headers, paths, queries and bodies that are none.
 */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { inventory } from "../../../api/http/inventory.ts";
import { cursorText } from "../../../api/http/moment.ts";
import { questions } from "../../../api/http/questions.ts";
import { badValues } from "../../support/bad-values.ts";
import { type Answered, foundation, type Json, rawRequest, served } from "../../support/served.ts";

const server = await served({ waitMaxMs: 100 });
const { get, post, record, url } = server;

beforeAll(async () => {
  await record("/v1/company", foundation);
  await record("/v1/items/rod/registration", { unit: "m", quantityScale: 6 });
  const layers = [{ quantity: "10", value: "10" }];
  await record("/v1/items/oil/registration", { unit: "l", quantityScale: 1, costBy: "lot" });
  await record("/v1/items/oil/lots", { lot: "L1" });
  await record("/v1/items/rod/opening-stock", { effectiveDate: "2026-01-01", location: "A", layers }, "R");
});

const movement = { effectiveDate: "2026-01-02", time: "08:00:00", lot: null };
const document = { documentDate: "2026-01-02", reference: "x" };
const opening = [{ quantity: "1", value: "1", receivedOn: "2026-01-01" }];
/** Each would be accepted, and has every field. */
const valid: Readonly<Record<string, Json>> = {
  "/v1/company": { ...foundation, valueScale: 2, fiscalYearStart: "04-01" },
  registration: { name: "New", unit: "m", quantityScale: 0, costBy: "lot" },
  name: { name: "Other" },
  deactivation: {},
  units: { unit: "box", quantity: "1", equals: "12" },
  "lot-tracking": { serials: true },
  lots: { lot: "L1", expiresOn: "2026-06-30", supplierLot: "X-9" },
  "opening-stock": { ...movement, location: "A", layers: opening },
  receipts: {
    ...{ ...movement, quantity: "1", location: "A", value: "1", reference: "x" },
    ...{ approvedBy: "ben", measured: { quantity: "1", unit: "box" } },
  },
  issues: {
    ...{ ...movement, quantity: "1", location: "A", purpose: "sale", reference: "x" },
    ...{ statedCost: { quantity: "1", value: "1" }, before: "C" },
  },
  transfers: {
    ...{ ...movement, quantity: "1", unit: "box", from: "A", to: "B", reference: "x" },
    lots: [{ lot: "L1", quantity: "1" }],
  },
  adjustments: { ...movement, quantity: "1", location: "A", value: "1", project: "P", reference: "x" },
  pins: { ...movement, quantity: "1", location: "A", project: "P", reference: "x" },
  unpins: { ...movement, quantity: "1", location: "A", project: "P", reference: "x" },
  counts: {
    ...movement,
    location: "A",
    counted: "1",
    unitCost: { quantity: "1", value: "1" },
    reference: "x",
  },
  returns: {
    ...{ effectiveDate: "2026-01-02", time: "08:00:00" },
    ...{ reference: "x", issue: "I", quantity: "1", location: "A" },
  },
  "unmatched-returns": {
    ...{ approvedBy: "ben" },
    ...{ ...movement, quantity: "1", location: "A", value: "1", reference: "x" },
  },
  "supplier-returns": {
    ...movement,
    quantity: "1",
    location: "A",
    receipt: "R",
    credit: "1",
    uninvoiced: true,
    reference: "x",
  },
  dispatches: { ...movement, quantity: "1", from: "A", via: "road", to: "B", reference: "x" },
  arrivals: {
    ...{ effectiveDate: "2026-01-02", time: "08:00:00" },
    ...{ reference: "x", dispatch: "D", quantity: "1", location: "B" },
  },
  "/v1/locations/A/short-stock": { allowed: true },
  "/v1/company/correction-limit": { correctionMax: "10" },
  "/v1/company/costing-policy": { policy: "freeze" },
  "/v1/items/rod/receipts/R/invoices": {
    ...document,
    quantity: "1",
    amount: "1",
    foreign: null,
    approvedBy: "ben",
  },
  "/v1/items/rod/receipts/R/costs": { ...document, kind: "rebate", amount: "1", foreign: null },
  "/v1/items/rod/movements/R/cancellation": { reference: "x", compensateOn: "2026-01-02" },
  "/v1/items/rod/value-facts/F/cancellation": document,
  "/v1/landed-costs": {
    ...document,
    amount: "1",
    basis: "value",
    receipts: [{ item: "rod", receipt: "R" }],
  },
  "/v1/stocktakes/S/opening": { location: "A", date: "2026-01-02", reference: "x" },
  "/v1/stocktakes/S/counts": {
    item: "rod",
    lot: null,
    counted: "1",
    unitCost: { quantity: "1", value: "1" },
  },
  "/v1/stocktakes/S/approval": {},
  "/v1/stocktakes/S/posting": {},
  "/v1/stocktakes/S/abandonment": { reason: "x" },
  "/v1/periods/2026-01-01/closing": {},
  "/v1/periods/2026-01-01/reopening": { reason: "x" },
};
const pathOf = (route: string) => (route.startsWith("/") ? route : `/v1/items/rod/${route}`);
const routes = Object.keys(valid);
const nullable = (route: string, field: string) =>
  ["time", "foreign", "statedCost", "unitCost", "correctionMax", "expiresOn", "supplierLot"].includes(
    field,
  ) ||
  (field === "lot" && route !== "lots") ||
  (field === "receipt" && route === "supplier-returns") ||
  (field === "amount" && route !== "/v1/landed-costs") ||
  (field === "reference" && route !== "issues" && (!route.startsWith("/") || route.endsWith("/opening"))) ||
  (field === "value" && route === "adjustments");
const optional = (route: string, field: string) =>
  nullable(route, field) ||
  [
    "measured",
    "uninvoiced",
    "receivedOn",
    "costBy",
    "valueScale",
    "fiscalYearStart",
    "before",
    "compensateOn",
    "lots",
    "serials",
  ].includes(field) ||
  (field === "unit" && route === "transfers") ||
  (field === "project" && !route.endsWith("pins")) ||
  (field === "quantity" && route === "units") ||
  (field === "approvedBy" && route !== "unmatched-returns") ||
  (field === "name" && route !== "name");
function kindOf(route: string, field: string): string {
  if (field === "quantity" && route === "adjustments") return "signedQuantity";
  if (field !== "amount") return field;
  return route.endsWith("/costs") ? "signedQuantity" : route === "/v1/landed-costs" ? "quantity" : "value";
}

test("each command of the table is here", () =>
  expect(routes.filter((route) => !route.startsWith("/"))).toEqual(inventory.map(({ name }) => name)));

/** Four at once, as one file of many has to be quick. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

function expectNamed(answer: Answered, field: string, sent: unknown): void {
  const why = `${field} ${JSON.stringify(sent)?.slice(0, 200)}: ${answer.text.slice(0, 500)}`;
  expect(answer.status, why).toBe(400);
  expect(answer.headers.get("content-type"), why).toContain("application/problem+json");
  expect(answer.body, why).toMatchObject({
    type: "/problems/InvalidRequest",
    title: "InvalidRequest",
    status: 400,
  });
  const errors = answer.body["errors"] as Json[];
  const named = errors.map((error) => String(error["field"]));
  expect(
    named.some((name) => name === field || name.startsWith(`${field}.`)),
    why,
  ).toBe(true);
  for (const { detail } of errors) {
    expect(detail, why).toMatch(/\w/);
    expect(detail, why).not.toMatch(OF_THE_LIBRARY);
  }
}

/** Words about types, where the caller wants to know what to send. */
const OF_THE_LIBRARY = /^(Invalid|Unrecognized|Too |Expected)|\b(string|array|undefined|NaN)\b/;

/** Rests until all that was asked is shown: the seq is that of the beginning, and what `record` added. */
const recorded = 5n;
async function expectNothingWritten(): Promise<void> {
  const streams = ["company-", "item-"];
  const stored = await Promise.all(
    [`${streams[0]}${server.book.name}`, "item-rod", "item-oil", "item-x"].map((name) =>
      server.book.store.read(`${server.book.name}.${name}`, 0n),
    ),
  );
  expect(stored.flat().length).toBe(Number(recorded));
  expect(await server.seq()).toBe(recorded);
}
afterEach(async () => {
  await expectNothingWritten();
  expect(server.errors.splice(0)).toEqual([]);
});

describe.each(routes)("%s", (route) => {
  const body = valid[route] ?? {};
  const path = pathOf(route);

  test("each field, made wrong in each way, is named", async () => {
    const sent = Object.keys(body).flatMap((field) => {
      const bad = badValues[kindOf(route, field)];
      if (!bad) throw new Error(`no bad values for ${field}`);
      const none = nullable(route, field) ? [] : [null];
      return [...bad, ...none].map((value) => ({
        field: `body.${field}`,
        sent: { ...body, [field]: value },
      }));
    });
    await each(sent, async ({ field, sent }) => expectNamed(await post(path, sent), field, sent));
  });

  test("each field that is needed and missing is named, all in one answer", async () => {
    const needed = Object.keys(body).filter((field) => !optional(route, field));
    for (const field of needed) {
      const { [field]: _, ...rest } = body;
      expectNamed(await post(path, rest), `body.${field}`, rest);
    }
    if (needed.length === 0) return;
    const { body: answer } = await post(path, {});
    expect((answer["errors"] as Json[]).map(({ field }) => field)).toEqual(
      needed.map((field) => `body.${field}`),
    );
  });

  test.each([
    "colour",
    "__proto__",
    "constructor",
    "toString",
    "rows",
    "item",
    "movement",
    "company",
    "today",
  ])("a field that should not be there is named: %s", async (field) => {
    const text = JSON.stringify(body).replace(
      /\}$/,
      `${Object.keys(body).length ? "," : ""}"${field}":{"a":1}}`,
    );
    expectNamed(await post(path, text), `body.${field}`, text);
  });

  test.each(["[]", "[{}]", "null", '"x"', "1", "{", '{"a":}', "nul", "\u0000", "[".repeat(10_000)])(
    "a body that is no object: %j",
    async (text) => {
      const answer = await post(path, text);
      expect(answer.status, text).toBe(400);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
    },
  );

  test.each([
    [{ "content-type": "text/plain" }, 415],
    [{ "content-type": "application/x-www-form-urlencoded" }, 415],
    [{ "content-type": "application/json; charset=latin1" }, 415],
    [{ "content-encoding": "gzip" }, 400],
    [{ "content-encoding": "rot13" }, 415],
    [{ "idempotency-key": "" }, 400],
    [{ "idempotency-key": "a b" }, 400],
    [{ "idempotency-key": "k".repeat(65) }, 400],
    [{ "idempotency-key": "-k" }, 400],
    [{ "idempotency-key": "__proto__" }, 400],
    [{ "x-actor": "" }, 400],
    [{ "x-actor": "a".repeat(201) }, 400],
    [{ "x-actor": "a\tb" }, 400],
    [{ "x-actor": "a\u0085b" }, 400],
  ])("with %j", async (headers, status) => {
    const usual = { "content-type": "application/json", "idempotency-key": "k", "x-actor": "ada" };
    const request = { method: "POST", path, headers: { ...usual, ...headers } };
    const answer = await rawRequest(url, request, JSON.stringify(body));
    expect([answer.status, answer.type], answer.text).toEqual([
      status,
      "application/problem+json; charset=utf-8",
    ]);
    const [name = ""] = Object.keys(headers);
    if (!name.startsWith("content")) expect(answer.text).toContain(`"headers.${name}"`);
  });

  test.each(["idempotency-key", "x-actor"])("without %s", async (name) => {
    const usual = { "content-type": "application/json", "idempotency-key": "k", "x-actor": "ada" };
    const headers = Object.fromEntries(Object.entries(usual).filter(([key]) => key !== name));
    const answer = await rawRequest(url, { method: "POST", path, headers }, JSON.stringify(body));
    expect([answer.status, answer.text.includes(`"headers.${name}"`)], answer.text).toEqual([400, true]);
  });

  test("that is too large", async () => {
    const large = await post(path, { ...body, colour: "x".repeat(300_000) });
    expect([large.status, large.headers.get("content-type")]).toEqual([
      413,
      "application/problem+json; charset=utf-8",
    ]);
  });

  if (!route.startsWith("/"))
    test.each([
      "__proto__",
      "-a",
      "a%00",
      "%00",
      "a%2Fb",
      "%E9",
      "a".repeat(65),
      "%F0%9F%98%80",
      "%ED%A0%80",
      "a%",
      "%20a",
    ])("of an item that can't be: %s", async (item) => {
      const headers = { "content-type": "application/json", "idempotency-key": "k", "x-actor": "ada" };
      const request = { method: "POST", path: `/v1/items/${item}/${route}`, headers };
      const answer = await rawRequest(url, request, JSON.stringify(body));
      expect([answer.status, answer.type], answer.text).toEqual([
        400,
        "application/problem+json; charset=utf-8",
      ]);
      if (!/%(E9|ED|$)/.test(item)) expect(answer.text).toContain('"params.item"');
    });
});

test("a body that is no UTF-8 is refused, not stored with question marks", async () => {
  const headers = { "content-type": "application/json", "idempotency-key": "latin", "x-actor": "ada" };
  const request = { method: "POST", path: "/v1/items/latin/registration", headers };
  const body = Buffer.from(JSON.stringify({ unit: "Stück", quantityScale: 0 }), "latin1");
  const answer = await rawRequest(url, request, body);
  expect(answer).toMatchObject({ status: 400, type: "application/problem+json; charset=utf-8" });
  expect(answer.text).toContain("UTF-8");
});

describe("what only a whole body tells", () => {
  const layer = { quantity: "1", value: "1" };
  const abroad = { currency: "USD", amount: "1", receiptRate: "1", documentRate: "1" };
  const large = { ...abroad, amount: "9".repeat(18), receiptRate: "10" };
  test("each field of an amount in another currency", async () => {
    const kinds = {
      currency: "currency",
      amount: "value",
      receiptRate: "quantity",
      documentRate: "quantity",
    };
    const sent = Object.entries(kinds).flatMap(([field, kind]) =>
      [...(badValues[kind] ?? []), null].map((value) => ({ field, value })),
    );
    const route = "/v1/items/rod/receipts/R/invoices";
    await each(sent, async ({ field, value }) => {
      const body = { ...valid[route], amount: null, foreign: { ...abroad, [field]: value } };
      expectNamed(await post(route, body), `body.foreign.${field}`, body);
    });
  });
  test.each([
    ["opening-stock", { layers: [layer, { ...layer, receivedOn: "2026-01-03" }] }, "body.layers"],
    ["opening-stock", { layers: [layer, { ...layer, quantity: "0" }] }, "body.layers.1.quantity"],
    ["opening-stock", { layers: [layer, { ...layer, colour: "red" }] }, "body.layers.1.colour"],
    ["opening-stock", { layers: [{ quantity: "1" }] }, "body.layers.0.value"],
    ["adjustments", { quantity: "-1" }, "body.value"],
    ["/v1/items/rod/receipts/R/invoices", { amount: null }, "body.amount"],
    ["/v1/items/rod/receipts/R/costs", { foreign: abroad }, "body.amount"],
    ["/v1/landed-costs", { basis: "weight" }, "body.receipts"],
    ["/v1/landed-costs", { receipts: Array(2).fill({ item: "rod", receipt: "R" }) }, "body.receipts"],
    ["/v1/items/rod/receipts/R/invoices", { amount: null, foreign: large }, "body.foreign"],
  ])("%s %j", async (route, more, field) => {
    const body = { ...valid[route], ...more };
    expectNamed(await post(pathOf(route), body), field, body);
  });
  test("each field of a layer", async () => {
    const sent = ["quantity", "value", "receivedOn"].flatMap((field) =>
      [...(badValues[field] ?? []), null].map((value) => ({ field, value })),
    );
    await each(sent, async ({ field, value }) => {
      const layers = [layer, { ...layer, [field]: value }];
      const body = { ...valid["opening-stock"], layers };
      expectNamed(await post(pathOf("opening-stock"), body), `body.layers.1.${field}`, body);
    });
  });
});

const idsQuery = ["", "__proto__", "-a", "a b", "a/b", "%00", "é", "a".repeat(65), "%0A"];
const daysQuery = ["", "2026-02-30", "1899-12-31", "2200-01-01", "today", "1", "%00"];
const badQuery: Readonly<Record<string, readonly string[]>> = {
  asOf: daysQuery,
  knownAt: [
    "",
    "now",
    "-1",
    "1.5",
    "1e3",
    "1".repeat(19),
    "2026-03-31",
    "2026-03-31T12:00:00",
    "%00",
    "0x1",
    "٣",
  ],
  minPosition: ["", "-1", "x", "1.0", "1e3", "1".repeat(19), "%00", "+1"],
  limit: ["", "0", "-1", "1001", "abc", "1.5", "%00", "NaN", "Infinity", "1e400", "9".repeat(30)],
  after: ["", "x", "!!!", "bnVsbA", "e30", "W10", "%00", "a".repeat(1_001), "WyJcdTAwMDAiXQ", "WzFd"],
  ...{
    item: idsQuery,
    location: idsQuery,
    lot: idsQuery,
    quantity: ["", "0", "-1", "1e3", "x", "%00"],
    receipt: idsQuery,
    from: daysQuery,
    layer: ["%00", "a".repeat(201), "%0A"],
    by: ["", "items", "item,", ",item", "item,item", "item, lot", "Item", "__proto__", "customer", "%00"],
    buckets: [
      ...[
        "",
        "0",
        "0,30",
        "-1",
        "30,30",
        "60,30",
        "30,",
        ",30",
        "1.5",
        "1e2",
        "30, 60",
        "x",
        "100000",
        "%00",
      ],
      "1,2,3,4,5,6,7,8,9,10,11,12,13",
    ],
  },
};

const NAMES: Readonly<Record<string, string>> = {
  item: "rod",
  movement: "R",
  landedCost: "LC",
  stocktake: "S",
  lot: "L1",
};
const nameIn = (path: string, name: string) =>
  path.includes("{lot}") && name === "item" ? "oil" : (NAMES[name] ?? "");
const placed = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => nameIn(path, name));
/** What must be asked, beside a field that is looked at. */
const needed = (path: string, field: string): string =>
  (path.endsWith("/pick") ? ["location=A", "quantity=1"] : [])
    .flatMap((one) => (one.startsWith(`${field}=`) ? [] : `${one}&`))
    .join("");

describe.each(questions.map((question) => [question.path, question] as const))(
  "GET %s",
  (path, { query, params }) => {
    const here = placed(path);
    const fields = [...Object.keys(query.shape), "asOf", "knownAt", "minPosition", "limit", "after"];

    test("each field, made wrong in each way, is named", async () => {
      const sent = fields.flatMap((field) => (badQuery[field] ?? []).map((value) => [field, value] as const));
      await each(sent, async ([field, value]) => {
        const text = value.includes("%") ? value : encodeURIComponent(value);
        expectNamed(await get(`${here}?${needed(path, field)}${field}=${text}`), `query.${field}`, value);
      });
    });

    test("each field sent twice is named, and so is one that should not be there", async () => {
      for (const field of fields)
        expectNamed(
          await get(`${here}?${needed(path, field)}${field}=1&${field}=1`),
          `query.${field}`,
          "twice",
        );
      for (const field of ["colour", "__proto__", "constructor", "limit%5B%5D", "hasOwnProperty"])
        expectNamed(
          await get(`${here}?${needed(path, field)}${field}=1`),
          `query.${decodeURIComponent(field)}`,
          field,
        );
    });

    test("a path that can't be is named", async () => {
      for (const name of Object.keys(params.shape))
        for (const bad of ["__proto__", "-a", "%00", "a%2Fb", "a".repeat(65), "%F0%9F%98%80"]) {
          expectNamed(await get(placed(path.replace(`{${name}}`, bad))), `params.${name}`, bad);
        }
    });

    test("a cursor of another question, or of none, is told or answered, and never breaks", async () => {
      const figures = ["0", "1", "2147483647", "2147483648", "9".repeat(18)];
      const texts = [
        "",
        "A",
        "'",
        "\\",
        '"',
        "%",
        "\ufffd",
        "👍",
        "2026-01-01/",
        "~",
        "x".repeat(200),
        "null",
        "{}",
      ];
      const keys = [
        ...[
          [],
          [null],
          [1],
          [[]],
          ["1", 2],
          ["\u0000"],
          ["a\ud800"],
          ["9".repeat(19)],
          ["-1"],
          ["1.5"],
          [""],
          ["1", ""],
        ],
        ...texts.flatMap((text) => [[text], [text, text, text], [text, text, text, "1", "1"]]),
        ...[
          ["2026-01-01"],
          ["1", "A", "", "2026-01-01"],
          ["1", "A", "", "P", "2026-01-01"],
          ["2026-13-01"],
          ["1", "A", "", "2026-02-30"],
        ],
        ["2026-01-01/", "1", "A"],
        ...figures.flatMap((figure) => [
          [figure],
          [figure, figure],
          ["A", "", "x", figure, figure],
          ["A", "", "x", figure],
          ["A", "", "P", "x", figure, figure],
        ]),
      ] as (readonly string[])[];
      const told: number[] = [];
      await each(keys, async (key) => {
        const answer = await get(`${here}?${needed(path, "after")}after=${cursorText(key)}`);
        expect([200, 400], `${JSON.stringify(key)}: ${answer.text}`).toContain(answer.status);
        if (answer.status === 400) expectNamed(answer, "query.after", key);
        told.push(answer.status);
      });
      expect(new Set(told)).toEqual(new Set([200, 400]));
    });
  },
);

describe("what is asked by path alone", () => {
  test.each(["%00", "a%00", "__proto__", "-a", "a".repeat(65), "%F0%9F%98%80", "a%2Fb", "a%20b", "..%2f"])(
    "GET /v1/items/%s",
    async (item) => {
      const answer = await rawRequest(url, { path: `/v1/items/${item}` });
      expect([400, 404], answer.text).toContain(answer.status);
      expect(answer.type).toContain("application/problem+json");
    },
  );
  test.each([
    "/v1/items/%",
    "/v1/items/%ff",
    "/%",
    "/docs/%",
    "/docs/%ff",
    "/docs/%00",
    "/health/%",
    "//",
    "/v1//items",
    "/v1/items/x/y/z",
  ])("GET %s", async (path) => {
    const answer = await rawRequest(url, { path });
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    expect(answer.status, answer.text).toBeLessThan(500);
    expect(answer.type).toContain("application/problem+json");
  });
});
