import { describe, expect, test } from "vitest";
import { Cancel, CountStock, open, ShortIssue } from "../../support/moves.ts";
import { on, recorded, recordedIn, recosted } from "../../support/recorded.ts";
import { byLot, IssueGoods, ReceiveGoods, TransferGoods } from "../../support/rod.ts";

const R1 = ReceiveGoods("R1", "10", "100", on(1));
const R2 = ReceiveGoods("R2", "10", "200", on(2));
const counted = (n: string, but: object = {}) => CountStock("C", n, null, { ...on(10), ...but });

/** COSTING §10. */
describe("a count is absolute", () => {
  test("less than the book: a draw, oldest first; more: a layer at the cost of the one last in place", () => {
    expect(recorded(R1, R2, counted("13")).layers()).toEqual([
      ["R1 A", 3, 30],
      ["R2 A", 10, 200],
    ]);
    expect(recorded(R1, R2, counted("21.5")).layers()).toEqual([
      ["R1 A", 10, 100],
      ["R2 A", 10, 200],
      ["C A", 1.5, 30],
    ]);
  });

  test("as the book: no rows, and yet it stands", () => {
    expect(recorded(R1, R2).answer(counted("20"))).toMatchObject({
      events: [{ type: "StockCounted", data: { unitCost: { quantity: "10", value: "200" }, rows: [] } }],
    });
    expect(recorded(R1, R2, counted("20"), ReceiveGoods("R0", "1", "9", on(3))).cost("C")).toEqual([-1, -10]);
  });

  test("with no layer to go by the cost is stated, surplus or not", () => {
    expect(recorded().answer(counted("0"))).toStrictEqual({
      refusal: { name: "NoLayerToValueSurplus", location: "A" },
    });
    expect(recorded(CountStock("C", "3", ["2", "5"], on(10))).layers()).toEqual([["C A", 3, 7.5]]);
  });

  test("a surplus worth more digits than the log holds is refused, and so is a late fact that makes it one", () => {
    const refusal = { name: "ValueOutOfRange", digitsMax: 18 };
    const dear = CountStock("C", "1000", ["1", "99999999999999999"], on(10));
    expect(recorded().answer(dear)).toStrictEqual({ refusal });
    const book = recorded(
      ReceiveGoods("R", "1000", "1", on(1)),
      CountStock("C", "1000", ["1", "99999999999999999"], on(10)),
    );
    expect(book.answer(IssueGoods("I", "900", on(5)))).toStrictEqual({ refusal });
  });

  test("of a deficit: it is settled", () =>
    expect(
      recorded(R1, ShortIssue("I", "12", null, on(3)), CountStock("C", "5", ["1", "11"], on(10))).layers(),
    ).toEqual([["C A", 5, 55]]));

  test("by lot, each lot is counted for itself", () => {
    const lot = (name: string) => ({ ...on(1), lot: name });
    const book = recordedIn(
      byLot,
      ReceiveGoods("R1", "5", "50", lot("L1")),
      ReceiveGoods("R2", "5", "60", lot("L2")),
    );
    const after = book.and(CountStock("C", "4", null, { ...on(10), lot: "L2" }));
    expect(after.layers()).toEqual([
      ["R1 A", 5, 50],
      ["R2 A", 4, 48],
    ]);
  });
});

