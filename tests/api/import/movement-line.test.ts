import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandOf } from "../../../api/import/line-command.ts";
import { KINDS } from "../../../api/import/line-forms.ts";
import { COLUMNS, checkLine, type RawLine, saidBy } from "../../../api/import/movement-line.ts";
import { type Item, item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { type DecimalText, decimal, isDecimalText } from "../../../domain/kernel/decimal.ts";

const EMPTY = Object.fromEntries(COLUMNS.map((column) => [column, ""])) as RawLine;
const COMPANY = { valueScale: 2, today: "2026-03-31", shortStockAt: ["S"] };
const basis = { item: "rod", date: "2026-03-01", location: "A", quantity: "3" };
const raw = (columns: Partial<RawLine>): RawLine => ({ ...EMPTY, ...basis, ...columns });

const checked = (columns: Partial<RawLine>, valueScale = 2) => checkLine(raw(columns), valueScale);
/** The columns that are named; none where the line is right. */
const wrongOf = (columns: Partial<RawLine>, valueScale = 2): readonly string[] => [
  ...new Set((checked(columns, valueScale).wrong ?? []).map(({ column }) => column)),
];
function command(columns: Partial<RawLine>, valueScale = 2) {
  const { line, wrong } = checked(columns, valueScale);
  if (!line) throw new Error(JSON.stringify(wrong));
  return commandOf(line, "m-1", { ...COMPANY, valueScale });
}

test("a line is known again by what it said before files had more columns", () => {
  const before = ["rod", "2026-03-01", "", "receipt", "3", "", "5", "A", "", "", "", ""];
  expect(saidBy(raw({ kind: "receipt", value: "5" }))).toEqual(before);
  expect(saidBy(raw({ kind: "receipt", value: "5", unit: "box" }))).toEqual([...before, "unit=box"]);
  const later = { unit: "box", of: "a", via: "b", approvedBy: "c", before: "d", project: "e", measured: "f" };
  const last = {
    ...{ measuredUnit: "g", currency: "h", receiptRate: "i", documentRate: "j" },
    ...{ lots: "k", statedCost: "l" },
  };
  const more = { kind: "receipt", value: "5", ...later, ...last };
  const said = Object.entries({ ...later, ...last }).map(([column, text]) => `${column}=${text}`);
  expect(saidBy(raw(more))).toEqual([...before, ...said]);
});

describe("each kind is its command", () => {
  const about = { item: "rod", movement: "m-1", effectiveDate: "2026-03-01", time: null, lot: null };
  const { today } = COMPANY;
  test("opening", () =>
    expect(command({ kind: "opening", value: "10.00", time: "08:05:00", lot: "L1" })).toStrictEqual({
      type: "RecordOpeningStock",
      data: {
        ...about,
        time: "08:05:00",
        lot: "L1",
        location: "A",
        layers: [{ quantity: "3", value: "10", receivedOn: "2026-03-01" }],
      },
      today,
    }));
  test("receipt", () =>
    expect(
      command({ kind: "receipt", quantity: "03.50", unitCost: "2", reference: "PO-7, 2nd" }),
    ).toStrictEqual({
      type: "ReceiveGoods",
      data: { ...about, location: "A", quantity: "3.5", value: "7", reference: "PO-7, 2nd" },
      today,
    }));
  test("issue, for no named purpose", () =>
    expect(command({ kind: "issue", reference: "SO-1" })).toStrictEqual({
      type: "IssueGoods",
      data: { ...about, location: "A", quantity: "3", purpose: "other", reference: "SO-1" },
      today,
    }));
  test.each(["sale", "project", "production", "other"])("issue, purpose %s", (purpose) =>
    expect(command({ kind: "issue", purpose, reference: "SO-1" }).data).toMatchObject({ purpose }),
  );
  test("transfer", () =>
    expect(command({ kind: "transfer", to: "B" })).toStrictEqual({
      type: "TransferGoods",
      data: { ...about, from: "A", to: "B", quantity: "3", reference: null },
      today,
    }));
  test.each([
    ["a surplus at a value", { value: "0" }, "3", "0"],
    ["a surplus at a unit cost", { unitCost: "0.333" }, "3", "1"],
    ["a surplus at its layer's cost", {}, "3", null],
    ["a loss", { quantity: "-3" }, "-3", null],
  ])("adjustment: %s", (_what, columns, quantity, value) =>
    expect(command({ kind: "adjustment", ...columns })).toStrictEqual({
      type: "AdjustStock",
      data: { ...about, location: "A", quantity, value, reference: null },
      today,
    }),
  );
});

describe("what goes back or on, what was counted, and what is learnt of a receipt", () => {
  const about = { item: "rod", movement: "m-1", effectiveDate: "2026-03-01", time: null, lot: null };
  const moved = { ...about, location: "A", quantity: "3", reference: null };
  const { today } = COMPANY;
  const fact = {
    ...{ item: "rod", receipt: "PO-1", fact: "m-1", documentDate: "2026-03-01", reference: "LS-7" },
    ...{ foreign: null, exchangeDifference: "0" },
  };
  const bill = { location: "", of: "PO-1", reference: "LS-7" };
  test.each<[string, Partial<RawLine>, string, object]>([
    ["return", { kind: "return", of: "SO-1" }, "ReturnGoods", { ...moved, issue: "SO-1" }],
    [
      "supplier return",
      { kind: "supplierReturn", of: "PO-1", value: "0" },
      "ReturnToSupplier",
      { ...moved, receipt: "PO-1", credit: "0", uninvoiced: false },
    ],
    [
      "supplier return of an unknown receipt",
      { kind: "supplierReturn", unitCost: "1.5", lot: "L1" },
      "ReturnToSupplier",
      { ...moved, lot: "L1", receipt: null, credit: "4.5", uninvoiced: false },
    ],
    [
      "uninvoiced return",
      { kind: "uninvoicedReturn", of: "PO-1", value: "9" },
      "ReturnToSupplier",
      { ...moved, receipt: "PO-1", credit: "9", uninvoiced: true },
    ],
    ["arrival", { kind: "arrival", of: "D-1" }, "ArriveGoods", { ...moved, dispatch: "D-1" }],
    [
      "dispatch",
      { kind: "dispatch", via: "road", to: "B" },
      "DispatchGoods",
      { ...about, quantity: "3", reference: null, from: "A", via: "road", to: "B" },
    ],
    [
      "count of nothing",
      { kind: "count", quantity: "0" },
      "CountStock",
      { ...about, location: "A", reference: null, counted: "0", unitCost: null, stocktake: null },
    ],
    [
      "count, with what one costs",
      { kind: "count", unitCost: "0.3355" },
      "CountStock",
      {
        ...{ ...about, location: "A", reference: null, counted: "3", stocktake: null },
        unitCost: { quantity: "100", value: "33.55" },
      },
    ],
    [
      "invoice",
      { ...bill, kind: "invoice", unitCost: "1.5" },
      "InvoiceReceipt",
      { ...fact, quantity: "3", amount: "4.5" },
    ],
    [
      "cost",
      { ...bill, kind: "cost", quantity: "", value: "-2", purpose: "rebate" },
      "AddReceiptCost",
      { ...fact, kind: "rebate", amount: "-2" },
    ],
    [
      "invoice in another currency",
      { ...bill, kind: "invoice", value: "10.01", currency: "USD", receiptRate: "1.1", documentRate: "1.25" },
      "InvoiceReceipt",
      {
        ...{ ...fact, quantity: "3", amount: "11.01", exchangeDifference: "1.5" },
        foreign: { currency: "USD", amount: "10.01", receiptRate: "1.1", documentRate: "1.25" },
      },
    ],
    [
      "cost in another currency",
      {
        ...{ ...bill, kind: "cost", quantity: "", value: "-2", purpose: "rebate" },
        ...{ currency: "USD", receiptRate: "1.1", documentRate: "1" },
      },
      "AddReceiptCost",
      {
        ...{ ...fact, kind: "rebate", amount: "-2.2", exchangeDifference: "0.2" },
        foreign: { currency: "USD", amount: "-2", receiptRate: "1.1", documentRate: "1" },
      },
    ],
    ["pin", { kind: "pin", project: "P-7" }, "PinGoods", { ...moved, project: "P-7" }],
    [
      "unpin",
      { kind: "unpin", project: "P-7", lot: "L" },
      "UnpinGoods",
      { ...moved, lot: "L", project: "P-7" },
    ],
  ])("%s", (_what, columns, type, data) => expect(command(columns)).toStrictEqual({ type, data, today }));

  test("of a project's stock, or measured besides", () => {
    const issue = { kind: "issue", reference: "SO-1" };
    expect(command({ ...issue, project: "P-7" })).toMatchObject({ type: "IssueGoods", project: "P-7" });
    expect(command(issue)).not.toHaveProperty("project");
    const measured = { measured: "-2.5", measuredUnit: "kg" };
    const lost = { kind: "adjustment", quantity: "-3" };
    expect(command({ ...lost, ...measured })).toMatchObject({ measured: { quantity: "-2.5", unit: "kg" } });
    expect(command(lost)).not.toHaveProperty("measured");
    const { measured: weighed } = command({
      ...bill,
      kind: "invoice",
      value: "1",
      ...measured,
      measured: "2",
    });
    expect(weighed).toEqual({ quantity: "2", unit: "kg" });
  });

  test("unmatched return: whoever approves it is part of it", () =>
    expect(command({ kind: "unmatchedReturn", value: "5", approvedBy: "bob" })).toStrictEqual({
      type: "ReturnUnmatchedGoods",
      data: { ...moved, value: "5", approvedBy: "bob" },
      ...{ today, approvedBy: "bob" },
    }));
  test("any movement: before a count, approved, in another unit", () => {
    const said = { unit: "box", before: "C-1", approvedBy: "bob" };
    expect(command({ kind: "receipt", value: "5", ...said })).toMatchObject(said);
    expect(command({ kind: "receipt", value: "5" })).not.toHaveProperty("before");
  });
  test("an issue may go short where the location allows it", () => {
    const issue = { kind: "issue", reference: "SO-1" };
    expect(command({ ...issue, location: "S" }).data).toMatchObject({ mayGoShort: { statedCost: null } });
    expect(command({ ...issue, location: "S", statedCost: "0.125" }).data).toMatchObject({
      mayGoShort: { statedCost: { quantity: "10", value: "1.25" } },
    });
    expect(command(issue).data).not.toHaveProperty("mayGoShort");
    expect(command({ ...issue, statedCost: "2" }).data).not.toHaveProperty("mayGoShort");
  });
  test.each<[string, Partial<RawLine>]>([
    ["opening", { value: "1" }],
    ["receipt", { value: "1" }],
    ["issue", { reference: "SO-1" }],
    ["transfer", { to: "B" }],
    ["adjustment", { quantity: "-3" }],
    ["return", { of: "SO-1" }],
    ["unmatchedReturn", { value: "1", approvedBy: "bob" }],
    ["supplierReturn", { value: "1" }],
    ["uninvoicedReturn", { value: "1", of: "PO-1" }],
    ["dispatch", { via: "road", to: "B" }],
    ["arrival", { of: "D-1" }],
    ["count", {}],
  ])("of several lots: %s", (kind, columns) => {
    const lots = [
      { lot: "L1", quantity: "1" },
      { lot: "L2", quantity: "2" },
    ];
    expect(command({ kind, ...columns, lots: " L1=1 ;L2 = 2.0" })).toMatchObject({
      lots,
      data: { lot: null },
    });
    expect(command({ kind, ...columns })).not.toHaveProperty("lots");
  });
  test.each<[string, Partial<RawLine>, string]>([
    ["a return of nothing", { kind: "return" }, "of"],
    ["a return with a cost", { kind: "return", of: "SO-1", value: "1" }, "value"],
    ["a receipt of another", { kind: "receipt", value: "1", of: "PO-1" }, "of"],
    ["a supplier return without a credit", { kind: "supplierReturn", of: "PO-1" }, "value"],
    ["an uninvoiced return of nothing", { kind: "uninvoicedReturn", value: "1" }, "of"],
    ["an unmatched return that nobody approves", { kind: "unmatchedReturn", value: "1" }, "approvedBy"],
    ["a dispatch by no way", { kind: "dispatch", to: "B" }, "via"],
    ["a dispatch to nowhere", { kind: "dispatch", via: "road" }, "to"],
    ["a transfer by a way", { kind: "transfer", to: "B", via: "road" }, "via"],
    ["an arrival of nothing", { kind: "arrival" }, "of"],
    ["a count below zero", { kind: "count", quantity: "-1" }, "quantity"],
    ["a count with a value", { kind: "count", value: "1" }, "value"],
    ["a count at too much", { kind: "count", unitCost: `${"9".repeat(18)}.999` }, "unitCost"],
    ["an invoice for no price", { ...bill, kind: "invoice" }, "value"],
    ["an invoice of no receipt", { ...bill, kind: "invoice", value: "1", of: "" }, "of"],
    ["an invoice without a number", { ...bill, kind: "invoice", value: "1", reference: "" }, "reference"],
    ["an invoice somewhere", { ...bill, kind: "invoice", value: "1", location: "A" }, "location"],
    ["an invoice before a count", { ...bill, kind: "invoice", value: "1", before: "C" }, "before"],
    ["a cost of so many", { ...bill, kind: "cost", value: "1", purpose: "rebate" }, "quantity"],
    ["a cost of nothing", { ...bill, kind: "cost", quantity: "", value: "0", purpose: "rebate" }, "value"],
    ["a pin for no project", { kind: "pin" }, "project"],
    ["a return of a project", { kind: "return", of: "SO-1", project: "P" }, "project"],
    ["a count of a project", { kind: "count", project: "P" }, "project"],
    ["an invoice of a project", { ...bill, kind: "invoice", value: "1", project: "P" }, "project"],
    ["measured in no unit", { kind: "receipt", value: "1", measured: "1" }, "measuredUnit"],
    ["measured nothing", { kind: "receipt", value: "1", measuredUnit: "kg" }, "measured"],
    [
      "measured in two units",
      { kind: "receipt", value: "1", unit: "box", measured: "1", measuredUnit: "kg" },
      "measured",
    ],
    [
      "a cost measured",
      { ...bill, kind: "cost", quantity: "", value: "1", purpose: "rebate", measured: "1" },
      "measured",
    ],
    ["a receipt in another currency", { kind: "receipt", value: "1", currency: "USD" }, "currency"],
    ["no currency", { ...bill, kind: "invoice", value: "1", currency: "usd" }, "currency"],
    ["a rate of no currency", { ...bill, kind: "invoice", value: "1", documentRate: "1" }, "currency"],
    ["the other of none", { ...bill, kind: "invoice", value: "1", receiptRate: "1.1" }, "currency"],
    [
      "a currency with one rate",
      { ...bill, kind: "invoice", value: "1", currency: "USD", receiptRate: "1" },
      "documentRate",
    ],
    [
      "a unit cost in another currency",
      { ...bill, kind: "invoice", unitCost: "1", currency: "USD", receiptRate: "1", documentRate: "1" },
      "value",
    ],
    [
      "too much in the base currency",
      {
        ...{ ...bill, kind: "invoice", value: "9".repeat(18) },
        ...{ currency: "USD", receiptRate: "11", documentRate: "1" },
      },
      "value",
    ],
    ["lots without quantities", { kind: "receipt", value: "1", lots: "L1;L2" }, "lots"],
    ["a lot that is no id among others", { kind: "receipt", value: "1", lots: "L 1=1;L2=2" }, "lots"],
    ["a lot of nothing", { kind: "receipt", value: "1", lots: "L1=0;L2=3" }, "lots"],
    ["a lot named twice", { kind: "receipt", value: "1", lots: "L1=1;L1=2" }, "lots"],
    ["lots of another quantity", { kind: "receipt", value: "1", lots: "L1=1;L2=1" }, "lots"],
    ["lots, and one for all", { kind: "receipt", value: "1", lot: "L1", lots: "L1=1;L2=2" }, "lots"],
    ["a pin of lots", { kind: "pin", project: "P", lots: "L1=3" }, "lots"],
    ["an invoice of lots", { ...bill, kind: "invoice", value: "1", lots: "L1=3" }, "lots"],
    ["a stated cost of a receipt", { kind: "receipt", value: "1", statedCost: "1" }, "statedCost"],
    ["a stated cost that is none", { kind: "issue", reference: "S", statedCost: "free" }, "statedCost"],
    ["at too much", { kind: "issue", reference: "S", statedCost: `${"9".repeat(18)}.999` }, "statedCost"],
    ["a cost of no kind", { ...bill, kind: "cost", quantity: "", value: "1" }, "purpose"],
  ])("%s", (_what, columns, column) => expect(wrongOf(columns)).toEqual([column]));
});

describe("the column that is wrong is named", () => {
  const receipt = { kind: "receipt", value: "1" };
  test.each<[string, Partial<RawLine>, string]>([
    ["no item", { ...receipt, item: "" }, "item"],
    ["an item that is no id", { ...receipt, item: "a b" }, "item"],
    ["an item of 65 characters", { ...receipt, item: "x".repeat(65) }, "item"],
    ["no date", { ...receipt, date: "" }, "date"],
    ["a day that never was", { ...receipt, date: "2026-02-29" }, "date"],
    ["another date format", { ...receipt, date: "01.03.2026" }, "date"],
    ["a day of 1899", { ...receipt, date: "1899-12-31" }, "date"],
    ["a time without seconds", { ...receipt, time: "08:05" }, "time"],
    ["no time of a day", { ...receipt, time: "24:00:00" }, "time"],
    ["no kind", { kind: "", value: "1" }, "kind"],
    ["an unknown kind", { kind: "gift", value: "1" }, "kind"],
    ["no quantity", { ...receipt, quantity: "" }, "quantity"],
    ["nothing received", { ...receipt, quantity: "0.000" }, "quantity"],
    ["a receipt below zero", { ...receipt, quantity: "-1" }, "quantity"],
    ["a thousands separator", { ...receipt, quantity: "1,000" }, "quantity"],
    ["an exponent", { ...receipt, quantity: "1e3" }, "quantity"],
    ["19 digits", { ...receipt, quantity: "1000000000000000000" }, "quantity"],
    ["7 decimals", { ...receipt, quantity: "1.0000001" }, "quantity"],
    ["an adjustment by nothing", { kind: "adjustment", quantity: "0" }, "quantity"],
    ["a unit cost below zero", { kind: "receipt", unitCost: "-1" }, "unitCost"],
    ["a unit cost that is none", { kind: "receipt", unitCost: "free" }, "unitCost"],
    ["a unit cost of 7 decimals", { kind: "receipt", unitCost: "0.0000001" }, "unitCost"],
    ["a value below zero", { kind: "receipt", value: "-0.01" }, "value"],
    ["a value that is none", { kind: "receipt", value: "10 EUR" }, "value"],
    ["a receipt without a value", { kind: "receipt" }, "value"],
    ["opening stock without a value", { kind: "opening" }, "value"],
    ["a value that is not quantity × unit cost", { kind: "receipt", unitCost: "2", value: "7" }, "value"],
    ["too many digits worked out", { kind: "receipt", quantity: "9".repeat(18), unitCost: "11" }, "value"],
    ["a loss with a value", { kind: "adjustment", quantity: "-1", value: "1" }, "value"],
    ["a loss with a unit cost", { kind: "adjustment", quantity: "-1", unitCost: "1" }, "unitCost"],
    ["no location", { ...receipt, location: "" }, "location"],
    ["a location that is no id", { ...receipt, location: "/A" }, "location"],
    ["a lot that is no id", { ...receipt, lot: "L 1" }, "lot"],
    ["a receipt that goes somewhere", { ...receipt, to: "B" }, "to"],
    ["a receipt with a purpose", { ...receipt, purpose: "sale" }, "purpose"],
    ["an issue with a value", { kind: "issue", reference: "S", value: "1" }, "value"],
    ["an issue with a unit cost", { kind: "issue", reference: "S", unitCost: "1" }, "unitCost"],
    ["an issue without a reference", { kind: "issue" }, "reference"],
    ["an issue for an unknown purpose", { kind: "issue", reference: "S", purpose: "gift" }, "purpose"],
    ["an issue below zero", { kind: "issue", reference: "S", quantity: "-1" }, "quantity"],
    ["an issue that goes to a location", { kind: "issue", reference: "S", to: "B" }, "to"],
    ["a transfer to nowhere", { kind: "transfer" }, "to"],
    ["a transfer with a value", { kind: "transfer", to: "B", value: "1" }, "value"],
    ["a transfer with a purpose", { kind: "transfer", to: "B", purpose: "sale" }, "purpose"],
    ["opening stock with a reference", { kind: "opening", value: "1", reference: "X" }, "reference"],
    ["an adjustment with a purpose", { kind: "adjustment", purpose: "sale" }, "purpose"],
    ["a reference over two lines", { ...receipt, reference: "a\nb" }, "reference"],
    ["a reference with half a character", { ...receipt, reference: "\ud83d" }, "reference"],
    ["a reference of 201 characters", { ...receipt, reference: "x".repeat(201) }, "reference"],
  ])("%s", (_what, columns, column) => expect(wrongOf(columns)).toEqual([column]));

  test("all of several are", () =>
    expect(
      [...wrongOf({ kind: "issue", item: "", date: "soon", quantity: "-1", value: "1" })].sort(),
    ).toEqual(["date", "item", "quantity", "reference", "value"]));
});

describe("value = quantity × unit cost, rounded half away from zero", () => {
  test.each([
    ["1", "0.005", "0.01", 2],
    ["1", "0.0049", "0", 2],
    ["3", "0.335", "1.01", 2],
    ["1.5", "1.23", "1.85", 2], // 1.845
    ["1.5", "1.21", "1.82", 2], // 1.815
    ["2.5", "1", "3", 0],
    ["1", "1.4", "1", 0],
    ["0.000001", "0.5", "0.000001", 6],
    ["999999999999999999", "1", "999999999999999999", 2],
    ["123456789012.345678", "98765.4321", "12193263112482853.12", 2],
  ])("%s × %s is %s", (quantity, unitCost, value, scale) => {
    expect(command({ kind: "receipt", quantity, unitCost }, scale).data).toMatchObject({ value });
    // Both may be stated, however they are spelt, where they agree.
    const padded = value.includes(".") ? `0${value}` : `${value}.0`;
    if (padded.length < 19)
      expect(wrongOf({ kind: "receipt", quantity, unitCost, value: padded }, scale)).toEqual([]);
  });
});

/**
 * Goal: what passes the check is a command that the item can decide, with the numbers of the file; whatever does not has
 * a column to blame. Method: lines drawn from what is right, nearly right, and anything.
 */
test("any line is a command that an item takes or refuses, or its wrong column is named", () => {
  const digits = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String);
  const point = fc
    .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.stringMatching(/^\d{1,7}$/))
    .map(([whole, part]) => `${whole}.${part}`);
  const small = fc.tuple(fc.nat(20), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`);
  const odd = fc.oneof(digits, point, fc.constantFrom("", "0", "-0", "-1", "1e3", "NaN", "0x1"));
  const anything = fc.string({ unit: "binary", maxLength: 12 });
  const mostly = (right: fc.Arbitrary<string>, other: fc.Arbitrary<string> = anything) =>
    fc.oneof({ weight: 20, arbitrary: right }, { weight: 1, arbitrary: other });
  const one = (...right: readonly string[]) => mostly(fc.constantFrom(...right));
  /** Of a column that its kind has: mostly given. Of another: mostly not. */
  const column = (has: boolean, right: fc.Arbitrary<string>, other?: fc.Arbitrary<string>) =>
    mostly(has ? right : fc.constant(""), has ? other : fc.oneof(right, anything));
  const many = (text: string, times: number) => Array.from({ length: times }, () => text);
  const lines = one(...KINDS).chain((kind) => {
    const [isIssue, isFact] = [kind === "issue", kind === "invoice" || kind === "cost"];
    const isOf = OF_ANOTHER.includes(kind);
    const isCosted = !UNCOSTED.includes(kind) && kind !== "cost" && kind !== "count";
    const signed = fc.oneof(
      small,
      small.map((text) => `-${text}`),
    );
    return fc.record({
      kind: fc.constant(kind),
      item: one("rod"),
      date: one(...many("2026-03-01", 3), "2026-03-31", "2026-04-01", "1900-01-01"),
      time: one("", "", "12:00:00"),
      quantity: kind === "cost" ? one("") : mostly(kind === "adjustment" ? signed : small, odd),
      unitCost: column(isCosted || kind === "count", fc.oneof(small, fc.constant("")), odd),
      value: column(kind === "cost", small, odd),
      location: isFact ? one("") : one(...many("A", 4), "B", "toString"),
      to: column(kind === "transfer" || kind === "dispatch", fc.constantFrom("A", "B")),
      lot: one(...many("", 8), "L1", "__proto__"),
      purpose: column(
        isIssue || kind === "cost",
        fc.constantFrom(...(kind === "cost" ? ["rebate", "landedCost"] : ["", "sale", "other"])),
      ),
      reference: column(isIssue || isFact, fc.constantFrom("SO-1", "Köln €")),
      unit: one(...many("", 8), kind === "cost" ? "" : "box"),
      of: column(isOf, fc.constantFrom(ITS[kind] ?? "R-1", ITS[kind] ?? "R-1", "R-1", "SO-9")),
      via: column(kind === "dispatch", fc.constantFrom("road", "A")),
      approvedBy: column(kind === "unmatchedReturn", fc.constant("bob")),
      before: one(...many("", 8), "C-1"),
      project: column(kind === "pin" || kind === "unpin", fc.constant("P-1")),
      measured: one(...many("", 8), "2"),
      measuredUnit: one(...many("", 8), "kg"),
      currency: one(...many("", 8), isFact ? "USD" : ""),
      receiptRate: one(...many("", 8), isFact ? "1.1" : ""),
      documentRate: one(...many("", 8), isFact ? "1.2" : ""),
      lots: one(...many("", 12), "L1=1", "L1=1;L2=2"),
      statedCost: one(...many("", 8), isIssue ? "1.5" : ""),
    });
  });
  const scales = fc.record({ quantity: fc.nat(6), value: fc.nat(6) });
  const seen = { lines: 0, accepted: 0, refused: 0 };
  const kinds = new Set<string>();
  fc.assert(
    fc.property(lines, scales, (line, scale) => {
      const { line: good, wrong } = checkLine(line, scale.value);
      if (!good) {
        expect(wrong.length).toBeGreaterThan(0);
        for (const { column, detail } of wrong) {
          expect(COLUMNS).toContain(column);
          expect(detail).not.toBe("");
        }
        return;
      }
      seen.lines += 1;
      const asked = commandOf(good, "m-1", { ...COMPANY, valueScale: scale.value });
      if (line.kind !== "cost") expect(good.quantity).toBe(decimal(line.quantity));
      expect(valueIn(asked.data)).toBe(worthOf(line, scale.value));
      const decision = item.decide(asked, stocked(scale));
      seen[decision.ok ? "accepted" : "refused"] += 1;
      if (decision.ok) kinds.add(line.kind);
      if (!decision.ok) return;
      const [event] = decision.events;
      item.evolve(stocked(scale), event);
      for (const { quantity, value } of rowsIn(event))
        expect([quantity, value].every(isDecimalText)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
  // Else nothing was shown.
  expect(seen.lines).toBeGreaterThan(500);
  expect(seen.accepted).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(100);
  expect([...kinds].sort()).toEqual([...KINDS].sort());
});

const OF_ANOTHER = ["return", "supplierReturn", "uninvoicedReturn", "arrival", "invoice", "cost"];
const ITS: Readonly<Record<string, string>> = { return: "I-1", arrival: "D-1" };
const UNCOSTED = ["issue", "transfer", "return", "dispatch", "arrival", "count"];

function stocked(scale: { quantity: number; value: number }): Item {
  const data = {
    item: "rod",
    name: "rod",
    unit: "m",
    quantityScale: scale.quantity,
    valueScale: scale.value,
  };
  const layers = [{ quantity: decimal("100"), value: decimal("7"), receivedOn: "1900-01-01" }];
  const lies = { item: "rod", effectiveDate: "1900-01-01", time: null, lot: null, reference: null };
  const [three, twenty, location, today] = [decimal("3"), decimal("20"), "A", "2026-03-31"];
  const commands: readonly ItemCommand[] = [
    { type: "RecordOpeningStock", data: { ...lies, movement: "m-0", location, layers }, today },
    {
      type: "ReceiveGoods",
      data: { ...lies, movement: "R-1", quantity: twenty, value: three, location },
      today,
    },
    {
      type: "IssueGoods",
      data: { ...lies, movement: "I-1", quantity: twenty, location, purpose: "sale", reference: "SO-9" },
      today,
    },
    {
      type: "PinGoods",
      data: { ...lies, movement: "P-1", quantity: twenty, location, project: "P-1" },
      today,
    },
    {
      type: "DispatchGoods",
      data: { ...lies, movement: "D-1", quantity: twenty, from: "A", via: "road", to: "B" },
      today,
    },
  ];
  let state = item.evolve(item.initial, { type: "ItemRegistered", data: { ...data, costBy: "fifo" } });
  for (const command of commands) {
    const decision = item.decide(command, state);
    if (decision.ok) state = decision.events.reduce(item.evolve, state);
  }
  return state;
}

const rowsIn = ({ data }: ItemEvent) => ("rows" in data ? data.rows : []);

function valueIn(data: ReturnType<typeof commandOf>["data"]): DecimalText | null {
  if ("layers" in data) return data.layers[0]?.value ?? null;
  if ("foreign" in data && data.foreign) return data.foreign.amount;
  const { value, credit, amount } = data as Partial<
    Record<"value" | "credit" | "amount", DecimalText | null>
  >;
  return value ?? credit ?? amount ?? null;
}

/** By whole numbers: scaled up until nothing is behind the point, then rounded by hand. */
function worthOf({ kind, quantity, unitCost, value }: RawLine, scale: number): DecimalText | null {
  if (UNCOSTED.includes(kind)) return null;
  if (value !== "") return decimal(value);
  if (unitCost === "") return null;
  const product = micro(quantity) * micro(unitCost); // by 10 ** 12
  const unit = 10n ** BigInt(12 - scale);
  const rounded = (product + unit / 2n) / unit;
  const text = `${rounded}`.padStart(scale + 1, "0");
  return decimal(scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`);
}

function micro(text: string): bigint {
  const [whole = "", part = ""] = text.split(".");
  return BigInt(`${whole}${part.padEnd(6, "0")}`);
}
