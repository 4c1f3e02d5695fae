import { describe, expect, test } from "vitest";
import {
  adjust,
  back,
  cancel,
  cost,
  count,
  invoice,
  issue,
  move,
  of,
  on,
  receive,
  short,
  supplied,
  type Told,
  transfer,
} from "./from-scratch-told.ts";

describe("the book's worked cases", () => {
  test("rows and names of layers", () => {
    expect(
      of(receive("R", "10", "100", 1), issue("I", "4", 2), transfer("T", "3", 3))
        .rows()
        .toSorted(),
    ).toEqual(["I R -4 -40", "R R 10 100", "T R -3 -30", "T T/R 3 30"]);
    const layers = [1, 2].map((n) => ({ quantity: "1", value: `${n}`, receivedOn: on(1) }));
    expect(of(move("RecordOpeningStock", "O", 1, { location: "A", layers })).layers()).toEqual([
      ...["O 1 1", "O/O/2 1 2"],
    ]);
  });

  test("a unit's share is rounded, the last takes the rest", () => {
    const it = of(receive("R", "3", "100", 1), issue("I1", "1", 2), issue("I2", "1", 3), issue("I3", "1", 4));
    expect(["I1", "I2", "I3"].map((name) => it.cost(name)[1])).toEqual([-33.33, -33.34, -33.33]);
  });

  test("late receipts", () => {
    const it = of(receive("L1", "10", "100", 2), receive("L2", "10", "150", 3), issue("I", "20", 4));
    expect(it.cost("I")).toEqual([-20, -250]);
    it.tell(receive("L0", "10", "100", 1));
    expect(it.layers()).toEqual(["L2 10 150"]);
  });

  test("late values", () => {
    const it = of(receive("R", "10", "100", 1), issue("I", "7", 2), invoice("V", "R", "10", "130"));
    expect([it.cost("I"), it.layers()]).toEqual([[-7, -91], ["R 3 39"]]);
    const other = of(receive("R", "10", "100", 2), issue("I", "10", 3), invoice("V", "R", "10", "130"));
    expect(other.cost("I")).toEqual([-10, -130]);
    other.tell(receive("L0", "10", "120", 1));
    expect([other.cost("I"), other.layers()]).toEqual([[-10, -120], ["R 10 130"]]);
  });

  test("a return in reverse", () => {
    const it = of(receive("R1", "10", "100", 1), receive("R2", "10", "200", 1), issue("I", "15", 2));
    it.tell(back("B", "I", "5", 3));
    expect(it.cost("B")).toEqual([5, 100]);
    expect(it.layers()).toEqual(["R2 5 100", "B/R2 5 100"]);
  });

  test("short stock", () => {
    const it = of(receive("R1", "10", "100", 1), receive("R2", "10", "150", 2), short("I", "30", 3));
    expect(it.layers()).toEqual(["I -10 -150"]);
    it.tell(receive("R3", "10", "200", 4));
    expect([it.layers(), it.cost("I")]).toEqual([[], [-30, -450]]);
    expect(it.dated("I")).toContain(`I ${on(4)} 10`);
  });
});

describe("short stock", () => {
  test("a return takes the deficit first, then the draws, and only at its place", () => {
    const it = of(receive("R", "4", "40", 1), short("I", "10", 2));
    expect(it.tell(back("X", "I", "1", 3, "B")).refusal?.name).toBe("IssueIsShort");
    it.tell(back("B", "I", "7", 3));
    expect(it.rows()).toEqual(["R R 4 40", "I R -4 -40", "B B/R 1 10", "I I -6 -60", "B I 6 60"]);
  });

  test("what it costs: here, elsewhere, as stated, or not at all", () => {
    expect(of(short("I", "1", 1)).refusals).toEqual([{ name: "NoCostToGoShortAt", location: "A" }]);
    expect(of(short("I", "2", 1, { quantity: "3", value: "10" })).layers()).toEqual(["I -2 -6.67"]);
    const elsewhere = of(receive("R", "3", "10", 1, "B"), short("I", "2", 1, { quantity: "1", value: "1" }));
    expect(elsewhere.layers()).toEqual(["R 3 10", "I -2 -6.67"]);
  });

  test("a count sees a deficit as less than nothing, and settles it", () => {
    const it = of(receive("R", "2", "20", 1, "B"), short("I", "3", 2));
    it.tell(count("C", "5", 3, { unitCost: { quantity: "1", value: "7" } }));
    expect([it.layers(), it.cost("I")]).toEqual([
      ["R 2 20", "C 5 35"],
      [-3, -21],
    ]);
  });
});

