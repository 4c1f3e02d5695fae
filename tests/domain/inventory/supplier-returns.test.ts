import { describe, expect, test } from "vitest";
import { Cancel, ToSupplier, UnmatchedReturn } from "../../support/moves.ts";
import { on, recorded } from "../../support/recorded.ts";
import {
  AddReceiptCost,
  InvoiceReceipt,
  IssueGoods,
  ReceiveGoods,
  ReturnGoods,
  TransferGoods,
} from "../../support/rod.ts";

const R1 = ReceiveGoods("R1", "10", "100", on(1));
const R2 = ReceiveGoods("R2", "10", "200", on(2));

/** COSTING §8. */
describe("goods go back to their supplier", () => {
  test("from the receipt's own layers there, though others are older", () =>
    expect(recorded(R1, R2, ToSupplier("S", "R2", "4", on(3))).layers()).toEqual([
      ["R1 A", 10, 100],
      ["R2 A", 6, 120],
    ]));

  test("all that descend from it, wherever they came by; where short, FIFO", () => {
    const moved = recorded(R1, R2, TransferGoods("T", "15", "A", "B", on(3)));
    const back = moved.and(ToSupplier("S", "R2", "7", { ...on(4), location: "B" }));
    // Five of R2 lie there, and two of R1 go with them.
    expect(back.layers()).toEqual([
      ["R2 A", 5, 100],
      ["T/R1 B", 8, 80],
    ]);
    expect(back.cost("S")).toEqual([-7, -120]);
  });

  test("whatever else lies there, where nobody knows of which receipt", () =>
    expect(recorded(R1, R2, ToSupplier("S", null, "12", on(3))).cost("S")).toEqual([-12, -140]));

  test("at what they are worth by then, also when that is learnt later", () =>
    expect(
      recorded(R1, R2, ToSupplier("S", "R2", "4", on(3)), AddReceiptCost("C", "R2", "50")).cost("S"),
    ).toEqual([-4, -100]));

  test("several times, no more than came, not sooner", () => {
    const twice = recorded(R1, R2, ToSupplier("S", "R1", "4", on(3)), ToSupplier("S2", "R1", "5", on(5)));
    expect(twice.answer(ToSupplier("S3", "R1", "2", on(4)))).toStrictEqual({
      refusal: { name: "ReturnedMoreThanReceived", received: "10", returned: "9", quantity: "2" },
    });
    expect(twice.answer(ToSupplier("S3", "R2", "2", on(1)))).toStrictEqual({
      refusal: { name: "ReturnBeforeReceipt", effectiveDate: "2026-03-01", received: "2026-03-02" },
    });
    expect(twice.answer(ToSupplier("S3", "none", "2", on(4)))).toStrictEqual({
      refusal: { name: "ReceiptNotFound", receipt: "none" },
    });
    expect(twice.answer(Cancel("X", "R1"))).toStrictEqual({
      refusal: { name: "OthersDependOnMovement", movement: "R1", dependents: ["S", "S2"] },
    });
  });

  test("what a later issue needs does not go back", () =>
    expect(recorded(R1, IssueGoods("I", "8", on(5))).answer(ToSupplier("S", "R1", "4", on(3)))).toMatchObject(
      {
        refusal: { name: "InsufficientStock", leavesShort: { movement: "I" } },
      },
    ));
});

test("what was undone on a later day may go back again", () => {
  const late = { openFrom: on(10).effectiveDate, compensateOn: on(11).effectiveDate };
  const undone = recorded(R1, ToSupplier("S", "R1", "10", on(2)), Cancel("X", "S", late));
  expect(undone.and(ToSupplier("S2", "R1", "10", on(12))).cost("S2")).toEqual([-10, -100]);
  expect(undone.answer(ToSupplier("S2", "R1", "10", on(3)))).toMatchObject({
    refusal: { name: "ReturnedMoreThanReceived" },
  });
});

