import { describe, expect, test } from "vitest";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { convertedAt } from "../../../domain/inventory/value-facts.ts";
import type { DecimalText } from "../../../domain/kernel/decimal.ts";
import { on, recorded, recosted } from "../../support/recorded.ts";
import {
  AddReceiptCost,
  AdjustStock,
  d,
  IssueGoods,
  ReceiveGoods,
  TransferGoods,
  today,
} from "../../support/rod.ts";

const about = (fact: string) => ({ item: "rod", fact, documentDate: "2026-03-30", reference: "LS-7" });
const plain = { foreign: null, exchangeDifference: "0" as DecimalText };

const Invoice = (fact: string, receipt: string, quantity: string, amount: string): ItemCommand => {
  const data = { ...about(fact), receipt, quantity: d(quantity), amount: d(amount), ...plain };
  return { type: "InvoiceReceipt", data, today };
};
const Cancel = (fact: string, cancelled: string): ItemCommand => ({
  type: "CancelValueFact",
  data: { ...about(fact), cancelled },
  today,
});
const eventOf = ({ type, data }: ItemCommand) => ({
  type:
    { InvoiceReceipt: "ReceiptInvoiced", AddReceiptCost: "ReceiptCostAdded" }[type as string] ??
    "ValueFactCancelled",
  data,
});

const R = ReceiveGoods("R", "10", "100", on(2));
const shipped = IssueGoods("I", "7", on(4));

describe("an invoice at another price", () => {
  /** COSTING §4: the receipt's 30 on its day, the shipment's 21 on its own. */
  test("is the receipt's, and of what was shipped the shipment's", () => {
    const invoice = Invoice("INV", "R", "10", "130");
    expect(recorded(R, shipped).answer(invoice)).toStrictEqual({
      events: [
        eventOf(invoice),
        recosted("INV", [
          ["R", 2, "R", "A", "0", "30"],
          ["I", 4, "R", "A", "0", "-21"],
        ]),
      ],
    });
    expect(recorded(R, shipped, invoice).layers()).toEqual([["R A", 3, 39]]);
  });

  /** COSTING §4, its last case. */
  test("stays with its receipt when another comes before it", () => {
    const moves = [R, IssueGoods("I", "10", on(4)), Invoice("INV", "R", "10", "130")];
    expect(recorded(...moves).cost("I")).toEqual([-10, -130]);
    const after = recorded(...moves, ReceiveGoods("L0", "10", "120", on(1)));
    expect(after.cost("I")).toEqual([-10, -120]);
    expect(after.layers()).toEqual([["R A", 10, 130]]);
  });

  test("at the price that was expected says nothing new", () =>
    expect(recorded(R, shipped).answer(Invoice("INV", "R", "10", "100"))).toMatchObject({
      events: { length: 1 },
    }));

  test("of a part replaces the price of that part; parts come to the whole, to the cent", () => {
    const three = ReceiveGoods("R", "3", "100", on(2));
    const each = ["40", "41", "42"].map((amount, n) => Invoice(`INV${n}`, "R", "1", amount));
    expect(recorded(three, ...each.slice(0, 1)).cost("R")).toEqual([3, 106.67]);
    expect(recorded(three, ...each.slice(0, 2)).cost("R")).toEqual([3, 114.33]);
    expect(recorded(three, ...each).cost("R")).toEqual([3, 123]);
    expect(recorded(three, ...each.toReversed()).cost("R")).toEqual([3, 123]);
  });

  test("is for no more than was received and not invoiced yet", () => {
    const refusal = { name: "InvoicedMoreThanReceived", received: "10", invoiced: "6", quantity: "4.1" };
    const before = recorded(R, Invoice("A", "R", "6", "60"));
    expect(before.answer(Invoice("B", "R", "4.1", "41"))).toStrictEqual({ refusal });
    expect(before.answer(Invoice("B", "R", "4", "41"))).toHaveProperty("events");
    const again = recorded(R, Invoice("A", "R", "6", "60"), Cancel("X", "A"));
    expect(again.answer(Invoice("B", "R", "10", "90"))).toHaveProperty("events");
  });
});

