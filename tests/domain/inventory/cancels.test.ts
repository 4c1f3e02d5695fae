import { describe, expect, test } from "vitest";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { Cancel, Dispatch } from "../../support/moves.ts";
import { on, recorded, recosted } from "../../support/recorded.ts";
import {
  AddReceiptCost,
  AdjustStock,
  IssueGoods,
  ReceiveGoods,
  RecordOpeningStock,
  ReturnGoods,
  TransferGoods,
  today,
} from "../../support/rod.ts";

const Uncost = (fact: string, cancelled: string): ItemCommand => ({
  type: "CancelValueFact",
  data: { item: "rod", fact, cancelled, documentDate: "2026-03-30", reference: "x" },
  today,
});
const eventOf = ({ data }: ItemCommand) => ({ type: "MovementCancelled", data });

const R1 = ReceiveGoods("R1", "10", "100", on(1));
const R2 = ReceiveGoods("R2", "10", "200", on(2));
const sold = IssueGoods("I", "12", on(4));
const few = IssueGoods("I", "5", on(4));

/** COSTING §9. */
describe("in open time it is as if it had never been", () => {
  test("a receipt: its rows are reversed on its day, and others cost what they would have", () => {
    const twice = ReceiveGoods("R0", "10", "90", on(1, { time: "08:00:00" }));
    const cancel = Cancel("X", "R0");
    expect(recorded(twice, R1, R2, sold).cost("I")).toEqual([-12, -110]);
    expect(recorded(twice, R1, R2, sold).answer(cancel)).toStrictEqual({
      events: [
        eventOf(cancel),
        recosted("X", [
          ["R0", 1, "R0", "A", "-10", "-90"],
          ["I", 4, "R0", "A", "10", "90"],
          ["I", 4, "R1", "A", "-8", "-80"],
          ["I", 4, "R2", "A", "-2", "-40"],
        ]),
      ],
    });
    expect(recorded(twice, R1, R2, sold, cancel).layers()).toEqual([["R2 A", 8, 160]]);
  });

  test("an issue gives back what it took", () => {
    const after = recorded(R1, R2, sold, IssueGoods("J", "5", on(5)), Cancel("X", "I"));
    expect(after.cost("I")).toEqual([0, 0]);
    expect(after.cost("J")).toEqual([-5, -50]);
    expect(after.answer(IssueGoods("K", "15", on(6)))).toHaveProperty("events");
  });

  test("a transfer, a return, an adjustment: whatever moved", () => {
    const moves = [R1, few, TransferGoods("T", "5", "A", "B", on(5)), ReturnGoods("B", "I", "5", on(6))];
    const after = recorded(...moves, Cancel("X", "T"), Cancel("Y", "B"));
    expect(after.layers()).toEqual([["R1 A", 5, 50]]);
    // What was cancelled has not come back: all of it may.
    expect(after.answer(ReturnGoods("C", "I", "5", on(6)))).toHaveProperty("events");
  });
});

describe("what can't be cancelled", () => {
  test("twice, or what there is not", () => {
    const after = recorded(R1, R2, Cancel("X", "R1"));
    expect(after.answer(Cancel("Y", "R1"))).toStrictEqual({
      refusal: { name: "MovementAlreadyCancelled", movement: "R1" },
    });
    expect(after.answer(Cancel("Y", "none"))).toStrictEqual({
      refusal: { name: "MovementNotFound", movement: "none" },
    });
    // Nor does it bear a bill, or come back.
    expect(after.answer(AddReceiptCost("LC", "R1", "1"))).toStrictEqual({
      refusal: { name: "ReceiptNotFound", receipt: "R1" },
    });
  });

  test("what a later movement needs, which is named", () =>
    expect(recorded(R1, R2, sold).answer(Cancel("X", "R2"))).toStrictEqual({
      refusal: {
        ...{ name: "InsufficientStock", location: "A", onHand: "10", reserved: "0", requested: "12" },
        leavesShort: { movement: "I", effectiveDate: "2026-03-04" },
      },
    }));

  test("what others depend on, until they are cancelled themselves", () => {
    const moves = [R1, R2, sold, ReturnGoods("B", "I", "2", on(5)), AddReceiptCost("LC", "R2", "7")];
    const before = recorded(...moves);
    expect(before.answer(Cancel("X", "I"))).toStrictEqual({
      refusal: { name: "OthersDependOnMovement", movement: "I", dependents: ["B"] },
    });
    expect(before.answer(Cancel("X", "R2"))).toStrictEqual({
      refusal: { name: "OthersDependOnMovement", movement: "R2", dependents: ["LC"] },
    });
    const after = recorded(
      ...moves,
      Cancel("X", "B"),
      Uncost("Y", "LC"),
      Cancel("Z", "I"),
      Cancel("W", "R2"),
    );
    expect(after.layers()).toEqual([["R1 A", 10, 100]]);
  });
});

