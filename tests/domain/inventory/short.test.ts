import { describe, expect, test } from "vitest";
import { ShortIssue, UnmatchedReturn } from "../../support/moves.ts";
import { on, recorded, recosted } from "../../support/recorded.ts";
import {
  AddReceiptCost,
  AdjustStock,
  IssueGoods,
  ReceiveGoods,
  ReturnGoods,
  TransferGoods,
} from "../../support/rod.ts";

const L1 = ReceiveGoods("L1", "10", "100", on(1));
const L2 = ReceiveGoods("L2", "10", "150", on(2));
const L3 = ReceiveGoods("L3", "10", "200", on(5));
const sold = ShortIssue("I", "30", null, on(4));

/** COSTING §11. */
describe("where a location allows it, an issue takes what is not there", () => {
  test("at the cost of what came last, until the next inbound settles it", () => {
    const before = recorded(L1, L2, sold);
    expect(before.layers()).toEqual([["I A", -10, -150]]);
    expect(before.cost("I")).toEqual([-30, -400]);
    const after = before.and(L3);
    expect(after.layers()).toEqual([]);
    expect(after.cost("I")).toEqual([-30, -450]);
  });

  test("what settles it is of the issue, on the day that it came", () =>
    expect(recorded(L1, L2, sold).answer(L3)).toMatchObject({
      events: [
        { type: "GoodsReceived" },
        recosted("L3", [
          ["I", 5, "I", "A", "10", "150"],
          ["I", 5, "L3", "A", "-10", "-200"],
        ]),
      ],
    }));

  test("the oldest deficit first, in part; what is left stays short", () => {
    const twice = recorded(L1, ShortIssue("I", "15", null, on(2)), ShortIssue("J", "5", null, on(3)));
    expect(twice.layers()).toEqual([
      ["I A", -5, -50],
      ["J A", -5, -50],
    ]);
    const after = twice.and(ReceiveGoods("L2", "7", "105", on(4)));
    expect(after.layers()).toEqual([["J A", -3, -30]]);
    expect(after.cost("I")).toEqual([-15, -175]);
    expect(after.and(ReceiveGoods("L4", "10", "200", on(5))).layers()).toEqual([["L4 A", 7, 140]]);
  });

  test("whatever comes settles it: a transfer, a return, a surplus", () => {
    const elsewhere = ReceiveGoods("B1", "9", "45", { ...on(1), location: "B" });
    const short = recorded(elsewhere, L1, ShortIssue("I", "19", null, on(2)));
    expect(short.layers()).toEqual([
      ["B1 B", 9, 45],
      ["I A", -9, -90],
    ]);
    const after = short
      .and(TransferGoods("T", "4", "B", "A", on(3)))
      .and(UnmatchedReturn("U", "3", "6", on(4)))
      .and(AdjustStock("F", "2.5", "1", on(5)));
    expect(after.layers()).toEqual([
      ["B1 B", 5, 25],
      ["F A", 0.5, 0.2],
    ]);
    expect(after.cost("I")).toEqual([-19, -126.8]);
  });

  test("a late fact changes what it costs, before and after", () => {
    expect(recorded(L1, L2, sold, AddReceiptCost("C", "L2", "50")).layers()).toEqual([["I A", -10, -200]]);
    const settled = recorded(L1, L2, sold, L3);
    expect(settled.and(AddReceiptCost("C", "L2", "50")).cost("I")).toEqual([-30, -500]);
    // Another delivery before it: less is short, and L3 is left in part.
    const after = settled.and(ReceiveGoods("L0", "6", "60", on(3)));
    expect(after.layers()).toEqual([["L3 A", 6, 120]]);
    expect(after.cost("I")).toEqual([-30, -390]);
  });

  test("without any inbound there the item's last tells the cost, else what is stated, else it is refused", () => {
    const other = ReceiveGoods("B1", "1", "7", { ...on(1), location: "B" });
    expect(recorded(other, ShortIssue("I", "2", ["1", "99"], on(2))).cost("I")).toEqual([-2, -14]);
    expect(recorded(other, ShortIssue("I", "2", ["1", "99"], on(2))).layers()).toContainEqual([
      "I A",
      -2,
      -14,
    ]);
    expect(recorded(ShortIssue("I", "2", ["3", "10"], on(2))).layers()).toEqual([["I A", -2, -6.67]]);
    expect(recorded().answer(ShortIssue("I", "2", null, on(2)))).toStrictEqual({
      refusal: { name: "NoCostToGoShortAt", location: "A" },
    });
  });

  test("nothing else takes what is not there", () => {
    const short = recorded(L1, ShortIssue("I", "12", null, on(2)));
    for (const taking of [
      IssueGoods("J", "1", on(3)),
      TransferGoods("T", "1", "A", "B", on(3)),
      AdjustStock("Z", "-1", null, on(3)),
    ])
      expect(short.answer(taking)).toStrictEqual({
        refusal: { name: "InsufficientStock", location: "A", onHand: "-2", reserved: "0", requested: "1" },
      });
    expect(short.answer(AdjustStock("F", "1", null, on(3)))).toStrictEqual({
      refusal: { name: "NoLayerToValueSurplus", location: "A" },
    });
  });
});

describe("what comes back of an issue that is short", () => {
  const short = recorded(L1, ShortIssue("I", "12", null, on(2)));

  test("first takes back what it lacks, then its draws, last drawn first", () => {
    const one = short.and(ReturnGoods("X", "I", "1", on(3)));
    expect(one.layers()).toEqual([["I A", -1, -10]]);
    const more = one.and(ReturnGoods("Y", "I", "4", on(4)));
    expect(more.layers()).toEqual([["Y/L1 A", 3, 30]]);
    expect(more.answer(ReturnGoods("Z", "I", "8", on(5)))).toHaveProperty("refusal");
    const settled = short.and(L3).and(ReturnGoods("X", "I", "3", on(6)));
    // Two were settled from L3, at 20 each.
    expect(settled.layers()).toEqual([
      ["L3 A", 8, 160],
      ["X/L3 A", 2, 40],
      ["X/L1 A", 1, 10],
    ]);
  });

  test("later returns go by what came back of the draws, not of what was lacking", () => {
    const dearer = ReceiveGoods("L2", "5", "100", on(2));
    const book = recorded(L1, dearer, ShortIssue("I", "17", null, on(3)), ReturnGoods("X", "I", "2", on(4)));
    expect(book.layers()).toEqual([]);
    expect(book.and(ReturnGoods("Y", "I", "5", on(5))).layers()).toEqual([["Y/L2 A", 5, 100]]);
  });

  test("comes back where it lacks, and nowhere else", () => {
    const elsewhere = ReturnGoods("X", "I", "1", { ...on(3), location: "B" });
    expect(short.answer(elsewhere)).toStrictEqual({
      refusal: { name: "IssueIsShort", issue: "I", location: "A" },
    });
    expect(short.and(L3).answer(ReturnGoods("X", "I", "1", { ...on(6), location: "B" }))).toHaveProperty(
      "events",
    );
  });
});
