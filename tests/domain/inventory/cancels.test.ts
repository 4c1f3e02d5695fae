import { describe, expect, test } from "vitest";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { on, recorded, recosted } from "../../support/recorded.ts";
import {
  AddReceiptCost,
  IssueGoods,
  ReceiveGoods,
  ReturnGoods,
  TransferGoods,
  today,
} from "../../support/rod.ts";

const Cancel = (cancellation: string, cancelled: string, openFrom?: string): ItemCommand => ({
  type: "CancelMovement",
  data: { item: "rod", cancellation, cancelled, reference: "typed twice" },
  today,
  openFrom,
});
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

  test("what is closed", () =>
    expect(recorded(R1, few).answer(Cancel("X", "I", "2026-03-05"))).toStrictEqual({
      refusal: { name: "PeriodClosed", effectiveDate: "2026-03-04", openFrom: "2026-03-05" },
    }));
});