const open = "2026-03-10";
const undo = (cancelled: string, but: object = {}) => Cancel("X", cancelled, { openFrom: open, ...but });
const late = (command: ItemCommand): ItemCommand => ({ ...command, openFrom: open });

describe("what is closed is undone on an open day, by a movement of its own", () => {
  test("an issue comes back, at what it costs by then", () => {
    const book = recorded(R1, R2, sold, AddReceiptCost("C", "R1", "50"));
    expect(book.answer(undo("I", { compensateOn: "2026-03-12" }))).toMatchObject({
      events: [
        {
          type: "MovementCompensated",
          data: {
            ...{ movement: "X", compensated: "I", effectiveDate: "2026-03-12", location: "A", to: null },
            ...{ quantity: "12", reference: "typed twice" },
          },
        },
      ],
    });
    expect(book.and(undo("I")).layers()).toEqual([
      ["R2 A", 8, 160],
      ["X/R2 A", 2, 40],
      ["X/R1 A", 10, 150],
    ]);
  });

  test("and follows its cost, whatever is learnt later", () =>
    expect(recorded(R1, R2, sold, undo("I"), late(AddReceiptCost("C", "R1", "50"))).layers()).toContainEqual([
      "X/R1 A",
      10,
      150,
    ]));

  test("a receipt is taken back, its own units first, wherever they came by; the rest is FIFO", () => {
    const twice = recorded(R1, R2, TransferGoods("T", "8", "A", "B", on(5)));
    expect(twice.and(undo("R1", { compensateOn: "2026-03-11" })).layers()).toEqual([
      ["R2 A", 2, 40],
      ["T/R1 B", 8, 80],
    ]);
  });

  test("a transfer goes back, its own layers first", () =>
    expect(
      recorded(
        R1,
        R2,
        TransferGoods("T", "4", "A", "B", on(5)),
        TransferGoods("U", "9", "A", "B", on(6)),
        undo("U"),
      ).layers(),
    ).toEqual([
      ["R2 A", 7, 140],
      ["T/R1 B", 4, 40],
      ["X/R1 A", 6, 60],
      ["X/R2 A", 3, 60],
    ]));

  test("a return of which goods are gone again, and then the issue may be returned again", () => {
    const book = recorded(R1, few, ReturnGoods("B", "I", "5", on(5)), undo("B"));
    expect(book.layers()).toEqual([["R1 A", 5, 50]]);
    const again = late(ReturnGoods("B2", "I", "5", on(20, { effectiveDate: "2026-03-31" })));
    expect(book.and(again).layers()).toEqual([
      ["R1 A", 5, 50],
      ["B2/R1 A", 5, 50],
    ]);
    expect(book.and(again).answer(late(ReturnGoods("B3", "I", "1", on(31))))).toHaveProperty("refusal");
    // Opened again: the first return still refers to the issue, which can't be as if it had never been.
    expect(book.answer(Cancel("Y", "I"))).toStrictEqual({
      refusal: { name: "OthersDependOnMovement", movement: "I", dependents: ["B"] },
    });
    // Then what undid the first return can't be cancelled: five would be back twice.
    expect(book.and(again).answer(Cancel("Y", "X", { openFrom: open }))).toStrictEqual({
      refusal: { name: "OthersDependOnMovement", movement: "X", dependents: ["B", "B2"] },
    });
  });

  test("an issue, no sooner than what came back of it was undone", () => {
    const book = recorded(
      R1,
      few,
      ReturnGoods("B", "I", "2", on(5)),
      undo("B", { compensateOn: "2026-03-12" }),
    );
    const undoOn = (day: string) => Cancel("Y", "I", { openFrom: open, compensateOn: day });
    expect(book.answer(undoOn("2026-03-11"))).toStrictEqual({
      refusal: { name: "UndoneTooSoon", effectiveDate: "2026-03-11", firstDate: "2026-03-12" },
    });
    expect(book.and(undoOn("2026-03-12")).layers()).toEqual([
      ["R1 A", 5, 50],
      ["Y/R1 A", 5, 50],
    ]);
  });

  test("what came back of an issue and went again is what comes back next", () => {
    const moves = [ReceiveGoods("L1", "2", "20", on(1)), ReceiveGoods("L2", "2", "40", on(2))];
    const backs = [ReturnGoods("B1", "I", "2", on(5)), ReturnGoods("B2", "I", "2", on(6))];
    const book = recorded(...moves, IssueGoods("I", "4", on(4)), ...backs, undo("B1"));
    const third = book.and(late(ReturnGoods("B3", "I", "2", on(31))));
    expect([third.cost("B2"), third.cost("B3")]).toEqual([
      [2, 20],
      [2, 40],
    ]);
  });

  test("an opening, a loss, a surplus, goods under way", () => {
    const moves = [
      RecordOpeningStock(
        "O",
        [
          ["3", "30"],
          ["4", "60"],
        ],
        on(1),
      ),
      AdjustStock("L", "-2", null, on(2)),
      AdjustStock("F", "1", "9", on(3)),
      Dispatch("D", "2", on(4)),
    ];
    expect(recorded(...moves, undo("L")).layers()).toContainEqual(["X/O A", 2, 20]);
    expect(recorded(...moves, undo("F")).layers()).not.toContainEqual(["F A", 1, 9]);
    expect(recorded(...moves, undo("D")).layers()).toContainEqual(["X/O A", 1, 10]);
    expect(recorded(...moves).answer(undo("O"))).toMatchObject({ refusal: { name: "InsufficientStock" } });
  });

  test("what is undone is no longer there: not for another cancelling, a bill, a return", () => {
    const book = recorded(R1, undo("R1"));
    expect(book.answer(Cancel("Y", "R1"))).toStrictEqual({
      refusal: { name: "MovementAlreadyCancelled", movement: "R1" },
    });
    expect(book.answer(AddReceiptCost("LC", "R1", "1"))).toStrictEqual({
      refusal: { name: "ReceiptNotFound", receipt: "R1" },
    });
    // Unless what undid it is cancelled itself, as long as that is open.
    expect(
      book.and(Cancel("Y", "X", { openFrom: open })).answer(AddReceiptCost("LC", "R1", "1")),
    ).toHaveProperty("events");
    expect(book.answer(Cancel("Y", "X", { openFrom: "2026-04-01" }))).toStrictEqual({
      refusal: { name: "CompensationClosed", movement: "X" },
    });
  });

  test("not on a closed day, not after today, not where its units are needed or depended on", () => {
    const book = recorded(R1, few);
    expect(book.answer(undo("I", { compensateOn: "2026-03-09" }))).toMatchObject({
      refusal: { name: "PeriodClosed" },
    });
    expect(book.answer(undo("I", { compensateOn: "2026-04-01" }))).toMatchObject({
      refusal: { name: "EffectiveDateAfterToday" },
    });
    expect(book.answer(undo("R1"))).toMatchObject({ refusal: { name: "InsufficientStock" } });
    expect(book.and(ReturnGoods("B", "I", "1", on(5))).answer(undo("I"))).toMatchObject({
      refusal: { name: "OthersDependOnMovement", dependents: ["B"] },
    });
  });
});