describe("counts", () => {
  const at = (time: string) => ({ time });
  test("cut their day", () => {
    const it = of(receive("R", "10", "100", 1), count("C", "8", 2, at("09:00:00")));
    it.tell(issue("Late", "1", 2, at("08:00:00")));
    expect(it.order()).toEqual(["R", "C", "Late"]);
    it.tell(issue("Named", "1", 2, { ...at("10:00:00"), before: "C" }));
    it.tell(issue("Own", "1", 2, { ...at("07:00:00"), before: "C" }));
    it.tell(receive("Goods", "1", "9", 2));
    it.tell(receive("There", "1", "9", 2, "B"));
    expect(it.order()).toEqual(["R", "There", "Own", "Named", "C", "Goods", "Late"]);
    expect(it.cost("C")).toEqual([0, 0]);
    expect(it.tell(issue("No", "1", 3, { before: "C" })).refusal).toEqual({
      ...{ name: "CountNotFound", count: "C" },
    });
  });

  test("stand after all that was recorded of their day", () => {
    const it = of(receive("R", "10", "100", 1), issue("I", "1", 1), count("C", "8", 1, at("09:00:00")));
    expect([it.order(), it.cost("C")]).toEqual([
      ["R", "I", "C"],
      [-1, -10],
    ]);
  });

  test("keep the cost of a surplus", () => {
    const it = of(receive("R", "3", "10", 1), issue("I", "1", 2), count("C", "2", 3));
    it.tell(issue("Late", "1", 2));
    expect(it.layers()).toEqual(["R 1 3.33", "C 1 3.34"]);
    expect(of(count("C", "0", 1)).refusals).toEqual([{ name: "NoLayerToValueSurplus", location: "A" }]);
  });
});

describe("uninvoiced returns", () => {
  const uninvoiced = { uninvoiced: true };
  test("carry nothing of an invoice's difference, on all their way", () => {
    const it = of(receive("R", "10", "100", 1), transfer("T", "6", 2));
    it.tell(supplied("S", "R", "3", 3, { ...uninvoiced, location: "B" }));
    expect(it.tell(invoice("V", "R", "8", "1")).refusal?.name).toBe("InvoicedMoreThanReceived");
    it.tell(invoice("V", "R", "7", "77"));
    // 7 more on 7 units: 4 stay at A, 3 of the 6 that went to B.
    expect(it.rows()).toEqual([...["R R 10 107", "T R -6 -63", "T T/R 6 63", "S T/R -3 -30"]]);
    it.tell(cost("W", "R", "10"));
    expect(it.cost("S")).toEqual([-3, -33]);
  });

  test("through an issue and what comes back of it", () => {
    const it = of(receive("R", "4", "40", 1), issue("I", "3", 2), back("B", "I", "2", 3));
    it.tell(issue("J", "1", 3));
    it.tell(supplied("S", "R", "1", 4, uninvoiced));
    it.tell(invoice("V", "R", "3", "40"));
    // 10 on three: 3.33 to J; of the 6.67 that I took, one of its carrying two comes back: 3.34.
    expect([it.cost("I")[1], it.cost("B")[1], it.cost("S")[1], it.cost("J")[1]]).toEqual([
      ...[-36.67, 23.34, -10, -13.33],
    ]);
    expect(it.layers()).toEqual(["B/R 1 13.34"]);
  });

  test("never below nothing", () => {
    const it = of(receive("R", "2", "20", 1), supplied("S", "R", "1", 2, uninvoiced), cost("W", "R", "-9"));
    expect(it.tell(invoice("V", "R", "1", "4.4")).refusal?.name).toBe("ReceiptValueBelowZero");
    expect(it.tell(invoice("V", "R", "1", "4.5")).refusal).toBeUndefined();
    expect([it.cost("S"), it.layers()]).toEqual([[-1, -5.5], ["R 1 0"]]);
  });
});

