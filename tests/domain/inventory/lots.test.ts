import { describe, expect, test } from "vitest";
import { item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { specOf } from "../../support/given.ts";
import { DescribeLot, lotsIn, of, rods, serials, TrackLots, tracked, withLots } from "../../support/lots.ts";
import {
  Arrive,
  Cancel,
  CountStock,
  Dispatch,
  open,
  ShortIssue,
  ToSupplier,
  UnmatchedReturn,
} from "../../support/moves.ts";
import { on } from "../../support/recorded.ts";
import {
  AdjustStock,
  byLot,
  d,
  eventOf,
  IssueGoods,
  ReceiveGoods,
  RecordOpeningStock,
  ReturnGoods,
  received,
  registered,
  TransferGoods,
} from "../../support/rod.ts";

const given = specOf(item);
const named = (movement: string, lots: Record<string, string>): ItemEvent => ({
  type: "LotsNamed",
  data: { item: "rod", movement, lots: lotsIn(lots) },
});
type Row = readonly [movement: string, lot: string, area: string, day: number, quantity: string];
const moved = (causedBy: string, ...rows: readonly Row[]): ItemEvent => ({
  type: "LotsMoved",
  data: {
    item: "rod",
    causedBy,
    moved: rows.map(([movement, lot, area, day, quantity]) => ({
      ...{ movement, lot, area, date: on(day).effectiveDate, quantity: d(quantity) },
    })),
  },
});
const short = (lot: string, onHand: string, requested: string, later?: readonly [string, number]) => ({
  refusal: {
    ...{ name: "InsufficientLot", location: "A", lot, onHand, requested },
    ...(later && { leavesShort: { movement: later[0], ...on(later[1]) } }),
  },
});
const R = (name: string, day: number, lots: Record<string, string>, value = "100"): ItemCommand => {
  const sum = Object.values(lots).reduce((total, each) => total + Number(each), 0);
  return of(ReceiveGoods(name, `${sum}`, value, on(day)), lots);
};
const I = (name: string, day: number, lots: Record<string, string>, more: object = {}): ItemCommand => {
  const sum = Object.values(lots).reduce((total, each) => total + Number(each), 0);
  return of(IssueGoods(name, `${sum}`, on(day, more)), lots);
};

describe("tracking", () => {
  test("begins before the first movement, once", () => {
    given(registered).when(TrackLots()).accepted(tracked());
    given(registered, tracked()).when(TrackLots()).refused({ name: "LotsAlreadyTracked" });
    given(registered, received("R", "1", "1"))
      .when(TrackLots())
      .refused({ name: "ItemHasMovements" });
  });

  test("is what an item costed by lot does anyway, but that its lots may be serials", () => {
    given(byLot).when(TrackLots()).refused({ name: "LotsAlreadyTracked" });
    given(byLot).when(TrackLots(true)).accepted(tracked(true));
  });

  test("is needed for lots: another item goes on refusing them", () => {
    const receipt = ReceiveGoods("R", "3", "30");
    given(registered)
      .when(of(receipt, { L1: "3" }))
      .refused({ name: "LotNotKept" });
    given(registered)
      .when(ReceiveGoods("R", "3", "30", { lot: "L1" }))
      .refused({ name: "LotNotKept" });
    given(registered).when(DescribeLot("L1", "2026-06-30")).refused({ name: "LotNotKept" });
    given(byLot)
      .when(of(ReceiveGoods("R", "3", "30", { lot: "L1" }), { L1: "3" }))
      .refused({ name: "LotRequired" });
  });
});

describe("lots are named", () => {
  test("before the movement, and what it moves of them comes after it", () => {
    const receipt = ReceiveGoods("R", "3", "30", on(1));
    given(registered, tracked())
      .when(of(receipt, { L1: "2", L2: "1" }))
      .accepted(
        named("R", { L1: "2", L2: "1" }),
        eventOf(receipt, ["R", "A", "3", "30"]),
        moved("R", ["R", "L1", "A", 1, "2"], ["R", "L2", "A", 1, "1"]),
      );
  });

  test("by every movement, and sum up to it", () => {
    given(registered, tracked())
      .when(ReceiveGoods("R", "3", "30"))
      .refused({ name: "LotsRequired" });
    given(registered, tracked())
      .when(of(ReceiveGoods("R", "3", "30"), {}))
      .refused({ name: "LotsRequired" });
    given(registered, tracked())
      .when(of(ReceiveGoods("R", "3", "30"), { L1: "2" }))
      .refused({ name: "LotsDontSumUp", quantity: d("3"), lots: d("2") });
    given(registered, tracked())
      .when(of(ReceiveGoods("R", "3", "30"), { L1: "2.95", L2: "0.05" }))
      .refused({ name: "QuantityTooPrecise", quantity: d("2.95"), scale: 1 });
  });

  test("as one, where a movement is of one: but a count would not say of which", () => {
    given(registered, tracked())
      .when(ReceiveGoods("R", "3", "30", { ...on(1), lot: "L1" }))
      .accepted(
        named("R", { L1: "3" }),
        eventOf(ReceiveGoods("R", "3", "30", on(1)), ["R", "A", "3", "30"]),
        moved("R", ["R", "L1", "A", 1, "3"]),
      );
    given(registered, tracked())
      .when(CountStock("C", "3", null, { lot: "L1" }))
      .refused({ name: "LotsRequired" });
  });

  test("in the movement's own unit", () => {
    const unit: ItemCommand = {
      type: "DefineUnit",
      data: { item: "rod", unit: "box", quantity: d("1"), equals: d("12") },
      today: "",
    };
    const box = { ...of(ReceiveGoods("R", "3", "30"), { L1: "2", L2: "1" }), unit: "box" };
    expect(rods(unit, box).lying()).toEqual({ "L1 A": 24, "L2 A": 12 });
  });

  test("of opening stock, adjustments, what goes back and what comes back unmatched", () => {
    const told = rods(
      of(
        RecordOpeningStock(
          "O",
          [
            ["2", "20"],
            ["3", "36"],
          ],
          on(1),
        ),
        { L1: "4", L2: "1" },
      ),
      of(AdjustStock("F", "2", "20", on(2)), { L3: "2" }),
      of(AdjustStock("G", "-2", null, on(3)), { L1: "2" }),
      of(ToSupplier("S", null, "2", on(4)), { L1: "1", L2: "1" }),
      of(UnmatchedReturn("U", "1", "9", on(5)), { L9: "1" }),
    );
    expect(told.lying()).toEqual({ "L1 A": 1, "L3 A": 2, "L9 A": 1 });
  });
});

describe("costs go by FIFO, whatever lots are picked", () => {
  test("an issue of the younger lot costs what the older one did", () => {
    const told = rods(R("R1", 1, { L1: "3" }, "30"), R("R2", 2, { L2: "3" }, "60"));
    expect(told.answer(I("I", 3, { L2: "2" }))).toEqual({
      events: [
        named("I", { L2: "2" }),
        eventOf(IssueGoods("I", "2", on(3)), ["R1", "A", "-2", "-20"]),
        moved("I", ["I", "L2", "A", 3, "-2"]),
      ],
    });
  });
});

describe("no lot is below zero", () => {
  const told = rods(R("R1", 1, { L1: "3", L2: "3" }), I("I1", 5, { L1: "2" }));

  test("now, or at any point after a late movement", () => {
    expect(told.answer(I("I2", 6, { L1: "2" }))).toEqual(short("L1", "1", "2"));
    expect(told.answer(I("I2", 4, { L1: "4" }))).toEqual(short("L1", "3", "4"));
    expect(told.answer(I("I2", 4, { L1: "2" }))).toEqual(short("L1", "1", "2", ["I1", 5]));
    expect(told.and(I("I2", 4, { L1: "1", L2: "3" })).lying()).toEqual({});
  });

  test("nor where issues may go short: what is not there can't be shipped", () =>
    expect(told.answer(of(ShortIssue("I2", "2", null, on(6)), { L1: "2" }))).toEqual(short("L1", "1", "2")));

  test("nor by what never was", () => {
    expect(told.answer(Cancel("X", "R1"))).toEqual(short("L1", "0", "2", ["I1", 5]));
    const more = told.and(R("R2", 1, { L1: "9" }));
    expect(more.and(Cancel("X", "R1")).lying()).toEqual({ "L1 A": 7 });
    expect(more.and(Cancel("X", "I1")).lying()).toEqual({ "L1 A": 12, "L2 A": 3 });
  });

  test("a location has its own: transfers take lots along", () => {
    const there = told.and(of(TransferGoods("T", "3", "A", "B", on(5)), { L1: "1", L2: "2" }));
    expect(there.lying()).toEqual({ "L2 A": 1, "L1 B": 1, "L2 B": 2 });
    expect(there.answer(I("I2", 6, { L2: "2" }))).toEqual(short("L2", "1", "2"));
    expect(there.answer(I("I2", 6, { L2: "3" }, { location: "B" }))).toMatchObject({
      refusal: { name: "InsufficientLot", location: "B", onHand: "2" },
    });
    expect(there.and(Cancel("X", "T")).lying()).toEqual({ "L1 A": 1, "L2 A": 3 });
  });
});

describe("what comes back", () => {
  const told = rods(R("R1", 1, { L1: "3", L2: "3", L3: "3" }), I("I", 2, { L1: "2", L2: "2" }));
  const back = (name: string, day: number, quantity: string, lots?: Record<string, string>) => {
    const command: ItemCommand = ReturnGoods(name, "I", quantity, on(day));
    return lots ? of(command, lots) : command;
  };

  test("is of the lots that went, no more than went of each", () => {
    const tooMuch = { name: "MoreOfLotThanItMoved", movement: "I" };
    expect(told.answer(back("B", 3, "1", { L3: "1" }))).toEqual({
      refusal: { ...tooMuch, lot: "L3", moved: "0", before: "0", quantity: "1" },
    });
    const once = told.and(back("B", 4, "2", { L1: "1", L2: "1" }));
    expect(once.lying()).toEqual({ "L1 A": 2, "L2 A": 2, "L3 A": 3 });
    expect(once.answer(back("B2", 3, "2", { L1: "2" }))).toEqual({
      refusal: { ...tooMuch, lot: "L1", moved: "2", before: "1", quantity: "2" },
    });
  });

  test("is of all that went where all comes back, or of the only lot; else nobody knows", () => {
    expect(told.and(back("B", 3, "4")).lying()).toEqual({ "L1 A": 3, "L2 A": 3, "L3 A": 3 });
    expect(told.answer(back("B", 3, "3"))).toEqual({ refusal: { name: "LotsRequired" } });
    const only = told.and(I("J", 3, { L3: "3" }), ReturnGoods("B", "J", "2", on(4)));
    expect(only.lying()).toEqual({ "L1 A": 1, "L2 A": 1, "L3 A": 2 });
  });

  test("comes back once: what undid a return can't be undone when its lots came back by another", () => {
    const closed = "2026-03-10";
    const once = told.and(back("B", 3, "1", { L1: "1" }), Cancel("X", "B", { openFrom: closed }));
    expect(once.lying()).toEqual({ "L1 A": 1, "L2 A": 1, "L3 A": 3 });
    // On 5 March it had come back, and was to go again on the 31st only.
    expect(once.answer(back("B2", 5, "2", { L1: "2" }))).toMatchObject({
      refusal: { name: "MoreOfLotThanItMoved", before: "1" },
    });
    const again = once.and(back("B2", 31, "2", { L1: "2" }));
    expect(again.answer(open(Cancel("Y", "X"), closed))).toEqual({
      refusal: { name: "OthersDependOnMovement", movement: "X", dependents: ["B", "B2"] },
    });
  });

  test("arrives of what was dispatched", () => {
    const sent = told.and(of(Dispatch("D", "3", on(3)), { L1: "1", L3: "2" }));
    expect(sent.lying()).toMatchObject({ "L1 road": 1, "L3 road": 2, "L3 A": 1 });
    expect(sent.answer(of(Arrive("V", "D", "1", on(4)), { L2: "1" }))).toMatchObject({
      refusal: { name: "MoreOfLotThanItMoved", lot: "L2", movement: "D", moved: "0" },
    });
    const some = sent.and(of(Arrive("V", "D", "2", on(4)), { L1: "1", L3: "1" }));
    expect(some.lying()).toMatchObject({ "L1 B": 1, "L3 B": 1, "L3 road": 1 });
    expect(sent.and(Arrive("V", "D", "3", on(4))).lying()).toMatchObject({ "L1 B": 1, "L3 B": 2 });
  });
});

describe("what undoes a movement of closed time", () => {
  const closed = "2026-03-10";
  const told = rods(R("R1", 1, { L1: "3", L2: "3" }), R("R2", 2, { L3: "6" }), I("I", 3, { L1: "2" }));

  test("moves the same lots back, which it does not ask for", () => {
    expect(told.and(Cancel("X", "I", { openFrom: closed })).lying()).toEqual({
      ...{ "L1 A": 3, "L2 A": 3, "L3 A": 6 },
    });
    const gone = told.and(of(TransferGoods("T", "2", "A", "B", on(4)), { L2: "2" }));
    expect(gone.and(Cancel("X", "T", { openFrom: closed })).lying()).toEqual(told.lying());
  });

  test("needs them to lie there, whatever else does", () =>
    expect(told.answer(Cancel("X", "R1", { openFrom: closed }))).toEqual(short("L1", "1", "3")));
});

describe("a count", () => {
  const told = rods(R("R1", 1, { L1: "3", L2: "3" }), R("R2", 2, { L3: "1" }));

  test("is of all lots in its area: what is not named was not there", () => {
    const counted = told.and(of(CountStock("C", "5", null, on(5)), { L2: "4", L4: "1" }));
    expect(counted.lying()).toEqual({ "L2 A": 4, "L4 A": 1 });
    expect(told.and(CountStock("C", "0", null, on(5))).lying()).toEqual({});
    expect(told.answer(CountStock("C", "1", null, on(5)))).toEqual({ refusal: { name: "LotsRequired" } });
  });

  test("is absolute: what comes late before it changes what it found", () => {
    const counted = told.and(of(CountStock("C", "4", null, on(5)), { L1: "2", L2: "2" }));
    expect(counted.answer(I("I", 4, { L1: "3", L3: "1" }))).toEqual({
      events: [
        named("I", { L1: "3", L3: "1" }),
        eventOf(IssueGoods("I", "4", on(4)), ["R1", "A", "-4", "-66.67"]),
        {
          type: "LotsMoved",
          data: {
            item: "rod",
            causedBy: "I",
            moved: expect.arrayContaining([
              { movement: "C", lot: "L1", area: "A", date: on(5).effectiveDate, quantity: "3" },
              { movement: "C", lot: "L3", area: "A", date: on(5).effectiveDate, quantity: "1" },
              { movement: "I", lot: "L1", area: "A", date: on(4).effectiveDate, quantity: "-3" },
              { movement: "I", lot: "L3", area: "A", date: on(4).effectiveDate, quantity: "-1" },
            ]),
          },
        },
        expect.objectContaining({ type: "MovementsRecosted" }),
      ],
    });
    const late = counted.and(I("I", 4, { L1: "3", L3: "1" }));
    expect(late.lying()).toEqual({ "L1 A": 2, "L2 A": 2 });
    expect(late.lying(on(4).effectiveDate)).toEqual({ "L2 A": 3 });
  });

  test("that never was gives back what it cut, of its day too", () => {
    const counted = told.and(
      of(CountStock("C", "2", null, on(5)), { L1: "2" }),
      of(ReceiveGoods("R3", "1", "9", on(5)), { L1: "1" }),
    );
    expect(counted.lying()).toEqual({ "L1 A": 3 });
    expect(counted.and(Cancel("X", "C")).lying()).toEqual({ "L1 A": 4, "L2 A": 3, "L3 A": 1 });
    const found = told.and(of(CountStock("C", "8", null, on(5)), { L1: "3", L2: "3", L3: "2" }));
    expect(found.and(I("I", 6, { L3: "2" })).answer(Cancel("X", "C"))).toEqual(
      short("L3", "1", "2", ["I", 6]),
    );
  });

  test("is not asked of one lot in a stocktake: it would be of all", () =>
    expect(told.answer(CountStock("C", "3", null, { lot: "L1" }))).toEqual({
      refusal: { name: "LotsRequired" },
    }));
});

describe("serials are lots of one", () => {
  const told = serials(R("R1", 3, { S1: "1", S2: "1" }));

  test("each is a single unit", () =>
    expect(told.answer(R("R2", 4, { S3: "2" }))).toEqual({
      refusal: { name: "SerialNotOne", lot: "S3", quantity: "2" },
    }));

  test("in one place at a time, at any point", () => {
    const taken = { name: "SerialTaken", location: "A", lot: "S1" };
    expect(told.answer(R("R2", 4, { S1: "1" }))).toEqual({ refusal: taken });
    expect(told.answer(R("R2", 2, { S1: "1" }))).toEqual({
      refusal: { ...taken, leavesShort: { movement: "R1", ...on(3) } },
    });
    expect(told.answer(of(CountStock("C", "1", ["1", "1"], on(5, { location: "B" })), { S1: "1" }))).toEqual({
      refusal: taken,
    });
    const moved = told.and(of(TransferGoods("T", "1", "A", "B", on(5)), { S1: "1" }));
    expect(moved.lying()).toEqual({ "S2 A": 1, "S1 B": 1 });
    const sold = moved.and(I("I", 6, { S1: "1" }, { location: "B" }));
    expect(sold.and(R("R2", 7, { S1: "1" })).lying()).toEqual({ "S1 A": 1, "S2 A": 1 });
    expect(sold.answer(I("I2", 7, { S1: "1" }))).toEqual(short("S1", "0", "1"));
  });

  test("also where each is costed for itself", () => {
    const own = (name: string, lot: string, day: number) => ReceiveGoods(name, "1", "70", on(day, { lot }));
    const costed = withLots([byLot, tracked(true)], own("R1", "S1", 3), own("R2", "S2", 3));
    expect(costed.lying()).toEqual({ "S1 A": 1, "S2 A": 1 });
    expect(costed.answer(own("R3", "S1", 2))).toMatchObject({ refusal: { name: "SerialTaken" } });
    expect(costed.answer(ReceiveGoods("R3", "2", "70", on(3, { lot: "S3" })))).toEqual({
      refusal: { name: "SerialNotOne", lot: "S3", quantity: "2" },
    });
    const sale = IssueGoods("I", "1", on(5, { lot: "S1" }));
    expect(costed.answer(sale)).toEqual({ events: [eventOf(sale, ["R1", "A", "-1", "-70"])] });
    const sold = costed.and(sale);
    expect(sold.answer(ShortIssue("J", "1", ["1", "1"], on(6, { lot: "S1" })))).toMatchObject({
      refusal: { name: "InsufficientLot" },
    });
    const counted = sold.and(CountStock("C", "1", null, on(7, { lot: "S2" })));
    expect(counted.and(Cancel("X", "I")).lying()).toEqual({ "S1 A": 1, "S2 A": 1 });
    expect(counted.and(ReturnGoods("B", "I", "1", on(6))).lying()).toEqual({ "S1 A": 1, "S2 A": 1 });
    const late = counted.and(IssueGoods("K", "1", on(6, { lot: "S2" })));
    expect(late.lying()).toEqual({ "S2 A": 1 });
    expect(late.and(Cancel("Y", "C")).lying()).toEqual({});
  });
});

describe("what is known of a lot", () => {
  const described = (
    lot: string,
    expiresOn: string | null,
    supplierLot: string | null = null,
  ): ItemEvent => ({
    type: "LotDescribed",
    data: { item: "rod", lot, expiresOn, supplierLot },
  });

  test("may be said before it comes, and again: the last holds", () => {
    given(registered, tracked())
      .when(DescribeLot("L1", "2026-03-04", "X-9"))
      .accepted(described("L1", "2026-03-04", "X-9"));
    const told = rods(R("R", 1, { L1: "3" }), DescribeLot("L1", "2026-03-04"));
    expect(told.answer(I("I", 5, { L1: "1" }))).toMatchObject({ refusal: { name: "LotExpired" } });
    expect(told.and(DescribeLot("L1", "2026-03-05"), I("I", 5, { L1: "1" })).lying()).toEqual({ "L1 A": 2 });
    expect(told.and(DescribeLot("L1", null), I("I", 5, { L1: "1" })).lying()).toEqual({ "L1 A": 2 });
  });

  test("an expired one is scrap only", () => {
    const told = rods(R("R", 1, { L1: "3" }), DescribeLot("L1", "2026-03-04"));
    const refusal = { name: "LotExpired", lot: "L1", expiresOn: "2026-03-04", ...on(5) };
    for (const purpose of ["sale", "project", "production"])
      expect(told.answer(I("I", 5, { L1: "1" }, { purpose }))).toEqual({ refusal });
    expect(told.and(I("I", 5, { L1: "1" }, { purpose: "other" })).lying()).toEqual({ "L1 A": 2 });
    expect(told.and(I("I", 4, { L1: "1" })).lying()).toEqual({ "L1 A": 2 });
  });

  test("also where lots are costed", () => {
    const costed = withLots(
      [byLot],
      ReceiveGoods("R", "3", "30", { lot: "L1", ...on(1) }),
      DescribeLot("L1", "2026-03-04"),
    );
    expect(costed.answer(IssueGoods("I", "1", on(5, { lot: "L1" })))).toEqual({
      refusal: { name: "LotExpired", lot: "L1", expiresOn: "2026-03-04", ...on(5) },
    });
  });
});
