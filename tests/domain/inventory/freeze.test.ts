import { describe, expect, test } from "vitest";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { Arrive, Cancel, CountStock, Dispatch, ShortIssue, ToSupplier } from "../../support/moves.ts";
import { on, recorded, recosted } from "../../support/recorded.ts";
import {
  AddReceiptCost,
  AdjustStock,
  eventOf,
  IssueGoods,
  ReceiveGoods,
  ReturnGoods,
  TransferGoods,
} from "../../support/rod.ts";

const costing = { change: 1, policy: "freeze" } as const;
const frozen = (command: ItemCommand): ItemCommand => ({ ...command, costing });
const under = (...commands: readonly ItemCommand[]) => recorded(...commands.map(frozen));

const L1 = ReceiveGoods("L1", "10", "100", on(2));
const L2 = ReceiveGoods("L2", "10", "150", on(3));
const sold = IssueGoods("I", "20", on(4));
const takenUp = { type: "CostingPolicyTakenUp", data: { item: "rod", ...costing } };

/** COSTING §12, DESIGN §5. */
describe("under freeze, draws never change", () => {
  const L0 = ReceiveGoods("L0", "10", "100", on(1));

  test("a receipt dated before all is a layer in its place, and is what is left", () => {
    expect(under(L1, L2, sold).and(frozen(L0)).layers()).toEqual([["L0 A", 10, 100]]);
    expect(recorded(L1, L2, sold, L0).layers()).toEqual([["L2 A", 10, 150]]);
  });

  test("that layer is the next to be taken", () =>
    expect(
      under(L1, L0)
        .and(frozen(IssueGoods("I", "4", on(4))))
        .cost("I"),
    ).toEqual([-4, -40]));

  test("the item says so with the first movement that is decided by it, and no more", () => {
    expect(recorded().answer(frozen(L1))).toStrictEqual({
      events: [takenUp, eventOf(L1, ["L1", "A", "10", "100"])],
    });
    expect(under(L1).answer(frozen(L2))).toStrictEqual({ events: [eventOf(L2, ["L2", "A", "10", "150"])] });
  });

  test("who has not heard of it decides by it, too", () =>
    expect(under(L1, L2, sold).and(L0).layers()).toEqual([["L0 A", 10, 100]]));

  test("who knows only of an earlier change does not undo a later one", () => {
    const again = { costing: { change: 2, policy: "replay" } as const };
    const back = under(L1).and({ ...L2, ...again });
    expect(back.answer(frozen(IssueGoods("I", "1", on(4))))).toMatchObject({
      events: [{ type: "GoodsIssued" }],
    });
  });

  test("what was drawn before it was taken up stays drawn", () =>
    expect(recorded(L1, L2, sold).and(frozen(L0)).layers()).toEqual([["L0 A", 10, 100]]));

  test("what was drawn under it stays drawn when the company replays again", () => {
    const again = { costing: { change: 2, policy: "replay" } as const };
    const back = under(L1, L2, sold, L0)
      .and({ ...ReceiveGoods("L5", "10", "300", on(6)), ...again })
      .and({ ...IssueGoods("J", "10", on(8)), ...again });
    expect(back.cost("J")).toEqual([-10, -100]);
    const late = back.and({ ...ReceiveGoods("L4", "5", "5", on(5)), ...again });
    expect(late.cost("I")).toEqual([-20, -250]);
    expect(late.layers()).toEqual([
      ["L5 A", 10, 300],
      ["L4 A", 5, 5],
    ]);
    const earlier = late.and({ ...IssueGoods("K", "5", on(7)), ...again });
    expect(earlier.cost("K")).toEqual([-5, -50]);
    expect(earlier.cost("J")).toEqual([-10, -55]);
  });
});

