import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { inOwnUnit } from "../../../domain/inventory/other-units.ts";
import { specOf } from "../../support/given.ts";
import { counted, written } from "../../support/histories.ts";
import { CountStock, ShortIssue } from "../../support/moves.ts";
import { on } from "../../support/recorded.ts";
import {
  d,
  eventOf,
  IssueGoods,
  ReceiveGoods,
  RecordOpeningStock,
  registered,
  rod,
  today,
} from "../../support/rod.ts";

const given = specOf(item);
const define = (unit: string, quantity: string, equals: string): ItemCommand => ({
  type: "DefineUnit",
  data: { item: "rod", unit, quantity: d(quantity), equals: d(equals) },
  today,
});
const defined = (unit: string, quantity: string, equals: string): ItemEvent => ({
  type: "ItemUnitDefined",
  data: { item: "rod", unit, quantity: d(quantity), equals: d(equals) },
});
const measured = (of: string, quantity: string, unit: string): ItemEvent => ({
  type: "QuantityMeasured",
  data: { item: "rod", of, quantity: d(quantity), unit },
});
const boxes = (command: ItemCommand): ItemCommand => ({ ...command, unit: "box" });
const box = defined("box", "1", "12");

describe("a unit", () => {
  test("is so many of the item's own, for ever", () => {
    given(registered)
      .when(define("box", "1", "12"))
      .accepted(box);
    given(registered, box)
      .when(define("box", "1", "10"))
      .refused({ name: "UnitAlreadyDefined", unit: "box", quantity: d("1"), equals: d("12") });
    given(registered)
      .when(define(rod.unit, "1", "1"))
      .refused({ name: "UnitIsTheItemsOwn", unit: rod.unit });
  });

  test("that is not defined names those that are", () =>
    given(registered, box)
      .when({ ...ReceiveGoods("R", "2", "20", on(1)), unit: "pallet" })
      .refused({ name: "UnitNotDefined", unit: "pallet", defined: [rod.unit, "box"] }));
});