describe("who it came from", () => {
  test("a supplier gets what stems from the receipt first", () => {
    const it = of(receive("Q", "5", "5", 1), receive("R", "5", "10", 2));
    it.tell(transfer("T", "6", 3));
    it.tell(supplied("S", "R", "2", 4, { location: "B" }));
    expect(it.layers()).toEqual(["R 4 8", "T/Q 4 4"]);
    expect(it.tell(supplied("X", "R", "4", 4)).refusal).toEqual({
      ...{ name: "ReturnedMoreThanReceived", received: "5", returned: "2", quantity: "4" },
    });
  });

  test("what arrives is what was dispatched", () => {
    const dispatch = move("DispatchGoods", "D", 2, { from: "A", via: "way", to: "B", quantity: "5" });
    const arrive = (name: string, quantity: string) =>
      move("ArriveGoods", name, 3, { dispatch: "D", location: "B", quantity });
    const it = of(receive("W", "2", "9", 1, "way"), receive("R", "5", "10", 1), dispatch, arrive("E", "3"));
    expect(it.layers()).toEqual(["W 2 9", "D/R 2 4", "E/R 3 6"]);
    expect(it.tell(arrive("F", "3")).refusal).toEqual({
      ...{ name: "ArrivedMoreThanDispatched", dispatched: "5", arrived: "3", quantity: "3" },
    });
  });
});

describe("cancels", () => {
  test("in open time: as if it had never been", () => {
    const it = of(
      receive("R", "5", "10", 1),
      issue("I", "2", 2),
      back("B", "I", "1", 3),
      cost("W", "R", "5"),
    );
    expect(it.tell(cancel("X", "I")).refusal?.["dependents"]).toEqual(["B"]);
    expect(it.tell(cancel("X", "R")).refusal?.["dependents"]).toEqual(["W"]);
    it.tell(cancel("X", "B"));
    it.tell(cancel("Y", "I"));
    expect(it.rows()).toEqual(["R R 5 15"]);
    expect(it.tell(cancel("Z", "I")).refusal?.name).toBe("MovementAlreadyCancelled");
  });

  test("in closed time: back, on an open day", () => {
    const it = of(
      receive("R", "5", "10", 1),
      transfer("T", "2", 2),
      issue("I", "2", 3),
      adjust("L", "-1", null, 4),
    );
    for (const name of ["L", "I", "T", "R"]) it.tell(cancel(`-${name}`, name, 10));
    expect(it.rows().filter((row) => row.startsWith("-"))).toEqual([
      ...["-T T/R -2 -4", "-L -L/R 1 2", "-R -L/R -1 -2", "-I -I/R 2 4", "-R -I/R -2 -4"],
      ...["-T -T/R 2 4", "-R -T/R -2 -4"],
    ]);
    expect(it.layers()).toEqual([]);
    expect(it.tell(issue("J", "1", 12)).refusal?.name).toBe("InsufficientStock");
    it.tell(cancel("again", "-R"));
    expect(it.layers()).toEqual(["-L/R 1 2", "-I/R 2 4", "-T/R 2 4"]);
  });

  test("a compensated return can come back once more, but not before", () => {
    const it = of(receive("R", "5", "10", 1), issue("I", "2", 2), back("B", "I", "2", 3));
    it.tell(cancel("-B", "B", 10, { compensateOn: on(12) }));
    expect(it.tell(back("B2", "I", "2", 11)).refusal?.name).toBe("ReturnedMoreThanIssued");
    expect(it.tell(back("B2", "I", "2", 12)).refusal).toBeUndefined();
    expect(it.tell(cancel("X", "-B", 10)).refusal?.name).toBe("ReturnedMoreThanIssued");
    expect(it.layers()).toEqual(["R 3 6", "B2/R 2 4"]);
  });
});

