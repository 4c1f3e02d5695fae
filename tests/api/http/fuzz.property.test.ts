/**
 * Goal: nothing that is sent breaks the server, and whatever it accepts can be stored, projected and shown.
 * Method: bodies of good, odd and bad fields to every command, and queries of the same kind to every question; in the end
 * the projector must stand at the last position, and each accepted movement be shown as it was sent.
 */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { inventory } from "../../../api/http/inventory.ts";
import { questions } from "../../../api/http/questions.ts";
import { decimal } from "../../../domain/kernel/decimal.ts";
import { badValues, oddWords } from "../../support/bad-values.ts";
import { type Answered, foundation, type Json, served } from "../../support/served.ts";

const server = await served({ waitMaxMs: 200 });
const { get, post, record } = server;
const ITEMS = ["a", "B-1", "z_.9", "x".repeat(64)];
const LOTS = ["lots"];

beforeAll(async () => {
  await record("/v1/company", { ...foundation, valueScale: 6, name: oddWords[0] });
  for (const item of ITEMS) await record(`/v1/items/${item}/registration`, { unit: "m", quantityScale: 6 });
  await record("/v1/items/lots/registration", { unit: "👍", quantityScale: 6, costBy: "lot" });
});

const unicode = fc
  .string({ unit: "binary", minLength: 1, maxLength: 60 })
  .filter((text) => /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text));
const words = fc.oneof(fc.constantFrom(...oddWords), unicode);
const figure = fc.oneof(
  fc.constantFrom(
    "1",
    "0.000001",
    "999999999999999999.999999",
    "999999999999999999",
    "007.50",
    "10",
    "0.1",
    "3",
  ),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), fc.nat(999_999))
    .map(([whole, part]) => `${whole}.${part}`),
);
/** Mostly going up, so that what is asked for is there. */
let day = 0;
const dayOf = (n: number) => new Date(Date.UTC(1_900, 0, 1 + n * 3)).toISOString().slice(0, 10);
const days = fc.oneof(
  { weight: 12, arbitrary: fc.constant("soonest") },
  { weight: 1, arbitrary: fc.constantFrom("1900-01-01", "2199-12-31") },
);
const id = fc.oneof(fc.constantFrom("A", "B", "a", "A-1"), fc.constant("l".repeat(64)));
const time = fc.constantFrom(null, "23:59:59");
/** Of a command sent before, now and then. */
const key = fc.oneof(
  fc.nat(400).map((n) => `k${n}`),
  id,
);
const layer = fc.record(
  { quantity: figure, value: figure, receivedOn: fc.constantFrom("1900-01-01", "2199-12-31") },
  { requiredKeys: ["quantity", "value"] },
);
const good: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ...{ effectiveDate: days, time, location: id, from: id, to: id, via: id },
  ...{ issue: key, dispatch: key, receipt: fc.option(key), credit: figure, approvedBy: words },
  ...{ name: words, unit: words, reference: words, quantity: figure, value: figure },
  signedQuantity: fc.tuple(fc.boolean(), figure).map(([lost, text]) => (lost ? `-${text}` : text)),
  purpose: fc.constantFrom("sale", "project", "production", "other"),
  quantityScale: fc.nat(6),
  costBy: fc.constantFrom("fifo", "lot"),
  ...{
    lot: id,
    project: fc.constantFrom("P", "A"),
    expiresOn: fc.constantFrom(null, "2030-01-01"),
    supplierLot: fc.option(words),
    serials: fc.boolean(),
  },
  counted: fc.oneof(figure, fc.constant("0")),
  unitCost: fc.record({ quantity: figure, value: figure }),
  layers: fc.array(layer, { minLength: 1, maxLength: 6 }),
};
const movement = ["effectiveDate", "time"];
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  registration: ["name", "unit", "quantityScale", "costBy"],
  name: ["name"],
  deactivation: [],
  units: ["unit", "quantity", "equals"],
  "lot-tracking": ["serials"],
  lots: ["lot", "expiresOn", "supplierLot"],
  "opening-stock": [...movement, "location", "layers"],
  receipts: [...movement, "quantity", "location", "value", "reference"],
  issues: [...movement, "quantity", "location", "purpose", "project", "reference"],
  transfers: [...movement, "quantity", "from", "to", "reference"],
  adjustments: [...movement, "quantity", "location", "value", "project", "reference"],
  pins: [...movement, "quantity", "location", "project", "reference"],
  unpins: [...movement, "quantity", "location", "project", "reference"],
  counts: [...movement, "location", "counted", "unitCost", "reference"],
  returns: [...movement, "issue", "quantity", "location", "reference"],
  "unmatched-returns": [...movement, "quantity", "location", "value", "approvedBy", "reference"],
  "supplier-returns": [...movement, "receipt", "quantity", "location", "credit", "reference"],
  dispatches: [...movement, "quantity", "from", "via", "to", "reference"],
  arrivals: [...movement, "dispatch", "quantity", "location", "reference"],
};

