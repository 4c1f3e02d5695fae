import { describe, expect, test } from "vitest";
import { Arrive, Cancel, CountStock, Dispatch } from "../../support/moves.ts";
import { on, recorded } from "../../support/recorded.ts";
import { AddReceiptCost, ReceiveGoods, TransferGoods } from "../../support/rod.ts";

const R1 = ReceiveGoods("R1", "10", "100", on(1));
const R2 = ReceiveGoods("R2", "10", "200", on(2));
const sent = Dispatch("D", "15", on(4));

describe("a transfer in two steps, on two days", () => {
  test("what is under way lies somewhere, with its layers", () => {
    const away = recorded(R1, R2, sent);
    expect(away.layers()).toEqual([
      ["R2 A", 5, 100],
      ["D/R1 road", 10, 100],
      ["D/R2 road", 5, 100],
    ]);
    const part = away.and(Arrive("V", "D", "12", on(6)));
    expect(part.layers()).toEqual([
      ["R2 A", 5, 100],
      ["D/R2 road", 3, 60],
      ["V/R1 B", 10, 100],
      ["V/R2 B", 2, 40],
    ]);
    expect(part.and(Arrive("W", "D", "3", on(7))).layers()).toContainEqual(["W/R2 B", 3, 60]);
  });

  test("an arrival takes what its dispatch brought, before what others did", () => {
    const two = recorded(R1, R2, Dispatch("D1", "4", on(3)), Dispatch("D2", "8", on(4)));
    expect(two.and(Arrive("V", "D2", "8", on(6))).layers()).toEqual([
      ["R2 A", 8, 160],
      ["D1/R1 road", 4, 40],
      ["V/R1 B", 6, 60],
      ["V/R2 B", 2, 40],
    ]);
  });

  test("no more arrives than was sent, nor sooner, nor of what was not sent", () => {
    const part = recorded(R1, R2, sent, Arrive("V", "D", "12", on(6)));
    expect(part.answer(Arrive("W", "D", "4", on(5)))).toStrictEqual({
      refusal: { name: "ArrivedMoreThanDispatched", dispatched: "15", arrived: "12", quantity: "4" },
    });
    expect(part.answer(Arrive("W", "D", "1", on(3)))).toStrictEqual({
      refusal: { name: "ArrivalBeforeDispatch", effectiveDate: "2026-03-03", dispatched: "2026-03-04" },
    });
    expect(part.answer(Arrive("W", "R1", "1", on(6)))).toStrictEqual({
      refusal: { name: "DispatchNotFound", dispatch: "R1" },
    });
    expect(part.answer(Arrive("W", "D", "1", { ...on(6), location: "road" }))).toStrictEqual({
      refusal: { name: "SameLocation", location: "road" },
    });
  });

  test("a cost that comes late follows the goods, under way and on", () => {
    const after = recorded(R1, R2, sent, Arrive("V", "D", "12", on(6)), AddReceiptCost("C", "R1", "50"));
    expect(after.layers()).toContainEqual(["V/R1 B", 10, 150]);
  });

  test("a loss on the road is counted there; the dispatch is cancelled after its arrivals", () => {
    const part = recorded(R1, R2, sent, Arrive("V", "D", "12", on(6)));
    expect(part.and(CountStock("L", "0", null, { ...on(8), location: "road" })).cost("L")).toEqual([-3, -60]);
    expect(part.answer(Cancel("X", "D"))).toStrictEqual({
      refusal: { name: "OthersDependOnMovement", movement: "D", dependents: ["V"] },
    });
    expect(part.and(Cancel("X", "V"), Cancel("Y", "D")).layers()).toEqual([
      ["R1 A", 10, 100],
      ["R2 A", 10, 200],
    ]);
  });

  test("other goods that lie there are taken where the dispatch's own are gone", () => {
    const lost = recorded(
      R1,
      R2,
      Dispatch("D", "5", on(4)),
      TransferGoods("T", "5", "A", "road", on(5)),
      CountStock("L", "5", null, { ...on(6), location: "road" }),
    );
    expect(lost.and(Arrive("V", "D", "5", on(7))).layers()).toContainEqual(["V/R1 B", 5, 50]);
  });
});
