import { expect, test } from "vitest";
import { correctionsOf } from "../../../domain/inventory/corrections.ts";
import { type Item, item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { Arrive, Cancel, CountStock, Dispatch, ToSupplier } from "../../support/moves.ts";
import { on } from "../../support/recorded.ts";
import {
  AddReceiptCost,
  AdjustStock,
  IssueGoods,
  ReceiveGoods,
  ReturnGoods,
  registered,
  TransferGoods,
} from "../../support/rod.ts";

const issued = (movement: string, purpose: string) =>
  ({
    ...IssueGoods(movement, "1", on(3)),
    data: { ...IssueGoods(movement, "1", on(3)).data, purpose },
  }) as ItemCommand;

/** Each of a movement's own kind; goods that come back or are undone go where they had gone. */
test("the account that each movement's correction is for, by what was booked and what it ought to be", () => {
  const moves = [
    ReceiveGoods("R", "20", "200", on(1)),
    ...["sale", "project", "production", "other"].map((purpose) => issued(purpose, purpose)),
    ReturnGoods("B", "project", "1", on(4)),
    ToSupplier("S", "R", "1", on(5)),
    AdjustStock("L", "-1", null, on(6)),
    TransferGoods("T", "1", "A", "C", on(7)),
    Dispatch("D", "1", on(8)),
    Arrive("V", "D", "1", on(9)),
    CountStock("N", "10", null, on(10)),
    { ...Cancel("X", "production"), openFrom: "2026-03-11" } as ItemCommand,
  ];
  let state: Item = item.evolve(item.initial, registered);
  for (const command of moves) {
    const decision = item.decide(command, state);
    expect(decision, JSON.stringify(command)).toMatchObject({ ok: true });
    if (decision.ok) state = decision.events.reduce(item.evolve, state);
  }
  const late = item.decide(AddReceiptCost("C", "R", "20"), state);
  if (!late.ok || state.status !== "Registered") throw new Error("refused");
  const corrections = correctionsOf(state, late.events);
  expect(corrections.map(({ movement, account, difference }) => [movement, account, difference])).toEqual([
    ["R", "goodsReceivedNotInvoiced", "20"],
    ["sale", "costOfSales", "-1"],
    ["project", "projectCost", "-1"],
    ["production", "workInProgress", "-1"],
    ["other", "otherCost", "-1"],
    ["B", "projectCost", "1"],
    ["S", "supplierReturns", "-1"],
    ["L", "inventoryDifference", "-1"],
    ["N", "inventoryDifference", "-3"],
    ["X", "workInProgress", "1"],
  ]);
  for (const { booked, difference, target } of corrections)
    expect(Number(booked) + Number(difference)).toBe(Number(target));
});