describe("a late movement that takes goods", () => {
  test("takes what none has taken, oldest first, of what lies before it", () => {
    const after = under(L1, L2, IssueGoods("I", "4", on(4))).and(frozen(IssueGoods("E", "8", on(3))));
    expect(after.cost("I")).toEqual([-4, -40]);
    expect(after.cost("E")).toEqual([-8, -90]);
  });

  test("is refused where none is left before it, with the first day that works", () => {
    const L5 = ReceiveGoods("L5", "10", "200", on(5));
    const before = under(L1, L2, IssueGoods("I", "15", on(4)), L5);
    const short = { name: "InsufficientStock", location: "A", reserved: "0" };
    expect(before.answer(frozen(IssueGoods("E", "6", on(3))))).toStrictEqual({
      refusal: { ...short, onHand: "5", requested: "6", firstDate: on(5).effectiveDate },
    });
    expect(before.and(frozen(IssueGoods("E", "6", on(5)))).cost("E")).toEqual([-6, -95]);
    expect(before.answer(frozen(IssueGoods("E", "16", on(3))))).toStrictEqual({
      refusal: { ...short, onHand: "5", requested: "16" },
    });
    expect(before.answer({ ...frozen(IssueGoods("E", "5.5", on(4))), openFrom: "2026-03-01" })).toMatchObject(
      {
        refusal: { firstDate: on(5).effectiveDate },
      },
    );
  });

  test("a transfer, and goods under way", () => {
    const after = under(L1, L2, IssueGoods("I", "4", on(6)))
      .and(frozen(TransferGoods("T", "8", "A", "B", on(3))))
      .and(frozen(Dispatch("D", "6", on(4))), frozen(Arrive("X", "D", "6", on(5))));
    expect(after.layers()).toEqual([
      ["L2 A", 2, 30],
      ["T/L1 B", 6, 60],
      ["T/L2 B", 2, 30],
      ["X/L2 B", 6, 90],
    ]);
  });

  test("goes back to the supplier from the receipt's own layers first, as far as none has taken them", () => {
    const after = under(L1, L2, IssueGoods("I", "12", on(4)), ToSupplier("S", "L1", "3", on(3)));
    expect(after.cost("S")).toEqual([-3, -45]);
  });
});

describe("a layer is valued in the order recorded", () => {
  test("the last draw takes the rest, whatever its day", () => {
    const thirds = under(
      ReceiveGoods("L", "3", "100", on(1)),
      IssueGoods("I", "1", on(5)),
      IssueGoods("J", "1", on(3)),
      IssueGoods("K", "1", on(2)),
    );
    expect([thirds.cost("I"), thirds.cost("J"), thirds.cost("K")]).toEqual([
      [-1, -33.33],
      [-1, -33.34],
      [-1, -33.33],
    ]);
  });

  test("a value fact changes what its draws cost, and none of them", () => {
    const after = under(L1, L2, sold, ReceiveGoods("L0", "10", "100", on(1)));
    expect(after.answer(AddReceiptCost("F", "L1", "20"))).toMatchObject({
      events: [
        { type: "ReceiptCostAdded" },
        recosted("F", [
          ["L1", 2, "L1", "A", "0", "20"],
          ["I", 4, "L1", "A", "0", "-20"],
        ]),
      ],
    });
    expect(after.and(AddReceiptCost("G", "L0", "5")).layers()).toEqual([["L0 A", 10, 105]]);
  });

  test("goods come back at what they cost", () => {
    const after = under(L1, L2, sold).and(frozen(ReceiveGoods("L0", "10", "1", on(1))));
    expect(after.and(frozen(ReturnGoods("B", "I", "5", on(4)))).cost("B")).toEqual([5, 75]);
    expect(
      after.and(frozen(ReturnGoods("B", "I", "5", on(4))), AddReceiptCost("F", "L2", "10")).cost("B"),
    ).toEqual([5, 80]);
  });

  test("no more comes back at any time than went, in the order of days", () => {
    const back = under(L1, IssueGoods("I", "4", on(3)), ReturnGoods("B", "I", "4", on(4))).and(
      frozen(Cancel("U", "B", { compensateOn: on(6).effectiveDate })),
    );
    expect(back.answer(frozen(ReturnGoods("E", "I", "4", on(5))))).toMatchObject({
      refusal: { name: "ReturnedMoreThanIssued" },
    });
    expect(back.and(frozen(ReturnGoods("E", "I", "4", on(7)))).cost("E")).toEqual([4, 40]);
  });
});

