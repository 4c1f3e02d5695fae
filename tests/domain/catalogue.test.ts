import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decode, decodeRecorded, type StoredType, UndecodableEvent } from "../../domain/catalogue.ts";
import { canonicalJson, type Event, type Metadata, type Recorded } from "../../domain/kernel/event.ts";

/** Each has a file in samples/, its data as first stored. A type that is missing here does not compile. */
const types: Readonly<Record<StoredType, true>> = {
  CompanyFounded: true,
  PeriodClosing: true,
  PeriodClosed: true,
  PeriodReopened: true,
  ShortStockAllowed: true,
  ShortStockForbidden: true,
  CorrectionLimitSet: true,
  CostingPolicyChanged: true,
  ItemRegistered: true,
  ItemRenamed: true,
  ItemDeactivated: true,
  OpeningStockRecorded: true,
  GoodsReceived: true,
  GoodsIssued: true,
  GoodsTransferred: true,
  GoodsPinned: true,
  GoodsUnpinned: true,
  ProjectNamed: true,
  CostRowsOfProject: true,
  FirstReceiptsTold: true,
  StockAdjusted: true,
  GoodsReturned: true,
  GoodsIssuedAllowingShort: true,
  UnmatchedGoodsReturned: true,
  GoodsReturnedToSupplier: true,
  GoodsDispatched: true,
  GoodsArrived: true,
  StockCounted: true,
  MovementCompensated: true,
  CostingPolicyTakenUp: true,
  ItemUnitDefined: true,
  QuantityMeasured: true,
  MovementPlacedBefore: true,
  CorrectionApproved: true,
  MovementCancelled: true,
  CostRowsContinued: true,
  ReceiptInvoiced: true,
  ReceiptCostAdded: true,
  ValueFactCancelled: true,
  LandedCostAllocated: true,
  LandedCostLineRefused: true,
  StocktakeOpened: true,
  StocktakeLineCounted: true,
  StocktakeLotsCounted: true,
  StocktakeApproved: true,
  StocktakePosted: true,
  StocktakeLineRefused: true,
  StocktakeAbandoned: true,
  MovementsRecosted: true,
  LotsTracked: true,
  LotsNamed: true,
  LotsMoved: true,
  LotDescribed: true,
};
const storedTypes = Object.keys(types) as StoredType[];
const folder = new URL("samples/", import.meta.url);

/** Written by hand, once; never edited, never generated: a sample that follows the code proves nothing. */
const sample = (type: StoredType): string => readFileSync(new URL(`${type}.json`, folder), "utf8").trim();
const stored = (type: StoredType): Event & { data: Record<string, unknown> } => ({
  type,
  data: JSON.parse(sample(type)),
});

test("each type ever stored has a sample, and each sample a type", () =>
  expect(readdirSync(folder).toSorted()).toEqual(storedTypes.map((type) => `${type}.json`).toSorted()));

test.each(storedTypes)("%s of old is read today, and encoded as it was", (type) => {
  const event = decode(stored(type));
  expect(event).toStrictEqual(stored(type));
  expect(canonicalJson(event.data)).toBe(sample(type));
});

const place = { stream: "main.item-rod", revision: 3n };

/** Of a wrong event, the message says where it stands, what it is, and which field is wrong. */
function stopsAt(event: Event, field: string, reading: () => unknown = () => decode({ ...event, ...place })) {
  expect(reading).toThrow(UndecodableEvent);
  expect(reading).toThrow(new UndecodableEvent(`main.item-rod 3: ${event.type} with a wrong ${field}`));
}

/** May be null. */
const OPTIONAL: readonly string[] = [
  ...["time", "lot", "reference", "value", "foreign", "statedCost", "stocktake", "correctionMax"],
  ...["GoodsReturnedToSupplier.receipt", "MovementCompensated.to", "MovementsRecosted.project"],
  ...["StocktakeLineCounted.unitCost", "StocktakeLineRefused.leavesShort"],
  ...["expiresOn", "supplierLot"],
];

describe.each(storedTypes)("of %s", (type) => {
  const { data } = stored(type);

  test.each(Object.keys(data))("the field %s cannot be missing, undefined or of another kind", (field) => {
    const { [field]: _, ...rest } = data;
    stopsAt({ type, data: rest }, field);
    const right: Readonly<Record<string, readonly unknown[]>> = {
      ...{ line: [7], change: [7], uninvoiced: [true], serials: [true], quantityScale: [0], valueScale: [0] },
    };
    const wrongs = [undefined, 0, 0.5, 7, "", "a\nb", {}, [], [[]], true].filter(
      (wrong) => !right[field]?.includes(wrong),
    );
    // A count may find just what the book has.
    for (const wrong of type === "StockCounted" && field === "rows" ? wrongs.slice(0, 7) : wrongs)
      stopsAt({ type, data: { ...data, [field]: wrong } }, field);
    const isOptional = OPTIONAL.includes(field) || OPTIONAL.includes(`${type}.${field}`);
    if (!isOptional) stopsAt({ type, data: { ...data, [field]: null } }, field);
  });

  test.each(["colour", "toString", "__proto__"])("an unknown field %s is not passed over", (field) =>
    stopsAt({ type, data: JSON.parse(`{"${field}":1,${sample(type).slice(1)}`) }, field),
  );

  test("data is an object", () => {
    for (const wrong of [null, "{}", 1, undefined]) stopsAt({ type, data: wrong as never }, "shape");
  });
});

