import { describe, expect, test } from "vitest";
import { item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { DecimalText } from "../../../domain/kernel/decimal.ts";
import { answerOf } from "../../support/given.ts";
import { Cancel, CountStock } from "../../support/moves.ts";
import { on, recorded } from "../../support/recorded.ts";
import { AddReceiptCost, IssueGoods, ReceiveGoods, registered } from "../../support/rod.ts";

const R1 = ReceiveGoods("R1", "10", "100", on(1));
const sold = IssueGoods("I", "4", on(4));
const within = (command: ItemCommand, correctionMax: string, approvedBy?: string): ItemCommand => ({
  ...command,
  correctionMax: correctionMax as DecimalText,
  approvedBy,
});

describe("a correction above the company's limit", () => {
  const book = recorded(R1, sold);

  test("is refused, with what it comes to: what each movement costs more or less, added up", () => {
    // The receipt 50 more, the issue 20.
    expect(book.answer(within(AddReceiptCost("C", "R1", "50"), "69.99"))).toStrictEqual({
      refusal: { name: "CorrectionNeedsApproval", correction: "70", correctionMax: "69.99" },
    });
    expect(book.answer(within(AddReceiptCost("C", "R1", "50"), "70"))).toHaveProperty("events");
    expect(
      book.answer(within(ReceiveGoods("R0", "4", "80", on(1, { time: "08:00:00" })), "0")),
    ).toMatchObject({
      refusal: { correction: "40" },
    });
    expect(book.answer(within(Cancel("X", "I"), "0"))).toMatchObject({ refusal: { correction: "40" } });
  });

  test("what corrects nothing has no limit, nor what only changes which layers are used", () => {
    expect(book.answer(within(ReceiveGoods("R2", "4", "8000", on(5)), "0"))).toHaveProperty("events");
    expect(
      book.answer(within(ReceiveGoods("R0", "4", "40", on(1, { time: "08:00:00" })), "0")),
    ).toMatchObject({
      events: [{ type: "GoodsReceived" }, { type: "MovementsRecosted" }],
    });
  });

  test("is recorded where somebody approves, who is named before it", () => {
    expect(book.answer(within(AddReceiptCost("C", "R1", "50"), "0", "ben"))).toMatchObject({
      events: [
        { type: "CorrectionApproved", data: { item: "rod", causedBy: "C", approvedBy: "ben" } },
        { type: "ReceiptCostAdded" },
        { type: "MovementsRecosted" },
      ],
    });
    expect(book.and(within(AddReceiptCost("C", "R1", "50"), "0", "ben")).layers()).toEqual([["R1 A", 6, 90]]);
  });
});

/** COSTING §6: a command that was cut short is decided again. */
test("approved and placed before a count, it is recalled from its events", () => {
  const commands = [R1, sold, CountStock("N", "6", null, on(10))];
  let state = item.evolve(item.initial, registered);
  for (const command of commands) {
    const decision = item.decide(command, state);
    if (decision.ok) state = decision.events.reduce(item.evolve, state);
  }
  for (const command of [
    within({ ...ReceiveGoods("R0", "4", "80", on(10)), before: "N" }, "0", "ben"),
    within(Cancel("X", "I"), "0", "ben"),
    within(AddReceiptCost("C", "R1", "50"), "0", "ben"),
  ]) {
    const decision = item.decide(command, state);
    expect(decision.ok).toBe(true);
    if (!decision.ok) continue;
    expect(decision.events[0].type).toBe("CorrectionApproved");
    const again = item.decide(item.recall(...decision.events), state);
    expect(answerOf(again)).toStrictEqual(answerOf(decision));
    // The state that it hands out is the one that its events fold to.
    const next = IssueGoods("J", "3", on(12));
    const folded = decision.events.reduce(item.evolve, state);
    expect(decision.after && answerOf(item.decide(next, decision.after))).toStrictEqual(
      answerOf(item.decide(next, folded)),
    );
  }
});
