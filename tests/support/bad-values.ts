/** What a field of each kind must refuse. A field's kind goes by its name, for the whole API. */

const LONG = "x".repeat(201);
const NO_TEXT = [7, 0, true, {}, [], ["a"], "", "a\u0000b", "a\u0007", "\u0085", "a\ud800", "\udc00a", LONG];

const id = [...NO_TEXT, "__proto__", "-a", ".a", "a b", "a/b", "é", "a".repeat(65), "a\n", "%00", " a", "a "];
const words = [...NO_TEXT, "a\nb", "\t", "a\u009f"];
const day = [
  ...[
    ...NO_TEXT,
    "2026-02-30",
    "2023-02-29",
    "1900-02-29",
    "1899-12-31",
    "2200-01-01",
    "2026-2-3",
    "20260101",
  ],
  ...[
    "2026-01-01T00:00:00Z",
    "+02026-01-01",
    "2026-13-01",
    "2026-00-10",
    "2026-01-32",
    "2026-01-00",
    "-2026-01-01",
  ],
  ...["2026-01-01\n", " 2026-01-01", "２０２６-01-01", "infinity", "now"],
];
const time = [
  ...[
    ...NO_TEXT,
    "24:00:00",
    "8:00:00",
    "08:00",
    "08:60:00",
    "08:00:60",
    "08:00:00Z",
    "08:00:00.0",
    "-8:00:00",
  ],
];
const amount = [
  ...[
    ...NO_TEXT,
    "1e3",
    "1E3",
    "1234567890123456789",
    "0.1234567",
    "1,5",
    "1.",
    ".5",
    "+1",
    " 1",
    "1 ",
    "1\n",
  ],
  ...["Infinity", "NaN", "0x10", "١", "--1", "1_000", "1.2.3", "9".repeat(400), "1n", "1e-7"],
];
const scale = [-1, 7, 1.5, "2", "", null, [], {}, true, 1e21, 9_007_199_254_740_992];

/** A value that is missing is `undefined`. */
export const badValues: Readonly<Record<string, readonly unknown[]>> = {
  ...{
    location: id,
    item: id,
    from: id,
    to: id,
    lot: id,
    project: id,
    issue: id,
    before: id,
    via: id,
    dispatch: id,
    receipt: id,
    approvedBy: [...words, "ada"],
    name: words,
    unit: words,
    reference: words,
    reason: words,
  },
  ...{ effectiveDate: day, receivedOn: day, documentDate: day, compensateOn: day, date: day, time },
  correctionMax: [...amount, "-1"],
  uninvoiced: [0, 1, "true", "", {}, []],
  allowed: [0, 1, "true", "", {}, []],
  statedCost: [
    [],
    "x",
    1,
    true,
    {},
    { quantity: "0", value: "1" },
    { quantity: "1", value: "-1" },
    { quantity: "1" },
  ],
  kind: [...NO_TEXT, "gift", "landedcost", "__proto__", null],
  basis: [...NO_TEXT, "Value", "units", "constructor", null],
  foreign: [[], "x", 1, true, {}, { currency: "USD" }],
  receipts: [null, {}, "x", 1, [], [null], ["x"], [{}], [{ item: "rod" }], [{ item: "-a", receipt: "R" }]],
  currency: [...NO_TEXT, "usd", "US", "USDX", null],
  value: [...amount, "-1", "-0.000001"],
  credit: [...amount, "-1", "-0.000001"],
  counted: [...amount, "-1", "-0.000001", null],
  policy: [...NO_TEXT, "Freeze", "replay ", "toString", "__proto__"],
  equals: [...amount, "0", "-1"],
  measured: [[], "x", 1, true, {}, { quantity: "1" }, { quantity: "0", unit: "box" }, { unit: "box" }],
  unitCost: [[], "x", 1, true, {}, { quantity: "1" }, { quantity: "0", value: "1" }, { value: "1" }],
  quantity: [...amount, "0", "-0", "0.000000", "-1", null],
  signedQuantity: [...amount, "0", "-0", "-0.0", null],
  ...{ quantityScale: scale, valueScale: scale },
  costBy: [...NO_TEXT, "FIFO", "toString", "__proto__", "lot ", null],
  purpose: [...NO_TEXT, "Sale", "constructor", "none", null],
  baseCurrency: [...NO_TEXT, "eur", "EURO", "€€€", "EU", "EUR\n", null],
  timeZone: [...NO_TEXT, "Nowhere/City", "Europe", "UTC+99", "Europe/Berlin ", null],
  fiscalYearStart: [...NO_TEXT, "02-29", "13-01", "1-1", "00-10", "04-31", "2023-01-01", null],
  lots: [
    ...[null, {}, "x", 1, [null], [[]], ["x"], [{ lot: "L1" }], [{ lot: "-", quantity: "1" }]],
    [{ lot: "L1", quantity: "0" }],
    Array(2).fill({ lot: "L1", quantity: "1" }),
    Array.from({ length: 1_001 }, (_, n) => ({ lot: `L${n}`, quantity: "1" })),
  ],
  expiresOn: day,
  supplierLot: words,
  serials: [0, 1, "true", "", {}, []],
  layers: [null, {}, "x", 1, [], [null], [[]], ["x"], Array(1_001).fill({ quantity: "1", value: "1" })],
};

/** Every way in which text can be odd that the edge takes. */
export const oddWords: readonly string[] = [
  ...[
    "钢筋 Ø12",
    "👩‍👩‍👧‍👦",
    "e\u0301",
    "\u202eevil",
    "\ufeffbom",
    "\uffff",
    "\u{10ffff}",
    "\u00ad",
    "\u2028",
    "\u2029",
  ],
  ...["'; drop table trail; --", '"', "\\", "\\u0000", "%00", "{{x}}", "=1+1", "null", "__proto__", "NaN"],
  ...["\u{1d7d8}", "ß", "İ", "ﷺ", " ", "\u3000", "\u200b", "👍".repeat(200), "\ue000", "\\N", "\\."],
];