test.each(["GoodsShipped", "toString", "__proto__", "constructor", ""])("the type %j is unknown", (type) =>
  stopsAt({ type, data: stored("ItemDeactivated").data }, "type"),
);

describe("a decimal has one spelling", () => {
  const spellings = [
    "1.0",
    "01",
    "1e3",
    "-0",
    "+1",
    "0.1234567",
    "1234567890123456789",
    " 1",
    "1\n",
    1,
    null,
  ];
  test.each(spellings)("%j is none", (wrong) => {
    const { data } = stored("GoodsReceived");
    stopsAt({ type: "GoodsReceived", data: { ...data, quantity: wrong } }, "quantity");
    stopsAt({ type: "GoodsReceived", data: { ...data, value: wrong } }, "value");
  });
});

describe("in a list, every entry is looked at", () => {
  const opening = stored("OpeningStockRecorded");
  const entries = (field: string) => opening.data[field] as readonly Record<string, unknown>[];
  const cases = ["rows", "layers"].flatMap((list) =>
    Object.keys(entries(list)[1] ?? {}).map((field) => [list, field] as const),
  );

  test.each(cases)("of %s a wrong %s", (list, field) => {
    const [first, second] = entries(list);
    const { [field]: _, ...rest } = second ?? {};
    for (const wrong of [rest, { ...second, [field]: 1 }, { ...second, [field]: null }, { ...second, x: 1 }])
      stopsAt({ type: opening.type, data: { ...opening.data, [list]: [first, wrong] } }, list);
  });

  test.each(["rows", "layers"])("%s is a list, and not empty", (list) => {
    for (const wrong of [[], {}, entries(list)[0]])
      stopsAt({ type: opening.type, data: { ...opening.data, [list]: wrong } }, list);
  });
});

test.each([
  ["CompanyFounded", "valueScale", 7],
  ["CompanyFounded", "valueScale", "2"],
  ["CompanyFounded", "baseCurrency", "eur"],
  ["CompanyFounded", "fiscalYearStart", "13-01"],
  ["ItemRegistered", "costBy", "average"],
  ["ItemRegistered", "quantityScale", -1],
  ["GoodsIssued", "purpose", "gift"],
  ["GoodsIssued", "effectiveDate", "2026-3-1"],
  ["GoodsIssued", "effectiveDate", "2026-13-01"],
  ["GoodsIssued", "time", "24:00:00"],
  ["GoodsIssued", "time", "14:05"],
  ["GoodsIssued", "reference", null],
  ["GoodsIssued", "location", "\ud800"],
  ["GoodsIssued", "location", "x".repeat(201)],
] as const)("of %s the %s is never %j", (type, field, wrong) =>
  stopsAt({ type, data: { ...stored(type).data, [field]: wrong } }, field),
);

describe("what is read from the log says which command it belongs to", () => {
  const metadata: Metadata = {
    commandId: "c-1",
    commandHash: "0".repeat(64),
    part: 1,
    of: 2,
    recordedAt: "2026-03-31T12:00:00.000Z",
    actor: "ada",
    correlationId: "c-1",
    causationId: "c-1",
  };
  const event = stored("GoodsIssued");
  const recorded = (of: object): Recorded => ({
    ...event,
    ...place,
    id: "8b7c1e0e-52a5-5d5c-8f7d-000000000000",
    position: 1n,
    metadata: { ...metadata, ...of },
  });

  test.each([{}, { part: 2 }])("with metadata as it should be (%j) it is read", (of) =>
    expect(decodeRecorded(recorded(of))).toStrictEqual(event),
  );

  const recordedAt = ["2026-03-31T12:00:00Z", "2026-03-31T12:00:00.000+01:00", "2026-03-31", 0];
  const wrong: readonly (readonly [string, unknown])[] = [
    ...Object.keys(metadata).map((field) => [field, undefined] as const),
    ...["commandId", "commandHash", "actor", "correlationId", "causationId"].map((f) => [f, ""] as const),
    ...[0, -1, 1.5, "1", 3].map((part) => ["part", part] as const),
    ...[0, 2 ** 53].map((of) => ["of", of] as const),
    ...recordedAt.map((at) => ["recordedAt", at] as const),
    ["colour", "red"],
  ];
  test.each(wrong)("%s of %j stops the reader", (field, value) =>
    stopsAt(event, `metadata ${field}`, () => decodeRecorded(recorded({ [field]: value }))),
  );

  test("no metadata at all, or wrong data under good metadata, stops it too", () => {
    stopsAt(event, "metadata shape", () => decodeRecorded({ ...recorded({}), metadata: null as never }));
    stopsAt(event, "item", () => decodeRecorded({ ...recorded({}), data: { ...event.data, item: 1 } }));
  });
});

test("a new event, which has no place yet, is named as such", () =>
  expect(() => decode({ type: "ItemRenamed", data: { item: "rod" } })).toThrow(
    /^a new event : ItemRenamed.*name$/,
  ));
