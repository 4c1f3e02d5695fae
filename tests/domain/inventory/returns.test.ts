import { describe, expect, test } from "vitest";
import { on, recorded, recordedIn, recosted } from "../../support/recorded.ts";
import {
  AddReceiptCost,
  byLot,
  eventOf,
  IssueGoods,
  ReceiveGoods,
  ReturnGoods,
  TransferGoods,
} from "../../support/rod.ts";

const R1 = ReceiveGoods("R1", "10", "100", on(1));
const R2 = ReceiveGoods("R2", "10", "200", on(2));
const sold = IssueGoods("I", "15", on(4));

/** COSTING §8 and the worked cases of the accounting facts. */
describe("goods that come back", () => {
  test("are those drawn last, at what they cost", () => {
    const back = ReturnGoods("B", "I", "5", on(5));
    expect(recorded(R1, R2, sold).cost("I")).toEqual([-15, -200]);
    expect(recorded(R1, R2, sold).answer(back)).toStrictEqual({
      events: [eventOf(back, ["B/R2", "A", "5", "100"])],
    });
  });

  test("and those drawn before them after that, each a layer of its own", () => {
    const back = ReturnGoods("B", "I", "12", { ...on(5), location: "C" });
    expect(recorded(R1, R2, sold).answer(back)).toStrictEqual({
      events: [eventOf(back, ["B/R2", "C", "5", "100"], ["B/R1", "C", "7", "70"])],
    });
  });

  test("come after what was received meanwhile: 20 on hand, worth 300", () => {
    const moves = [R1, IssueGoods("I", "10", on(2)), ReceiveGoods("R3", "10", "200", on(3))];
    const after = recorded(...moves, ReturnGoods("B", "I", "10", on(4)));
    expect(after.layers()).toEqual([
      ["R3 A", 10, 200],
      ["B/R1 A", 10, 100],
    ]);
    const again = IssueGoods("J", "11", on(5));
    expect(after.answer(again)).toStrictEqual({
      events: [eventOf(again, ["R3", "A", "-10", "-200"], ["B/R1", "A", "-1", "-10"])],
    });
  });

  test("in several returns come to what went out, to the cent", () => {
    const moves = [ReceiveGoods("R", "3", "100", on(1)), IssueGoods("I", "3", on(2))];
    const backs = ["B1", "B2", "B3"].map((name, n) => ReturnGoods(name, "I", "1", on(3 + n)));
    const after = recorded(...moves, ...backs);
    expect(backs.map(({ data }) => after.cost(data.movement)[1])).toEqual([33.33, 33.34, 33.33]);
    expect(after.answer(ReturnGoods("B4", "I", "0.1", on(6)))).toStrictEqual({
      refusal: { name: "ReturnedMoreThanIssued", issued: "3", returned: "3", quantity: "0.1" },
    });
  });

  test("have the issue's present cost, and follow it from then on, wherever they are", () => {
    const chain = [
      ReceiveGoods("R", "100", "1000", on(1)),
      IssueGoods("S", "40", on(2)),
      AddReceiptCost("LC", "R", "250"),
      ReturnGoods("B", "S", "10", on(3)),
      TransferGoods("T", "65", "A", "C", on(4)),
    ];
    // Facts on accounting, posting 6: the original cost, adjustments included.
    expect(recorded(...chain).cost("B")).toEqual([10, 125]);
    const more = recorded(...chain, AddReceiptCost("LC2", "R", "100"));
    expect(more.cost("B")).toEqual([10, 135]);
    expect(more.layers()).toEqual([
      ["B/R A", 5, 67.5],
      ["T/R C", 60, 810],
      ["T/R/2 C", 5, 67.5],
    ]);
  });

  test("cost what the issue costs when other goods turn out to be what it took", () => {
    const late = ReceiveGoods("R0", "5", "5", on(1, { time: "08:00:00" }));
    const before = recorded(R1, R2, sold, ReturnGoods("B", "I", "5", on(5)));
    expect(before.answer(late)).toStrictEqual({
      events: [
        eventOf(late, ["R0", "A", "5", "5"]),
        recosted("R0", [
          ["I", 4, "R2", "A", "5", "100"],
          ["I", 4, "R0", "A", "-5", "-5"],
          ["B", 5, "B/R2", "A", "-5", "-100"],
          ["B", 5, "B/R1", "A", "5", "50"],
        ]),
      ],
    });
  });
});

describe("what can't come back", () => {
  test("of no issue, or before it went out", () => {
    const of = recorded(R1, R2, sold);
    expect(of.answer(ReturnGoods("B", "R1", "1", on(5)))).toStrictEqual({
      refusal: { name: "IssueNotFound", issue: "R1" },
    });
    expect(of.answer(ReturnGoods("B", "I", "1", on(3)))).toStrictEqual({
      refusal: { name: "ReturnBeforeIssue", effectiveDate: "2026-03-03", issued: "2026-03-04" },
    });
  });

  test("on the day of its issue it stands right after it, whatever its time", () => {
    const noon = IssueGoods("I", "15", on(4, { time: "12:00:00" }));
    const later = IssueGoods("J", "10", on(4, { time: "13:00:00" }));
    const back = ReturnGoods("B", "I", "5", on(4, { time: "08:00:00" }));
    expect(recorded(R1, R2, noon, back).answer(later)).toStrictEqual({
      events: [eventOf(later, ["R2", "A", "-5", "-100"], ["B/R2", "A", "-5", "-100"])],
    });
    // Nor is it there before its issue, for whoever asks between its own time and that.
    const away = ReturnGoods("B", "I", "5", { ...on(4, { time: "08:00:00" }), location: "C" });
    const between = IssueGoods("K", "1", { ...on(4, { time: "09:00:00" }), location: "C" });
    expect(recorded(R1, R2, noon, away).answer(between)).toHaveProperty("refusal.name", "InsufficientStock");
    // What was recorded before it, and stands after it, is not lent anything that has not come back by then.
    expect(recorded(R1, R2, noon).answer(later)).toHaveProperty("refusal");
  });
});

/** Seed 805641288 of "two orders of arrival": of no worth, it is another draw all the same that came back. */
test("a return that brings back another draw than before is told so, though nothing else of it has changed", () => {
  const open = ReceiveGoods("O", "20", "0", on(2));
  const moved = [
    TransferGoods("T", "10", "A", "C", on(3)),
    IssueGoods("I", "7", { ...on(4), location: "C" }),
  ];
  const late = ReceiveGoods("R", "6", "0", on(1));
  const [first, then] = [ReturnGoods("B1", "I", "1", on(5)), ReturnGoods("B2", "I", "1", on(6))];
  const there = ["B1", "B2"].map((name) => [`${name}/${name === "B1" ? "O" : "R"} A`, 1, 0]);
  for (const moves of [
    [open, ...moved, first, late, then],
    [late, open, ...moved, first, then],
  ]) {
    const layers = recorded(...moves).layers();
    expect(layers).toContainEqual(there[0]);
    expect(layers).toContainEqual(there[1]);
  }
});

test("what comes back is of the lot that went out", () => {
  const lot = { lot: "L1" };
  const moves = [ReceiveGoods("R", "5", "50", on(1, lot)), IssueGoods("I", "5", on(2, lot))];
  const back = ReturnGoods("B", "I", "2", on(3));
  const asked = { ...back, data: { ...back.data, lot: "L1" } };
  expect(recordedIn(byLot, ...moves).answer(back)).toStrictEqual({
    events: [eventOf(asked, ["B/R", "A", "2", "20"])],
  });
});