/** One of so many fields is bad, or of whatever type. */
const field = (route: string, name: string): fc.Arbitrary<unknown> => {
  const kind = route === "adjustments" && name === "quantity" ? "signedQuantity" : name;
  return fc.oneof(
    { weight: 60, arbitrary: good[kind] ?? words },
    { weight: 1, arbitrary: fc.constantFrom(...(badValues[kind] ?? [null])) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
};
type Sent = Readonly<{ route: string; item: string; body: Json; raw: unknown }>;
const known = fc.constantFrom(...ITEMS, ...LOTS);
const command: fc.Arbitrary<Sent> = fc
  .oneof(
    { weight: 1, arbitrary: fc.constantFrom(...Object.keys(fieldsOf)) },
    {
      weight: 5,
      arbitrary: fc.constantFrom(
        "opening-stock",
        "receipts",
        "receipts",
        "issues",
        "transfers",
        "adjustments",
        "dispatches",
        "supplier-returns",
        "counts",
        "pins",
      ),
    },
  )
  .chain((route) =>
    fc.record({
      route: fc.constant(route),
      item: fc.oneof(
        {
          weight: 20,
          arbitrary: ["registration", "deactivation", "lot-tracking"].includes(route) ? fc.uuid() : known,
        },
        { weight: 1, arbitrary: fc.string() },
      ),
      body: fc.record(
        Object.fromEntries((fieldsOf[route] ?? []).map((name) => [name, field(route, name)] as const)),
        {
          requiredKeys: (fieldsOf[route] ?? []).filter(
            (name) =>
              !["time", "unitCost", "reference"].includes(name) &&
              (name !== "project" || route.endsWith("pins")) &&
              (name !== "value" || route === "unmatched-returns"),
          ),
        },
      ),
      // Now and then, no body of ours at all.
      raw: fc.oneof(
        { weight: 30, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.oneof(fc.jsonValue(), fc.string(), fc.constant("{")) },
      ),
    }),
  );

const queryText = fc.oneof(
  fc.constantFrom(
    "A",
    "B",
    "lots",
    "1",
    "0",
    "-1",
    "100",
    "2026-01-01",
    "2199-12-31",
    "WyJBIl0",
    "999999999",
  ),
  fc.constantFrom(...oddWords),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc
    .array(fc.oneof(words, fc.constantFrom("1", "5", "2147483648", "A", "")), { maxLength: 5 })
    .map((key) => Buffer.from(JSON.stringify(key)).toString("base64url")),
);
type Asked = Readonly<{ path: string; query: Readonly<Record<string, string>>; csv: boolean }>;
const question: fc.Arbitrary<Asked> = fc.constantFrom(...questions).chain(({ path, query }) =>
  fc.record({
    path: fc
      .tuple(fc.oneof(known, fc.string()), fc.oneof(fc.constantFrom("k1", "k2"), fc.string()))
      .map(([item, move]) =>
        path.replace("{item}", () => escaped(item)).replace(/\{(movement|lot)\}/, () => escaped(move)),
      ),
    query: fc.dictionary(
      fc.constantFrom(...Object.keys(query.shape), "asOf", "knownAt", "limit", "after", "after", "colour"),
      queryText,
      { maxKeys: 3 },
    ),
    csv: fc.boolean(),
  }),
);
const wellFormed = (text: string): string => Buffer.from(text).toString();
/** A path of dots would be another path. */
const escaped = (text: string): string => encodeURIComponent(wellFormed(text)).replaceAll(".", "%2E") || "x";

test("each command of the table is here", () =>
  expect(Object.keys(fieldsOf)).toEqual(inventory.map(({ name }) => name)));

type Accepted = Readonly<{ route: string; item: string; key: string; body: Json }>;
const accepted: Accepted[] = [];
const statuses = new Map<number, number>();
let keys = 0;

function sound({ status, headers, text, body }: Answered): void {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  expect(status, text).toBeLessThan(500);
  if (status < 400) return;
  expect(headers.get("content-type"), text).toContain("application/problem+json");
  expect(body).toMatchObject({ type: `/problems/${String(body["title"])}`, status });
}

async function send({ route, item, body, raw }: Sent): Promise<void> {
  keys += 1;
  const key = `k${keys}`;
  if (body["effectiveDate"] === "soonest") day += 1;
  const dated = body["effectiveDate"] === "soonest" ? { ...body, effectiveDate: dayOf(day) } : body;
  const lots = LOTS.includes(item) && "effectiveDate" in body ? { lot: "L" } : {};
  const sent = { ...dated, ...lots };
  const answer = await post(`/v1/items/${escaped(item)}/${route}`, raw === undefined ? sent : raw, key);
  sound(answer);
  // Sent under the name that the path has: of an empty one it would be another path.
  const named = decodeURIComponent(escaped(item));
  if (answer.status === 201 && raw === undefined) accepted.push({ route, item: named, key, body: sent });
}

test("no command and no question is answered by a fault of ours", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 8, maxLength: 16, size: "max" }),
      fc.array(question, { minLength: 6, maxLength: 10, size: "max" }),
      async (commands, asked) => {
        await Promise.all([
          ...commands.map(send),
          ...asked.map(async ({ path, query, csv }) => {
            const given = Object.entries(query).map(
              ([name, text]) => [name, wellFormed(text)] as [string, string],
            );
            const search = new URLSearchParams(given).toString();
            sound(await get(`${path}?${search}`, { accept: csv ? "text/csv" : "*/*" }));
          }),
        ]);
        expect(server.errors).toEqual([]);
      },
    ),
    { numRuns: 120 },
  ));