/** COSTING §7. */
describe("what goes back uninvoiced", () => {
  const uninvoiced = (movement: string, quantity: string, but: object) =>
    ToSupplier(movement, "R1", quantity, { uninvoiced: true, ...but });

  test("bears nothing of what invoices differ by; the others bear all of it", () => {
    const back = recorded(R1, uninvoiced("S", "3", on(2)));
    const billed = back.and(InvoiceReceipt("V", "R1", "7", "77"));
    expect(billed.cost("S")).toEqual([-3, -30]);
    expect(billed.layers()).toEqual([["R1 A", 7, 77]]);
    // The other way round, it is the same.
    const first = recorded(R1, InvoiceReceipt("V", "R1", "7", "77")).and(uninvoiced("S", "3", on(2)));
    expect(first.layers()).toEqual(billed.layers());
    // What is added to all of a receipt, all bear.
    expect(billed.and(AddReceiptCost("C", "R1", "10")).cost("S")).toEqual([-3, -33]);
  });

  test("on all their way: through a transfer, an issue, and what comes back of it", () => {
    const moved = recorded(R1, TransferGoods("T", "6", "A", "B", on(2)), IssueGoods("I", "4", on(3)));
    const back = moved.and(
      uninvoiced("S", "3", { ...on(4), location: "B" }),
      ReturnGoods("B", "I", "2", on(5)),
    );
    const billed = back.and(InvoiceReceipt("V", "R1", "7", "77"));
    expect(billed.cost("S")).toEqual([-3, -30]);
    expect(billed.cost("T")).toEqual([0, 0]);
    expect(billed.cost("I")).toEqual([-4, -44]);
    expect(billed.layers()).toEqual([
      ["T/R1 B", 3, 33],
      ["B/R1 A", 2, 22],
    ]);
  });

  test("is on no bill: together no more than came", () => {
    const back = recorded(R1, uninvoiced("S", "3", on(2)));
    expect(back.answer(InvoiceReceipt("V", "R1", "8", "88"))).toStrictEqual({
      refusal: { name: "InvoicedMoreThanReceived", received: "7", invoiced: "0", quantity: "8" },
    });
    const billed = back.and(InvoiceReceipt("V", "R1", "7", "70"));
    expect(billed.answer(uninvoiced("S2", "1", on(3)))).toMatchObject({
      refusal: { name: "InvoicedMoreThanReceived" },
    });
    expect(billed.and(ToSupplier("S2", "R1", "1", on(3))).cost("S2")).toEqual([-1, -10]);
    // Undone, its units bear again.
    expect(billed.and(Cancel("X", "S"), InvoiceReceipt("W", "R1", "3", "60")).layers()).toEqual([
      ["R1 A", 10, 130],
    ]);
  });

  /** Found by a property, seed 233411237: the receipt ran anew, and what was undone seemed to stand. */
  test("undone on a later day, nothing depends on the receipt any more", () => {
    const late = { openFrom: on(10).effectiveDate, compensateOn: on(11).effectiveDate };
    const undone = recorded(R1, uninvoiced("S", "3", on(2)), Cancel("X", "S", late));
    expect(undone.cost("X")).toEqual([3, 30]);
    expect(undone.answer(Cancel("Y", "R1", late))).toMatchObject({
      events: [{ type: "MovementCompensated" }],
    });
  });

  test("cancelled as if it had never been, all bear alike, whatever was drawn meanwhile", () => {
    const R = ReceiveGoods("R1", "8", "80", on(1));
    const billed = recorded(R, IssueGoods("I", "2", on(11)), InvoiceReceipt("V", "R1", "4", "20"));
    expect(billed.cost("I")).toEqual([-2, -15]);
    const back = billed.and(uninvoiced("S", "1", on(12)));
    expect(back.cost("I")).toEqual([-2, -14.29]);
    expect(back.and(Cancel("X", "S")).cost("I")).toEqual([-2, -15]);
  });

  test("is refused where the others can't bear it all", () => {
    const less = recorded(R1, uninvoiced("S", "5", on(2)), AddReceiptCost("C", "R1", "-40"));
    expect(less.answer(InvoiceReceipt("V", "R1", "5", "10"))).toStrictEqual({
      refusal: { name: "OthersCantBearIt" },
    });
    expect(less.and(InvoiceReceipt("V", "R1", "5", "20")).layers()).toEqual([["R1 A", 5, 0]]);
    const billed = recorded(R1, AddReceiptCost("C", "R1", "-40"), InvoiceReceipt("V", "R1", "5", "10"));
    expect(billed.answer(uninvoiced("S", "5", on(2)))).toStrictEqual({
      refusal: { name: "OthersCantBearIt" },
    });
  });
});

test("a customer's return of an unknown issue is a layer at the cost that was stated", () =>
  expect(recorded(R1, UnmatchedReturn("U", "2", "15", on(3))).layers()).toEqual([
    ["R1 A", 10, 100],
    ["U A", 2, 15],
  ]));