describe("what is said in it", () => {
  const R = ReceiveGoods("R", "2", "20", on(1));
  const own = ReceiveGoods("R", "24", "20", on(1));

  test("is recorded in the item's own, and as it was said", () => {
    given(registered, box)
      .when(boxes(R))
      .accepted(measured("R", "2", "box"), eventOf(own, ["R", "A", "24", "20"]));
    given(registered, box)
      .when({ ...own, unit: rod.unit })
      .accepted(eventOf(own, ["R", "A", "24", "20"]));
  });

  test("is refused where it does not land on the item's scale, never rounded", () => {
    const roll = defined("roll", "3", "100");
    given(registered, roll)
      .when({ ...ReceiveGoods("R", "1.5", "20", on(1)), unit: "roll" })
      .accepted(
        measured("R", "1.5", "roll"),
        eventOf(ReceiveGoods("R", "50", "20", on(1)), ["R", "A", "50", "20"]),
      );
    given(registered, roll)
      .when({ ...ReceiveGoods("R", "1", "20", on(1)), unit: "roll" })
      .refused({
        ...{ name: "QuantityOffScale", quantity: d("1"), unit: "roll", scale: 1 },
        factor: { quantity: d("3"), equals: d("100") },
      });
  });

  test("is refused where it has more digits than the log holds", () =>
    given(registered, box)
      .when(boxes(ReceiveGoods("R", "999999999999999999", "1", on(1))))
      .refused({ name: "ValueOutOfRange", digitsMax: 18 }));

  test("or both were measured: both are kept, whatever the factor", () =>
    given(registered)
      .when({ ...own, measured: { quantity: d("2.03"), unit: "box" } })
      .accepted(measured("R", "2.03", "box"), eventOf(own, ["R", "A", "24", "20"])));

  test("may be layers, what was counted, what a unit costs, and an invoice's", () => {
    const opening = RecordOpeningStock(
      "O",
      [
        ["1", "10"],
        ["2", "30"],
      ],
      on(1),
    );
    const openingOwn = RecordOpeningStock(
      "O",
      [
        ["12", "10"],
        ["24", "30"],
      ],
      on(1),
    );
    given(registered, box)
      .when(boxes(opening))
      .accepted(
        measured("O", "3", "box"),
        eventOf(openingOwn, ["O", "A", "12", "10"], ["O/O/2", "A", "24", "30"]),
      );
    const before = [registered, box, eventOf(own, ["R", "A", "24", "20"])] as const;
    given(...before)
      .when(boxes(CountStock("C", "3", ["1", "12"], on(2))))
      .accepted(measured("C", "3", "box"), {
        type: "StockCounted",
        data: {
          ...{
            item: "rod",
            movement: "C",
            effectiveDate: "2026-03-02",
            time: null,
            lot: null,
            location: "A",
          },
          ...{
            counted: d("36"),
            unitCost: { quantity: d("12"), value: d("12") },
            stocktake: null,
            reference: null,
          },
          rows: [
            { movement: "C", layer: "C", area: "A", date: "2026-03-02", quantity: d("12"), value: d("12") },
          ],
        },
      });
    const invoice: ItemCommand = {
      type: "InvoiceReceipt",
      data: {
        ...{
          item: "rod",
          fact: "F",
          receipt: "R",
          documentDate: "2026-03-02",
          reference: "INV",
          quantity: d("2"),
        },
        ...{ amount: d("20"), foreign: null, exchangeDifference: d("0") },
      },
      today,
    };
    given(...before)
      .when(boxes(invoice))
      .accepted(measured("F", "2", "box"), {
        type: "ReceiptInvoiced",
        data: { ...invoice.data, quantity: d("24") },
      } as ItemEvent);
  });

  test("a cost that is stated for what is short is in it, too", () =>
    given(registered, box)
      .when(boxes(ShortIssue("I", "1", ["1", "24"], on(1))))
      .accepted(measured("I", "1", "box"), {
        type: "GoodsIssuedAllowingShort",
        data: {
          ...{
            item: "rod",
            movement: "I",
            effectiveDate: "2026-03-01",
            time: null,
            lot: null,
            location: "A",
          },
          ...{ quantity: d("12"), purpose: "sale", reference: "SO-1" },
          statedCost: { quantity: d("12"), value: d("24") },
          rows: [
            { movement: "I", layer: "I", area: "A", date: "2026-03-01", quantity: d("-12"), value: d("-24") },
          ],
        },
      } as ItemEvent));

  test("what is refused is refused in the item's own", () =>
    given(registered, box)
      .when(boxes(IssueGoods("I", "1", on(1))))
      .refused({
        name: "InsufficientStock",
        location: "A",
        onHand: d("0"),
        reserved: d("0"),
        requested: d("12"),
      }));
});

/**
 * Goal: a conversion is exact, or there is none.
 * Method: cross-multiplied by plain integers at six decimals: own × quantity = said × equals; and there is none only where no
 * figure of the scale has that product.
 */
test("own × factor's quantity = said × what it equals, or nothing", () => {
  const figure = fc.bigInt({ min: 1n, max: 10n ** 12n }).map((steps) => written(steps, 6));
  const round = fc.constantFrom("1", "2", "3", "12", "0.5", "100", "0.0254").map(d);
  const some = fc.oneof(round, figure);
  let landed = 0;
  fc.assert(
    fc.property(some, some, some, fc.nat(6), (said, quantity, equals, scale) => {
      const own = inOwnUnit(said, { quantity, equals }, scale);
      const [saidSteps, per, each] = [said, quantity, equals].map((text) => counted(text, 6)) as [
        bigint,
        bigint,
        bigint,
      ];
      if (own !== undefined) {
        landed += 1;
        expect(counted(own, 6) * per).toBe(saidSteps * each);
        expect((own.split(".")[1] ?? "").length).toBeLessThanOrEqual(scale);
      } else {
        // The nearest figures of the scale miss it, on both sides.
        const below = ((saidSteps * each) / (per * 10n ** BigInt(6 - scale))) * 10n ** BigInt(6 - scale);
        expect(below * per).toBeLessThan(saidSteps * each);
        expect((below + 10n ** BigInt(6 - scale)) * per).toBeGreaterThan(saidSteps * each);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(landed).toBeGreaterThan(100);
});