const movements = ["opening-stock", "receipts", "issues", "transfers", "adjustments", "counts"];

test("whatever was accepted is projected, and each movement is shown as it was sent", async () => {
  expect(statuses.get(201)).toBeGreaterThan(200);
  expect(statuses.get(200)).toBeGreaterThan(100);
  expect(statuses.get(400)).toBeGreaterThan(100);
  await server.seq();
  const ready = await get("/health/ready");
  expect(ready.body).toMatchObject({
    status: "ready",
    projector: "projecting",
    position: `${server.lastPosition()}`,
  });

  const shown = new Map<string, Json>();
  const recorded = accepted.filter(({ route }) => movements.includes(route));
  for (const item of new Set(recorded.map((sent) => sent.item)))
    for (let after: string | null = ""; after !== null; ) {
      const query = `asOf=2199-12-31&limit=1000${after && `&after=${after}`}`;
      const { body } = await get(`/v1/items/${item}/movements?${query}`);
      for (const row of body["movements"] as Json[]) shown.set(String(row["movement"]), row);
      after = body["next"] as string | null;
    }
  expect(recorded.length).toBeGreaterThan(100);
  expect(new Set(recorded.map(({ route }) => route))).toEqual(new Set(movements));
  for (const { route, key, body } of recorded) {
    const { quantity, counted, location, from, effectiveDate, time, reference } = body;
    const row = shown.get(key);
    expect(row, `${route} ${JSON.stringify(body)}`).toMatchObject({ effectiveDate, time: time ?? null });
    expect(row?.["location"]).toBe(from ?? location);
    if (route !== "opening-stock") {
      expect(row?.["quantity"]).toBe(decimal((quantity ?? counted) as string));
      expect(row?.["reference"]).toBe(reference ?? null);
    }
  }
  const balances = await get("/v1/balances?asOf=2199-12-31&limit=1000");
  for (const { quantity } of balances.body["balances"] as { quantity: string }[])
    expect(quantity).not.toMatch(/^-|e/);
});

test("the names of items are what was sent", async () => {
  const named = accepted.filter(({ route }) => route === "registration" || route === "name");
  const last = new Map(named.map(({ item, body }) => [item, body["name"]] as const));
  expect(named.length).toBeGreaterThan(5);
  for (const { item, route, body } of named) {
    if (route !== "registration") continue;
    const shown = await get(`/v1/items/${item}`);
    expect(shown.body).toMatchObject({ item, name: last.get(item) ?? item, unit: body["unit"] });
  }
});