describe("under freeze", () => {
  const frozen = { policies: [{ policy: "freeze", from: on(1) }] };
  const freeze = ([type, data, extra]: Told): Told => [type, data, { ...frozen, ...extra }];
  const under = (...told: readonly Told[]) => of(...told.map(freeze));
  /** Told after a change back to replay, from that day on. */
  const replay = ([type, data, extra]: Told, day: number): Told => [
    type,
    data,
    { policies: [...frozen.policies, { policy: "replay", from: on(day) }], openFrom: on(day), ...extra },
  ];
  const at = (value: string) => ({ unitCost: { quantity: "1", value } });

  test("a late receipt is a layer in its place, and what was drawn stays drawn", () => {
    const told = [
      ...[receive("L1", "10", "100", 2), receive("L2", "10", "150", 3), issue("I", "20", 4)],
      receive("L0", "10", "100", 1),
    ];
    expect([of(...told).layers(), under(...told).layers()]).toEqual([["L2 10 150"], ["L0 10 100"]]);
    const it = under(...told);
    expect([it.order(), it.cost("I")]).toEqual([
      ["L0", "L1", "L2", "I"],
      [-20, -250],
    ]);
  });

  test("a late issue takes what nothing has taken, of what came before it", () => {
    const it = under(receive("L1", "10", "100", 1), receive("L2", "10", "150", 3), issue("I", "8", 4));
    it.tell(freeze(issue("Late", "2", 2)));
    expect(it.cost("Late")).toEqual([-2, -20]);
    expect(it.tell(freeze(issue("None", "1", 2))).refusal).toEqual({
      ...{ name: "InsufficientStock", location: "A", onHand: "0", reserved: "0", requested: "1" },
    });
    it.tell(freeze(issue("Next", "1", 3)));
    expect(it.cost("Next")).toEqual([-1, -15]);
  });

  test("draws are valued in the order told, value facts among them whenever they are told", () => {
    // 33.33, then half of 66.67, then the rest; 50 of 150, half of 100, the rest.
    const it = under(receive("R", "3", "100", 1), issue("I3", "1", 4), issue("I2", "1", 3));
    it.tell(freeze(issue("I1", "1", 2)));
    expect(["I3", "I2", "I1"].map((name) => it.cost(name)[1])).toEqual([-33.33, -33.34, -33.33]);
    it.tell(freeze(cost("W", "R", "50.01")));
    expect(["I3", "I2", "I1"].map((name) => it.cost(name)[1])).toEqual([-50, -50.01, -50]);
  });

  test("the first count after a late movement takes up the difference", () => {
    const it = under(
      receive("R", "10", "100", 2),
      count("C", "12", 4, at("7")),
      count("D", "12", 6, at("9")),
    );
    expect(it.layers()).toEqual(["R 10 100", "C 2 14"]);
    it.tell(freeze(issue("I", "3", 3)));
    it.tell(freeze(issue("J", "1", 3)));
    expect(it.layers()).toEqual(["R 6 60", "C 2 14", "C/C/2 3 21", "C/C/3 1 7"]);
    it.tell(freeze(receive("L", "4", "8", 1)));
    expect([it.cost("C"), it.cost("D"), it.layers()]).toEqual([
      ...[
        [2, 34],
        [0, 0],
      ],
      ["R 6 60", "C 2 14", "C/C/2 3 21", "C/C/3 1 7"],
    ]);
    it.tell(freeze(issue("Between", "5", 5)));
    expect([it.cost("Between"), it.cost("D")]).toEqual([
      [-5, -50],
      [5, 45],
    ]);
  });

  test("what a count can't take up is refused, and named", () => {
    const it = under(receive("R", "5", "50", 1), issue("X", "5", 10), short("E", "3", 2));
    it.tell(freeze(count("C", "2", 5, at("7"))));
    expect(it.tell(freeze(back("B", "E", "3", 3))).refusal).toEqual({
      ...{ name: "InsufficientStock", location: "A", onHand: "0", reserved: "0", requested: "3" },
      leavesShort: { movement: "C", effectiveDate: on(5) },
    });
    expect([it.layers(), it.cost("C")]).toEqual([["E -3 -30"], [0, 0]]);
    expect(it.tell(freeze(back("B", "E", "3", 6))).refusal).toBeUndefined();
  });

  test("a count draws what it had not drawn, and brings what it had not brought", () => {
    const it = under(receive("R", "10", "100", 2), count("C", "8", 4, at("7")));
    expect(it.cost("C")).toEqual([-2, -20]);
    it.tell(freeze(receive("L", "1", "5", 1)));
    it.tell(freeze(issue("I", "2", 3)));
    // The late unit is the oldest: the count takes it, the issue takes of R.
    expect([it.cost("C"), it.layers()]).toEqual([
      [-1, -11],
      ["R 6 60", "C 2 14"],
    ]);
  });

  test("a surplus that a count found later is what came in last", () => {
    const it = under(receive("R", "10", "100", 1), count("C", "10", 5, at("7")), issue("I", "3", 3));
    it.tell(freeze(short("S", "20", 9)));
    expect(it.rows().filter((row) => row.startsWith("S"))).toEqual([
      "S R -7 -70",
      "S C -3 -21",
      "S S -10 -70",
    ]);
  });

  test("short issues: the oldest first, whoever was told first", () => {
    const it = under(receive("Q", "1", "10", 1, "B"), short("New", "2", 6), short("Old", "2", 3));
    it.tell(freeze(receive("R", "3", "60", 5)));
    expect(it.layers()).toEqual(["Q 1 10", "New -1 -10"]);
    expect([it.dated("Old"), it.dated("New")]).toEqual([
      [`R ${on(5)} -2`, `Old ${on(3)} -2`, `Old ${on(5)} 2`],
      [`R ${on(6)} -1`, `New ${on(6)} -1`],
    ]);
    expect(it.cost("Old")).toEqual([-2, -40]);
  });

  test("what is cancelled is compensated, in open time too; but for counts", () => {
    const it = under(receive("R", "5", "10", 1), issue("I", "2", 3), count("C", "3", 4));
    it.tell(freeze(cancel("-I", "I", undefined, { compensateOn: on(6) })));
    expect([it.layers(), it.cost("-I")]).toEqual([
      ["R 3 6", "-I/R 2 4"],
      [2, 4],
    ]);
    expect(it.tell(freeze(cancel("-C", "C"))).refusal).toEqual({ name: "CountClosed", movement: "C" });
  });

  test("no more comes back than went, at any place", () => {
    const it = under(receive("R", "5", "10", 1), issue("I", "2", 2), back("B", "I", "2", 9));
    it.tell(freeze(cancel("-B", "B", undefined, { compensateOn: on(12) })));
    expect(it.tell(freeze(back("B2", "I", "1", 5))).refusal?.name).toBe("ReturnedMoreThanIssued");
    expect(it.tell(freeze(back("B2", "I", "2", 12))).refusal).toBeUndefined();
  });

  test("nothing is undone before it was, or before what came of it was undone", () => {
    const it = under(receive("R", "5", "10", 1), issue("I", "2", 4), back("B", "I", "2", 5));
    it.tell(freeze(cancel("-B", "B", undefined, { compensateOn: on(12) })));
    const soon = (firstDay: number, day: number) => ({
      name: "UndoneTooSoon",
      ...{ effectiveDate: on(day), firstDate: on(firstDay) },
    });
    const undone = (day: number) => it.tell(freeze(cancel("-I", "I", undefined, { compensateOn: on(day) })));
    expect(undone(3).refusal).toEqual(soon(12, 3));
    expect(undone(6).refusal).toEqual(soon(12, 6));
    expect(undone(12).refusal).toBeUndefined();
    expect(it.layers()).toEqual(["R 3 6", "-I/R 2 4"]);
  });

  test("what is replayed afterwards leaves what was frozen", () => {
    const it = under(receive("R", "10", "100", 2), issue("I", "4", 3), receive("L", "4", "80", 1));
    it.tell(replay(issue("J", "5", 12), 10));
    expect([it.cost("I"), it.cost("J")]).toEqual([
      [-4, -40],
      [-5, -90],
    ]);
    it.tell(replay(issue("K", "3", 11), 10));
    expect([it.cost("I"), it.cost("K"), it.cost("J")]).toEqual([
      ...[
        [-4, -40],
        [-3, -60],
      ],
      [-5, -60],
    ]);
    it.tell(replay(cancel("-K", "K"), 10));
    expect(it.cost("J")).toEqual([-5, -90]);
    it.tell(replay(cancel("-I", "I", undefined, { compensateOn: on(10) }), 10));
    expect(it.cost("-I")).toEqual([4, 40]);
  });

  test("what comes back again is what had not come back, and all that came back is all that went", () => {
    const told = [receive("R1", "2", "20", 1), receive("R2", "2", "40", 1), issue("I", "4", 2)];
    const it = under(...told, back("B1", "I", "2", 3), back("B2", "I", "2", 4));
    it.tell(freeze(cancel("-B1", "B1", undefined, { compensateOn: on(12) })));
    it.tell(freeze(back("B3", "I", "2", 13)));
    expect(["I", "B2", "B3"].map((name) => it.cost(name)[1])).toEqual([-60, 20, 40]);
    expect(it.layers()).toEqual(["B2/R1 2 20", "B3/R2 2 40"]);
  });

  test("a return to a supplier that is undone was none: it bears of invoices, and there may be another", () => {
    const told = [receive("R", "8", "80", 1), issue("I", "2", 11), invoice("V", "R", "4", "20")];
    const it = under(...told, supplied("S", "R", "4", 10, { uninvoiced: true }));
    expect([it.cost("I"), it.cost("S")]).toEqual([
      [-2, -10],
      [-4, -40],
    ]);
    it.tell(freeze(cancel("-S", "S", undefined, { compensateOn: on(12) })));
    expect([it.cost("I"), it.cost("S"), it.cost("-S")]).toEqual([
      [-2, -15],
      [-4, -30],
      [4, 30],
    ]);
    expect(it.tell(freeze(supplied("S2", "R", "6", 13))).refusal).toBeUndefined();
  });

  test("what is placed after it is nothing to a late movement, though it stems from the receipt or came in last", () => {
    const it = under(receive("R", "5", "50", 1), receive("Q", "5", "10", 1, "B"), transfer("T", "5", 5));
    it.tell(freeze(supplied("S", "R", "3", 3, { location: "B" })));
    expect([it.layers(), it.cost("S")]).toEqual([
      ["Q 2 4", "T/R 5 50"],
      [-3, -6],
    ]);
    it.tell(freeze(short("I", "3", 4, null)));
    expect([it.cost("I"), it.layers()]).toEqual([
      [-3, -30],
      ["Q 2 4", "T/R 5 50", "I -3 -30"],
    ]);
    it.tell(freeze(issue("J", "3", 4, { location: "B", mayGoShort: { statedCost: null } })));
    // Two of Q; of the third, Q's cost until it is settled, at once and of what came later.
    expect(it.rows().filter((row) => row.startsWith("J"))).toEqual([
      ...["J Q -2 -4", "J T/R -1 -10", "J J -1 -2", "J J 1 2"],
    ]);
    expect(it.dated("J")).toEqual([`Q ${on(4)} -2`, `T/R ${on(5)} -1`, `J ${on(4)} -1`, `J ${on(5)} 1`]);
  });

  test("the first count by its place takes up the difference, not the one told first", () => {
    const it = under(
      receive("R", "10", "100", 1),
      count("D", "10", 6, at("9")),
      count("C", "10", 4, at("7")),
    );
    it.tell(freeze(issue("I", "1", 2)));
    expect([it.cost("C"), it.cost("D")]).toEqual([
      [1, 7],
      [0, 0],
    ]);
  });

  test("what was replayed before it stays, also when it is replayed again", () => {
    const it = of(receive("R", "10", "100", 2), issue("I", "4", 3));
    it.tell(replay(cancel("-I", "I", 2, { compensateOn: on(10) }), 10));
    expect([it.cost("I"), it.cost("-I")]).toEqual([
      [-4, -40],
      [4, 40],
    ]);
  });
});