describe("counts", () => {
  const counted = under(L1, L2, CountStock("C", "12", null, on(5)));

  test("a shortage draws; what came late before it makes it draw more, on its day", () => {
    expect(counted.cost("C")).toEqual([-8, -80]);
    expect(counted.answer(frozen(ReceiveGoods("L0", "3", "3", on(1))))).toMatchObject({
      events: [{ type: "GoodsReceived" }, recosted("L0", [["C", 5, "L0", "A", "-3", "-3"]])],
    });
  });

  test("what was gone before it makes it bring a surplus of its own, at its own cost", () => {
    const after = counted.and(frozen(IssueGoods("E", "4", on(4))));
    expect(after.cost("E")).toEqual([-4, -50]);
    expect(after.cost("C")).toEqual([-4, -20]);
    expect(after.layers()).toEqual([
      ["L2 A", 8, 120],
      ["C A", 4, 60],
    ]);
    const twice = after.and(frozen(AdjustStock("X", "-2", null, on(3))));
    expect(twice.layers()).toEqual([
      ["L2 A", 6, 90],
      ["C A", 4, 60],
      ["C/C/2 A", 2, 30],
    ]);
  });

  test("the first count after it takes it up, and none after that", () => {
    const two = under(L1, CountStock("C", "9", null, on(3)), CountStock("D", "8", null, on(5)));
    const after = two.and(frozen(ReceiveGoods("L0", "5", "5", on(1))));
    expect(after.cost("C")).toEqual([-6, -15]);
    expect(after.cost("D")).toEqual([-1, -10]);
    const between = two.and(frozen(ReceiveGoods("L4", "5", "5", on(4))));
    expect(between.cost("C")).toEqual([-1, -10]);
    expect(between.cost("D")).toEqual([-6, -60]);
  });

  test("a late one is held against what lay there on its day", () => {
    const before = under(L1, IssueGoods("I", "6", on(4)), ReceiveGoods("L5", "5", "50", on(5)));
    const after = before.and(frozen(CountStock("C", "8", null, on(3))));
    expect(after.cost("C")).toEqual([-2, -20]);
    expect(after.layers()).toEqual([
      ["L1 A", 2, 20],
      ["L5 A", 5, 50],
    ]);
    expect(before.answer(frozen(CountStock("C", "3", null, on(3))))).toMatchObject({
      refusal: { name: "InsufficientStock", onHand: "4", requested: "7" },
    });
    expect(before.and(frozen(CountStock("C", "13", ["1", "9"], on(3)))).cost("C")).toEqual([3, 27]);
  });

  /** Found by a property, seed -1394163965: what a program read in had not been run yet. */
  test("what a count took up follows a receipt's value, also for who has just read it all", () => {
    const [U, R] = [
      ReceiveGoods("U", "1", "1", on(2)),
      ReceiveGoods("R", "1", "1", { ...on(1), location: "B" }),
    ];
    const C = frozen(CountStock("C", "1", null, on(3, { location: "B" })));
    const late = frozen(ReceiveGoods("L", "9", "1", on(3, { location: "B" })));
    const after = recorded(U, R, C, { ...late, before: "C" }, AddReceiptCost("F", "R", "4"));
    expect(after.cost("C")).toEqual([-9, -5.89]);
    expect(after.layers()).toEqual([
      ["U A", 1, 1],
      ["L B", 1, 0.11],
    ]);
  });

  test("is not cancelled: one counts again", () =>
    expect(counted.answer(frozen(Cancel("U", "C")))).toStrictEqual({
      refusal: { name: "CountClosed", movement: "C" },
    }));
});