describe("what comes later but was before the count changes its variance", () => {
  const book = recorded(R1, R2, counted("13"));

  test("an earlier day: the count still holds, rows say so", () => {
    const late = ReceiveGoods("R0", "4", "60", on(3));
    expect(book.answer(late)).toMatchObject({
      events: [
        { type: "GoodsReceived" },
        recosted("R0", [
          ["C", 10, "R1", "A", "-3", "-30"],
          ["C", 10, "R2", "A", "-1", "-20"],
        ]),
      ],
    });
    expect(book.and(late).layers()).toEqual([
      ["R2 A", 9, 180],
      ["R0 A", 4, 60],
    ]);
  });

  test("a variance may turn: what was lacking is found", () => {
    const after = book.and(IssueGoods("I", "12", on(4)));
    expect(after.layers()).toEqual([
      ["R2 A", 8, 160],
      ["C A", 5, 100],
    ]);
  });

  test("the same day comes after it, whatever phase or time, unless it names the count", () => {
    const early = { ...on(10), time: "06:00:00" };
    expect(book.and(ReceiveGoods("R3", "2", "30", early)).cost("C")).toEqual([-7, -70]);
    const named = { ...ReceiveGoods("R3", "2", "30", on(10)), before: "C" };
    expect(book.and(named).cost("C")).toEqual([-9, -90]);
    // Of another location it is not cut.
    expect(book.and(ReceiveGoods("R3", "2", "30", { ...early, location: "B" })).cost("C")).toEqual([-7, -70]);
    const issue = { ...IssueGoods("I", "1", on(10)), before: "C" };
    expect(
      book
        .and(issue)
        .and(named)
        .and({ ...TransferGoods("T", "2", "A", "B", on(10)), before: "C" })
        .cost("C"),
    ).toEqual([-6, -60]);
  });

  test("the event that says so comes first, and the command is recalled from both", () => {
    const named = { ...ReceiveGoods("R3", "2", "30", on(10)), before: "C" };
    expect(book.answer(named)).toMatchObject({
      events: [
        { type: "MovementPlacedBefore", data: { item: "rod", movement: "R3", count: "C" } },
        { type: "GoodsReceived" },
        { type: "MovementsRecosted" },
      ],
    });
  });

  test("a count that is not there, of another day or place can't be named", () => {
    for (const named of [
      { ...ReceiveGoods("R3", "2", "30", on(10)), before: "D" },
      { ...ReceiveGoods("R3", "2", "30", on(9)), before: "C" },
      { ...ReceiveGoods("R3", "2", "30", { ...on(10), location: "B" }), before: "C" },
    ])
      expect(book.answer(named)).toStrictEqual({ refusal: { name: "CountNotFound", count: named.before } });
  });

  test("two counts of a day: the later recorded is the later one", () => {
    const twice = book.and(CountStock("C2", "12", null, { ...on(10), time: "01:00:00" }));
    expect(twice.cost("C2")).toEqual([-1, -10]);
    const between = { ...ReceiveGoods("R3", "2", "30", on(10)), before: "C2" };
    expect(twice.and(between).cost("C2")).toEqual([-3, -30]);
  });
});

describe("what a count takes", () => {
  test("is not there for a movement after it, which is named", () =>
    expect(recorded(R1, R2, IssueGoods("I", "15", on(12))).answer(counted("13"))).toStrictEqual({
      refusal: {
        ...{ name: "InsufficientStock", location: "A", onHand: "13", reserved: "0", requested: "15" },
        leavesShort: { movement: "I", effectiveDate: "2026-03-12" },
      },
    }));

  test("is given back when it is cancelled; in closed time it stands", () => {
    expect(recorded(R1, R2, counted("13"), Cancel("X", "C")).layers()).toEqual([
      ["R1 A", 10, 100],
      ["R2 A", 10, 200],
    ]);
    expect(
      recorded(R1, R2, counted("13")).answer(Cancel("X", "C", { openFrom: "2026-03-11" })),
    ).toStrictEqual({
      refusal: { name: "CountClosed", movement: "C" },
    });
    // And holds there, whatever comes after.
    const closed = recorded(R1, R2, counted("13")).and(
      open(ReceiveGoods("R9", "1", "5", on(20)), "2026-03-11"),
    );
    expect(closed.cost("C")).toEqual([-7, -70]);
  });
});

describe("a count that is cancelled cuts no more", () => {
  const R = ReceiveGoods("R3", "2", "30", { ...on(10), time: "06:00:00" });
  const I = IssueGoods("I", "11", { ...on(10), time: "12:00:00" });

  test("what came after it only because of it finds its own place again", () => {
    // Behind the count the receipt comes after the issue, and is not there for it.
    const book = recorded(
      R1,
      ReceiveGoods("R2", "1", "20", on(2)),
      I,
      CountStock("C", "0", ["1", "9"], on(10)),
      R,
    );
    expect(book.cost("I")).toEqual([-11, -120]);
    const without = book.and(Cancel("X", "C"));
    expect(without.layers()).toEqual([["R3 A", 2, 30]]);
  });

  test("also with another count of that day, before it or after it", () => {
    const twice = recorded(R1, counted("8"), CountStock("C2", "7", null, on(10)), R);
    expect(twice.and(Cancel("X", "C")).cost("C2")).toEqual([-3, -30]);
    expect(twice.and(Cancel("X", "C2")).layers()).toEqual([
      ["R1 A", 8, 80],
      ["R3 A", 2, 30],
    ]);
    expect(twice.and(Cancel("X", "C2"), Cancel("Y", "C")).layers()).toEqual([
      ["R1 A", 10, 100],
      ["R3 A", 2, 30],
    ]);
  });
});