describe("a project's own stock", () => {
  const pin = (name: string, quantity: string, project: string, day: number, type = "PinGoods") =>
    move(type, name, day, { quantity, project, location: "A", reference: null });
  const own = ([type, data]: Told, project: string): Told => [type, data, { project }];
  const freeze = ([type, data, extra]: Told): Told => [
    type,
    data,
    { policies: [{ policy: "freeze" }], ...extra },
  ];
  const R1 = receive("R1", "10", "100", 1);
  const R2 = receive("R2", "10", "200", 2);

  test("is what pins take of the free one, oldest first; it is FIFO by itself", () => {
    const it = of(R1, R2, pin("P", "12", "X", 3), own(issue("I", "11", 4), "X"), issue("J", "3", 4));
    expect(it.refusals).toEqual([]);
    expect([it.cost("I"), it.cost("J")]).toEqual([
      [-11, -120],
      [-3, -60],
    ]);
    expect(it.layers()).toEqual(["R2 5 100", "P/R2 1 20"]);
    expect(it.tell(issue("K", "6", 5)).refusal).toEqual({
      ...{ name: "InsufficientStock", location: "A", onHand: "6", reserved: "1", requested: "6" },
    });
    expect(it.tell(own(short("K", "2", 5), "X")).refusal).toEqual({
      ...{ name: "InsufficientStock", location: "A", onHand: "6", reserved: "5", requested: "2" },
    });
    expect(it.tell(pin("U", "1", "X", 6, "UnpinGoods")).refusal).toBeUndefined();
    expect(it.layers()).toEqual(["R2 5 100", "U/R2 1 20"]);
  });

  test("a count takes what is free, then what is pinned, by project", () => {
    const it = of(R1, pin("P", "3", "Y", 2), pin("Q", "3", "X", 2), count("C", "2", 3));
    expect(it.layers()).toEqual(["P/R1 2 20"]);
    const other = of(R1, pin("P", "3", "Y", 2), count("C", "12", 3));
    expect(other.layers()).toEqual(["R1 7 70", "P/R1 3 30", "C 2 20"]);
  });

  test("what comes back is of the project it went from; undone, a pin gives back its own", () => {
    const it = of(own(receive("R", "5", "50", 1), "X"), own(issue("I", "3", 2), "X"), back("B", "I", "2", 3));
    expect(it.tell(issue("J", "1", 4)).refusal).toMatchObject({ onHand: "4", reserved: "4" });
    const frozen = of(R1, pin("P", "4", "X", 2));
    frozen.tell(freeze(cancel("-P", "P", undefined, { compensateOn: on(3) })));
    expect(frozen.layers()).toEqual(["R1 6 60", "-P/R1 4 40"]);
    expect(frozen.tell(freeze(issue("J", "10", 4))).refusal).toBeUndefined();
  });

  test("under freeze a late pin changes nothing of a count, a late issue of a project does", () => {
    const it = of(R1, pin("P", "4", "X", 2), count("C", "9", 5));
    it.tell(freeze(pin("Q", "2", "X", 3)));
    expect(it.cost("C")).toEqual([-1, -10]);
    it.tell(freeze(own(issue("I", "2", 3), "X")));
    expect(it.cost("C")[0]).toBe(1);
  });
});