describe("what is short", () => {
  const short = under(L1, ShortIssue("I", "15", null, on(4)));

  test("is settled by a late receipt as by any other, and costs what that cost", () => {
    expect(short.cost("I")).toEqual([-15, -150]);
    const after = short.and(frozen(ReceiveGoods("L0", "8", "160", on(1))));
    expect(after.cost("I")).toEqual([-15, -200]);
    expect(after.layers()).toEqual([["L0 A", 3, 60]]);
    expect(short.answer(frozen(ReceiveGoods("L0", "8", "160", on(1))))).toMatchObject({
      events: [
        { type: "GoodsReceived" },
        recosted("L0", [
          ["I", 4, "I", "A", "5", "50"],
          ["I", 4, "L0", "A", "-5", "-100"],
        ]),
      ],
    });
  });

  test("a late issue that goes short is settled by what lies there since", () => {
    const after = under(L1, IssueGoods("I", "10", on(3)), ReceiveGoods("L5", "10", "200", on(5))).and(
      frozen(ShortIssue("E", "4", null, on(4))),
    );
    expect(after.cost("E")).toEqual([-4, -80]);
    expect(after.cost("I")).toEqual([-10, -100]);
    expect(after.layers()).toEqual([["L5 A", 6, 120]]);
  });

  test("a late receipt does not change what another deficit costs for now", () => {
    const deficit = under(
      L1,
      ShortIssue("I", "15", null, on(4)),
      ReceiveGoods("B1", "1", "99", {
        ...on(3),
        location: "B",
      }),
    );
    expect(deficit.cost("I")).toEqual([-15, -150]);
  });

  test("what it lacked is not made up for before a count, which would find nothing to draw", () => {
    const before = under(ReceiveGoods("R", "5", "50", on(1)), IssueGoods("X", "5", on(10))).and(
      frozen(ShortIssue("E", "3", null, on(2))),
      frozen(CountStock("C", "2", ["1", "1"], on(5))),
    );
    const refusal = { name: "InsufficientStock", leavesShort: { movement: "C" } };
    expect(before.answer(frozen(ReturnGoods("B", "E", "3", on(3))))).toMatchObject({ refusal });
    expect(before.answer(frozen(Cancel("U", "E", { compensateOn: on(4).effectiveDate })))).toMatchObject({
      refusal,
    });
  });

  test("costs what a count brought last before it, also where that was found later", () => {
    const after = under(ReceiveGoods("R", "10", "100", on(1)), CountStock("C", "10", ["1", "7"], on(5))).and(
      frozen(IssueGoods("X", "3", on(3))),
      frozen(ShortIssue("E", "20", null, on(9))),
    );
    expect(after.layers()).toEqual([["E A", -10, -70]]);
  });

  test("before a count, it is what the count found", () => {
    const after = under(L1, CountStock("C", "10", null, on(3))).and(
      frozen(ShortIssue("E", "12", null, on(2))),
    );
    expect(after.layers()).toEqual([["C A", 10, 100]]);
    expect(after.cost("E")).toEqual([-12, -120]);
    expect(after.cost("C")).toEqual([12, 120]);
  });
});

describe("cancelling", () => {
  test("is another movement, also in open time, of what none has taken", () => {
    const before = under(L1, L2, IssueGoods("I", "4", on(4)));
    const on6 = { compensateOn: on(6).effectiveDate };
    const undone = before.and(frozen(Cancel("U", "I", on6)));
    expect(undone.cost("U")).toEqual([4, 40]);
    expect(before.and(frozen(Cancel("V", "L1", on6))).cost("V")).toEqual([-10, -120]);
    expect(before.answer(frozen(Cancel("V", "L2", { compensateOn: on(3).effectiveDate })))).toMatchObject({
      events: [{ type: "MovementCompensated" }],
    });
  });

  test("of what was recorded before the policy was taken up, too: it stays drawn", () =>
    expect(recorded(L1, L2).answer(frozen(Cancel("U", "L1")))).toMatchObject({
      events: [takenUp, { type: "MovementCompensated" }],
    }));
});