describe("costs added and taken off", () => {
  /** facts/accounting.md, postings 4 and 5: 100 @ 10, 40 sold, 30 to a project, invoiced at 10.50, landed cost 200. */
  test("the chain of the accounting facts: what is left is worth 375", () => {
    const chain = [
      ReceiveGoods("R", "100", "1000", on(2)),
      IssueGoods("S", "40", on(3)),
      IssueGoods("P", "30", on(4)),
      Invoice("INV", "R", "100", "1050"),
    ];
    const invoiced = recorded(...chain);
    expect([invoiced.cost("S"), invoiced.cost("P")]).toEqual([
      [-40, -420],
      [-30, -315],
    ]);
    const landed = recorded(...chain, AddReceiptCost("LC", "R", "200"));
    expect([landed.cost("S"), landed.cost("P")]).toEqual([
      [-40, -500],
      [-30, -375],
    ]);
    expect(landed.layers()).toEqual([["R A", 30, 375]]);
  });

  test("follow the goods through transfers and what was lost, to the last cent", () => {
    const moves = [
      ReceiveGoods("R", "3", "100", on(2)),
      TransferGoods("T", "2", "A", "B", on(3)),
      IssueGoods("I", "1", { ...on(4), location: "B" }),
      AdjustStock("L", "-1", null, on(5)),
    ];
    const after = recorded(...moves, AddReceiptCost("LC", "R", "0.01"));
    expect(after.cost("R")).toEqual([3, 100.01]);
    expect(after.cost("I")).toEqual([-1, -33.34]);
    expect(after.cost("L")).toEqual([-1, -33.34]);
    expect(after.layers()).toEqual([["T/R B", 1, 33.33]]);
  });

  test("a credit note takes off, and never below nothing", () => {
    const after = recorded(R, shipped, AddReceiptCost("CN", "R", "-100", "creditNote"));
    expect(after.layers()).toEqual([["R A", 3, 0]]);
    expect(after.answer(AddReceiptCost("C2", "R", "-0.01", "rebate"))).toStrictEqual({
      refusal: { name: "ReceiptValueBelowZero", value: "0", change: "-0.01" },
    });
    // Nor may what would hold it above be cancelled.
    const held = recorded(
      R,
      AddReceiptCost("LC", "R", "50"),
      AddReceiptCost("CN", "R", "-120", "creditNote"),
    );
    expect(held.answer(Cancel("X", "LC"))).toStrictEqual({
      refusal: { name: "ReceiptValueBelowZero", value: "30", change: "-50" },
    });
  });

  test("cancelled, it is as if it had never been", () => {
    const cost = AddReceiptCost("LC", "R", "30");
    const after = recorded(R, shipped, cost, Cancel("X", "LC"));
    expect([after.cost("R"), after.cost("I")]).toEqual([
      [10, 100],
      [-7, -70],
    ]);
    expect(after.answer(Cancel("Y", "LC"))).toStrictEqual({
      refusal: { name: "ValueFactAlreadyCancelled", fact: "LC" },
    });
    expect(after.answer(Cancel("Y", "none"))).toStrictEqual({
      refusal: { name: "ValueFactNotFound", fact: "none" },
    });
  });

  test("are a receipt's, and of no other movement", () => {
    const refusal = { name: "ReceiptNotFound", receipt: "I" };
    expect(recorded(R, shipped).answer(AddReceiptCost("LC", "I", "1"))).toStrictEqual({ refusal });
    expect(recorded(R).answer(Invoice("INV", "I", "1", "1"))).toStrictEqual({ refusal });
  });

  test("come in also when the item is no longer in use", () => {
    const off: ItemCommand = { type: "DeactivateItem", data: { item: "rod" }, today };
    const after = recorded(R, IssueGoods("I", "10", on(4)), off, AddReceiptCost("LC", "R", "5"));
    expect(after.cost("I")).toEqual([-10, -105]);
  });
});

describe("of a receipt in closed time", () => {
  const openFrom = "2026-03-10";
  const in_ = (command: ItemCommand, from = openFrom): ItemCommand => ({ ...command, openFrom: from });

  test("counts on the first open day, but what was shipped since is corrected on its own", () => {
    const late = IssueGoods("J", "1", on(12));
    const invoice = in_(Invoice("INV", "R", "10", "130"));
    expect(recorded(R, shipped, in_(late)).answer(invoice)).toStrictEqual({
      events: [
        eventOf(invoice),
        recosted("INV", [
          ["R", 10, "R", "A", "0", "30"],
          ["I", 10, "R", "A", "0", "-21"],
          ["J", 12, "R", "A", "0", "-3"],
        ]),
      ],
    });
  });

  test("goes back to its own day when that is opened again, by the next decision or when it is closed anew", () => {
    const before = [R, shipped, in_(Invoice("INV", "R", "10", "130"))];
    const back = [
      ["R", 2, "R", "A", "0", "30"],
      ["R", 10, "R", "A", "0", "-30"],
      ["I", 4, "R", "A", "0", "-21"],
      ["I", 10, "R", "A", "0", "21"],
    ] as const;
    const opened = in_(ReceiveGoods("N", "1", "1", on(11)), "2026-03-01");
    expect(recorded(...before).answer(opened)).toMatchObject({ events: [{}, recosted("N", back)] });
    const anew = { type: "RedateCosts", data: { item: "rod", causedBy: "2026-02-01" }, today } as const;
    expect(recorded(...before).answer(in_(anew, "2026-03-01"))).toStrictEqual({
      events: [recosted("2026-02-01", back)],
    });
    expect(recorded(...before).answer(in_(anew))).toStrictEqual({ refusal: { name: "NothingToRedate" } });
  });
});

test("in another currency the price at the receipt's rate is the stock's, the rest an exchange difference", () => {
  const foreign = { currency: "USD", amount: d("1250"), receiptRate: d("0.869568"), documentRate: d("0.88") };
  expect(convertedAt(foreign, 2)).toEqual({ amount: "1086.96", exchangeDifference: "13.04" });
});
