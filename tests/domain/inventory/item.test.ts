import { describe, expect, test } from "vitest";
import { item } from "../../../domain/inventory/item.ts";
import type { ItemCommand, ItemRefusal } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent, ItemEvents } from "../../../domain/inventory/item-events.ts";
import { specOf } from "../../support/given.ts";
import {
  AdjustStock,
  byLot,
  d,
  deactivated,
  eventOf,
  IssueGoods,
  type Move,
  ReceiveGoods,
  RecordOpeningStock,
  type Row,
  received,
  registered,
  rod,
  TransferGoods,
  today,
} from "../../support/rod.ts";

const given = specOf(item);
describe("the item itself", () => {
  test("is registered as asked, under its own name and scales", () =>
    given().when({ type: "RegisterItem", data: rod, today }).accepted(registered));

  test("is registered once, whatever the second time says", () =>
    given(registered)
      .when({ type: "RegisterItem", data: { ...rod, costBy: "lot" }, today })
      .refused({ name: "ItemAlreadyRegistered" }));

  test("is renamed, again and again, and nothing else of it changes", () => {
    const renamed = { item: "rod", name: "Stange" };
    const event: ItemEvent = { type: "ItemRenamed", data: renamed };
    given(registered).when({ type: "RenameItem", data: renamed, today }).accepted(event);
    given(registered, received("R", "1", "5"), event)
      .when({ type: "RenameItem", data: { item: "rod", name: "Rod" }, today })
      .accepted({ type: "ItemRenamed", data: { item: "rod", name: "Rod" } });
    given(registered, received("R", "1", "5"), event)
      .when(IssueGoods("I", "1"))
      .accepted(eventOf(IssueGoods("I", "1"), ["R", "A", "-1", "-5"]));
  });

  test("is deactivated once no stock is left, be it at one location of several", () => {
    const deactivate: ItemCommand = { type: "DeactivateItem", data: { item: "rod" }, today };
    given(registered).when(deactivate).accepted(deactivated);
    const moved = eventOf(TransferGoods("T", "3"), ["R", "A", "-3", "-30"], ["T/R", "B", "3", "30"]);
    given(registered, received("R", "3", "30"), moved)
      .when(deactivate)
      .refused({ name: "StockOnHand", location: "B", onHand: d("3") });
    const gone = eventOf(IssueGoods("I", "3", { location: "B" }), ["T/R", "B", "-3", "-30"]);
    given(registered, received("R", "3", "30"), moved, gone)
      .when(deactivate)
      .accepted(deactivated);
  });

  test("is not deactivated for stock that is worth nothing, or in one lot of several", () => {
    const deactivate: ItemCommand = { type: "DeactivateItem", data: { item: "rod" }, today };
    given(registered, received("R", "0.1", "0"))
      .when(deactivate)
      .refused({ name: "StockOnHand", location: "A", onHand: d("0.1") });
    const gone = eventOf(IssueGoods("I", "3", { lot: "L1" }), ["R", "A", "-3", "-30"]);
    given(byLot, received("R", "3", "30", { lot: "L1" }), received("S", "2", "1", { lot: "L2" }), gone)
      .when(deactivate)
      .refused({ name: "StockOnHand", location: "A", onHand: d("2") });
  });
});

const moves: readonly Move[] = [
  RecordOpeningStock("O", [["1", "1"]]),
  ReceiveGoods("R", "1", "1"),
  IssueGoods("I", "1"),
  TransferGoods("T", "1"),
  AdjustStock("C", "1", "1"),
  AdjustStock("C", "-1", null),
];
const others: readonly ItemCommand[] = [
  { type: "RenameItem", data: { item: "rod", name: "Stange" }, today },
  { type: "DeactivateItem", data: { item: "rod" }, today },
];

test.each([...moves, ...others])(
  "nothing happens before registration or after deactivation: $type",
  (command) => {
    given().when(command).refused({ name: "ItemNotRegistered" });
    given(registered, deactivated).when(command).refused({ name: "ItemDeactivated" });
  },
);

describe("an opening", () => {
  test("brings one layer, named after it", () => {
    const open = RecordOpeningStock("O", [["10", "100"]]);
    given(registered)
      .when(open)
      .accepted(eventOf(open, ["O", "A", "10", "100"]));
  });

  test("brings several in the order given, equal or not, and they are drawn in that order", () => {
    const open = RecordOpeningStock("O", [
      ["1", "9"],
      ["1", "9"],
      ["2", "0"],
    ]);
    const opened = eventOf(open, ["O", "A", "1", "9"], ["O/O/2", "A", "1", "9"], ["O/O/3", "A", "2", "0"]);
    given(registered).when(open).accepted(opened);
    const drawn = IssueGoods("I", "3.5");
    given(registered, opened)
      .when(drawn)
      .accepted(
        eventOf(drawn, ["O", "A", "-1", "-9"], ["O/O/2", "A", "-1", "-9"], ["O/O/3", "A", "-1.5", "0"]),
      );
  });

  test("is a receipt in costing order: it stands before the issues of its day, and after earlier receipts", () => {
    const open = RecordOpeningStock("O", [["1", "9"]]);
    const drawn = IssueGoods("I", "1.5");
    given(registered, received("R", "1", "5"), eventOf(open, ["O", "A", "1", "9"]))
      .when(drawn)
      .accepted(eventOf(drawn, ["R", "A", "-1", "-5"], ["O", "A", "-0.5", "-4.5"]));
  });
});

test("a receipt is a layer of its own; one for nothing too", () => {
  given(registered)
    .when(ReceiveGoods("R", "10", "100"))
    .accepted(received("R", "10", "100"));
  const but = { reference: "LS-1", time: "08:00:00", location: "B" };
  given(registered)
    .when(ReceiveGoods("R", "0.1", "0", but))
    .accepted(received("R", "0.1", "0", but));
});

describe("an issue", () => {
  const two = [registered, received("R1", "10", "100"), received("R2", "10", "200")];
  const fifteen = eventOf(IssueGoods("I", "15"), ["R1", "A", "-10", "-100"], ["R2", "A", "-5", "-100"]);

  test("draws from the oldest layer first: 10 at 10, 10 at 20, issue 15, costs 200", () =>
    given(...two)
      .when(IssueGoods("I", "15"))
      .accepted(fifteen));

  test("leaves what it did not draw: 5 worth 100", () =>
    given(...two, fifteen)
      .when(IssueGoods("J", "5"))
      .accepted(eventOf(IssueGoods("J", "5"), ["R2", "A", "-5", "-100"])));

  test("does not merge layers of equal cost", () =>
    given(registered, received("R1", "1", "10"), received("R2", "1", "10"))
      .when(IssueGoods("I", "2"))
      .accepted(eventOf(IssueGoods("I", "2"), ["R1", "A", "-1", "-10"], ["R2", "A", "-1", "-10"])));

  test("of exactly a layer does not touch the next", () =>
    given(...two)
      .when(IssueGoods("I", "10"))
      .accepted(eventOf(IssueGoods("I", "10"), ["R1", "A", "-10", "-100"])));

  test.each([
    ["3", "100", ["33.33", "33.34", "33.33"]],
    ["2", "0.01", ["0.01", "0"]],
    ["4", "0.02", ["0.01", "0", "0.01", "0"]],
    // Worth what is left: 1.153…, 1.154…, 1.153… of 15 : 13, 13.85 : 12, 12.70 : 11, …
    [
      "13",
      "15",
      [
        "1.15",
        "1.15",
        "1.15",
        "1.16",
        "1.15",
        "1.16",
        "1.15",
        "1.16",
        "1.15",
        "1.16",
        "1.15",
        "1.16",
        "1.15",
      ],
    ],
  ])("one by one from %s for %s costs %j, and nothing is left over", (quantity, value, costs) => {
    const history = [registered, received("R", quantity, value)];
    for (const [n, cost] of costs.entries()) {
      const one = IssueGoods(`I${n}`, "1");
      const drawn = eventOf(one, ["R", "A", "-1", cost === "0" ? "0" : `-${cost}`]);
      given(...history)
        .when(one)
        .accepted(drawn);
      history.push(drawn);
    }
    given(...history)
      .when({ type: "DeactivateItem", data: { item: "rod" }, today })
      .accepted(deactivated);
  });

  test("is refused where the location is short, whatever lies elsewhere", () => {
    const refusal = { name: "InsufficientStock", reserved: d("0"), requested: d("10.1") } as const;
    given(registered, received("R", "10", "100"))
      .when(IssueGoods("I", "10.1"))
      .refused({ ...refusal, location: "A", onHand: d("10") });
    given(registered, received("R", "100", "100"))
      .when(IssueGoods("I", "10.1", { location: "B" }))
      .refused({ ...refusal, location: "B", onHand: d("0") });
  });

  test("keeps to the cent at the largest figures", () => {
    const [most, value] = ["999999999999999999.9", "999999999999999999.99"];
    const first = eventOf(IssueGoods("I", "333333333333333333.3"), [
      "R",
      "A",
      "-333333333333333333.3",
      "-333333333333333333.33",
    ]);
    given(registered, received("R", most, value))
      .when(IssueGoods("I", "333333333333333333.3"))
      .accepted(first);
    given(registered, received("R", most, value), first)
      .when(IssueGoods("J", "666666666666666666.6"))
      .accepted(
        eventOf(IssueGoods("J", "666666666666666666.6"), [
          "R",
          "A",
          "-666666666666666666.6",
          "-666666666666666666.66",
        ]),
      );
  });
});

describe("a transfer", () => {
  test("takes its layer along, with its value to the cent, to the last cent", () => {
    const history = [registered, received("R", "3", "100")];
    for (const [name, value] of [
      ["T1", "33.33"],
      ["T2", "33.34"],
      ["T3", "33.33"],
    ] as const) {
      const move = TransferGoods(name, "1");
      const moved = eventOf(move, ["R", "A", "-1", `-${value}`], [`${name}/R`, "B", "1", value]);
      given(...history)
        .when(move)
        .accepted(moved);
      history.push(moved);
    }
    const all = IssueGoods("I", "3", { location: "B" });
    given(...history)
      .when(all)
      .accepted(
        eventOf(
          all,
          ["T1/R", "B", "-1", "-33.33"],
          ["T2/R", "B", "-1", "-33.34"],
          ["T3/R", "B", "-1", "-33.33"],
        ),
      );
  });

  test("draws from the oldest first; first all that leaves, then all that arrives, in the same order", () => {
    const move = TransferGoods("T", "15");
    given(registered, received("R1", "10", "100"), received("R2", "10", "200"))
      .when(move)
      .accepted(
        eventOf(
          move,
          ["R1", "A", "-10", "-100"],
          ["R2", "A", "-5", "-100"],
          ["T/R1", "B", "10", "100"],
          ["T/R2", "B", "5", "100"],
        ),
      );
  });

  test("names several pieces of one receipt apart, and every piece after its receipt, not after its way", () => {
    const history = [registered, received("R", "3", "30"), received("Q", "1", "7")];
    const go = (name: string, quantity: string, from: string, to: string, ...rows: readonly Row[]) => {
      const move = TransferGoods(name, quantity, from, to);
      given(...history)
        .when(move)
        .accepted(eventOf(move, ...rows));
      history.push(eventOf(move, ...rows));
    };
    go("T1", "1", "A", "B", ["R", "A", "-1", "-10"], ["T1/R", "B", "1", "10"]);
    go(
      "T2",
      "3",
      "A",
      "B",
      ["R", "A", "-2", "-20"],
      ["Q", "A", "-1", "-7"],
      ["T2/R", "B", "2", "20"],
      ["T2/Q", "B", "1", "7"],
    );
    go(
      "T3",
      "3.5",
      "B",
      "A",
      ["T1/R", "B", "-1", "-10"],
      ["T2/R", "B", "-2", "-20"],
      ["T2/Q", "B", "-0.5", "-3.5"],
      ["T3/R", "A", "1", "10"],
      ["T3/R/2", "A", "2", "20"],
      ["T3/Q", "A", "0.5", "3.5"],
    );
    go(
      "T4",
      "2",
      "A",
      "C",
      ["T3/R", "A", "-1", "-10"],
      ["T3/R/2", "A", "-1", "-10"],
      ["T4/R", "C", "1", "10"],
      ["T4/R/2", "C", "1", "10"],
    );
  });

  test("of opening layers names the pieces after the opening", () => {
    const open = RecordOpeningStock("O", [
      ["1", "1"],
      ["1", "2"],
      ["1", "3"],
    ]);
    const opened = eventOf(open, ["O", "A", "1", "1"], ["O/O/2", "A", "1", "2"], ["O/O/3", "A", "1", "3"]);
    const first = eventOf(TransferGoods("T", "1"), ["O", "A", "-1", "-1"], ["T/O", "B", "1", "1"]);
    const rest = TransferGoods("U", "2");
    given(registered, opened, first)
      .when(rest)
      .accepted(
        eventOf(
          rest,
          ["O/O/2", "A", "-1", "-2"],
          ["O/O/3", "A", "-1", "-3"],
          ["U/O", "B", "1", "2"],
          ["U/O/2", "B", "1", "3"],
        ),
      );
  });

  test("puts its goods after all that are there, however old they are", () => {
    const moved = eventOf(
      TransferGoods("T", "1", "A", "B", { effectiveDate: "2026-03-03" }),
      ["R", "A", "-1", "-5"],
      ["T/R", "B", "1", "5"],
    );
    const drawn = IssueGoods("I", "2", { location: "B", effectiveDate: "2026-03-03" });
    given(
      registered,
      received("R", "1", "5"),
      received("Q", "1", "7", { location: "B", effectiveDate: "2026-03-02" }),
      moved,
    )
      .when(drawn)
      .accepted(eventOf(drawn, ["Q", "B", "-1", "-7"], ["T/R", "B", "-1", "-5"]));
  });

  test("to where the goods are is refused, be they there or not", () => {
    given(registered, received("R", "1", "1"))
      .when(TransferGoods("T", "1", "A", "A"))
      .refused({ name: "SameLocation", location: "A" });
    given(registered)
      .when(TransferGoods("T", "1", "B", "B"))
      .refused({ name: "SameLocation", location: "B" });
  });

  test("is refused where it would leave its own location short", () =>
    given(registered, received("R", "1", "1"), received("Q", "9", "1", { location: "B" }))
      .when(TransferGoods("T", "2"))
      .refused({
        name: "InsufficientStock",
        location: "A",
        onHand: d("1"),
        reserved: d("0"),
        requested: d("2"),
      }));
});

describe("an adjustment", () => {
  test("downward draws like an issue", () => {
    const loss = AdjustStock("C", "-11", null);
    given(registered, received("R1", "10", "100"), received("R2", "3", "100"))
      .when(loss)
      .accepted(eventOf(loss, ["R1", "A", "-10", "-100"], ["R2", "A", "-1", "-33.33"]));
  });

  test("downward is refused beyond what is there", () =>
    given(registered, received("R1", "10", "100"))
      .when(AdjustStock("C", "-10.1", null))
      .refused({
        name: "InsufficientStock",
        location: "A",
        onHand: d("10"),
        reserved: d("0"),
        requested: d("10.1"),
      }));

  test.each(["0", "7.77"])("upward with a stated value is a layer of that value: %s", (value) => {
    const surplus = AdjustStock("C", "2", value);
    given(registered)
      .when(surplus)
      .accepted(eventOf(surplus, ["C", "A", "2", value]));
    given(registered, received("R", "1", "5"))
      .when(surplus)
      .accepted(eventOf(surplus, ["C", "A", "2", value]));
  });

  test("upward without one takes its share of the open layer last in place", () => {
    const history = [
      registered,
      received("R1", "1", "50"),
      received("R2", "3", "100"),
      received("Q", "1", "9", { location: "B" }),
    ];
    const surplus = AdjustStock("C", "2", null);
    given(...history)
      .when(surplus)
      .accepted(eventOf(surplus, ["C", "A", "2", "66.67"]));
    const drawn = eventOf(IssueGoods("I", "2"), ["R1", "A", "-1", "-50"], ["R2", "A", "-1", "-33.33"]);
    given(...history, drawn)
      .when(surplus)
      .accepted(eventOf(surplus, ["C", "A", "2", "66.67"]));
    given(...history, eventOf(AdjustStock("C0", "1", "1"), ["C0", "A", "1", "1"]))
      .when(surplus)
      .accepted(eventOf(surplus, ["C", "A", "2", "2"]));
  });

  test("upward takes an arrived piece as last in place, whenever its goods were first received", () => {
    const moved = eventOf(TransferGoods("T", "1", "B", "A"), ["Q", "B", "-1", "-9"], ["T/Q", "A", "1", "9"]);
    const surplus = AdjustStock("C", "0.5", null);
    given(registered, received("Q", "1", "9", { location: "B" }), received("R", "1", "5"), moved)
      .when(surplus)
      .accepted(eventOf(surplus, ["C", "A", "0.5", "4.5"]));
  });

  test("upward without one is refused where no layer is open", () => {
    const refusal: ItemRefusal = { name: "NoLayerToValueSurplus", location: "A" };
    const surplus = AdjustStock("C", "2", null);
    given(registered, received("Q", "1", "9", { location: "B" }))
      .when(surplus)
      .refused(refusal);
    given(registered, received("R", "1", "5"), eventOf(IssueGoods("I", "1"), ["R", "A", "-1", "-5"]))
      .when(surplus)
      .refused(refusal);
    given(byLot, received("R", "1", "5", { lot: "L1" }))
      .when(AdjustStock("C", "2", null, { lot: "L2" }))
      .refused(refusal);
  });

  test("upward is a layer like any other: the last drawn, and named after it when it moves", () => {
    const surplus = eventOf(AdjustStock("C", "1", null), ["C", "A", "1", "5"]);
    const move = TransferGoods("T", "2");
    given(registered, received("R", "1", "5"), surplus)
      .when(move)
      .accepted(
        eventOf(
          move,
          ["R", "A", "-1", "-5"],
          ["C", "A", "-1", "-5"],
          ["T/R", "B", "1", "5"],
          ["T/C", "B", "1", "5"],
        ),
      );
  });

  test.each([
    ["999999999999999999.99", "1", undefined],
    ["999999999999999999.99", "1.1", "ValueOutOfRange"],
    ["909090909090909090.9", "1.1", undefined],
    ["909090909090909090.91", "1.1", "ValueOutOfRange"],
  ])("upward from 1 worth %s, %s more: %s", (value, quantity, name) => {
    const surplus = AdjustStock("C", quantity, null);
    const when = given(registered, received("R", "1", value)).when(surplus);
    if (name) when.refused({ name: "ValueOutOfRange", digitsMax: 18 });
    else when.accepted(eventOf(surplus, ["C", "A", quantity, "999999999999999999.99"]));
  });
});

describe("lots", () => {
  const stock = [
    byLot,
    received("R1", "1", "10", { lot: "L1" }),
    received("R2", "1", "20", { lot: "L2" }),
    received("R3", "1", "30", { lot: "L1" }),
  ];

  test("are queues of their own", () => {
    const second = IssueGoods("I", "1", { lot: "L2" });
    given(...stock)
      .when(second)
      .accepted(eventOf(second, ["R2", "A", "-1", "-20"]));
    const first = IssueGoods("I", "1.5", { lot: "L1" });
    given(...stock)
      .when(first)
      .accepted(eventOf(first, ["R1", "A", "-1", "-10"], ["R3", "A", "-0.5", "-15"]));
  });

  test("do not stand in for each other", () =>
    given(...stock)
      .when(IssueGoods("I", "2", { lot: "L2" }))
      .refused({
        name: "InsufficientStock",
        location: "A",
        onHand: d("1"),
        reserved: d("0"),
        requested: d("2"),
      }));

  test.each([
    ["A-1", "L", "A", "1-L"],
    ["A_1", "L", "A", "1_L"],
    ["A.1", "L", "A", "1.L"],
    ["A", "1 L", "A", "1"],
    ["A", "1", "1", "A"],
  ])("are not mixed up, however they are named: %s of %s, %s of %s", (here, lot, location, other) =>
    given(byLot, received("R", "1", "10", { location: here, lot }))
      .when(IssueGoods("I", "1", { location, lot: other }))
      .refused({ name: "InsufficientStock", location, onHand: d("0"), reserved: d("0"), requested: d("1") }),
  );

  test("stay what they are on the way to another location", () => {
    const move = TransferGoods("T", "1", "A", "B", { lot: "L2" });
    const moved = eventOf(move, ["R2", "A", "-1", "-20"], ["T/R2", "B", "1", "20"]);
    given(...stock)
      .when(move)
      .accepted(moved);
    const there = IssueGoods("I", "1", { lot: "L2", location: "B" });
    given(...stock, moved)
      .when(there)
      .accepted(eventOf(there, ["T/R2", "B", "-1", "-20"]));
    given(...stock, moved)
      .when(IssueGoods("I", "1", { lot: "L1", location: "B" }))
      .refused({
        name: "InsufficientStock",
        location: "B",
        onHand: d("0"),
        reserved: d("0"),
        requested: d("1"),
      });
  });

  test("are valued apart: a surplus takes its cost from its own", () => {
    const surplus = AdjustStock("C", "1", null, { lot: "L2" });
    given(...stock)
      .when(surplus)
      .accepted(eventOf(surplus, ["C", "A", "1", "20"]));
  });

  test.each(moves)(
    "are named in every movement where they are kept, and in none elsewhere: $type",
    ({ type, data }) => {
      const lotted = { type, data: { ...data, lot: "L1" }, today } as ItemCommand;
      given(byLot)
        .when({ type, data, today } as ItemCommand)
        .refused({ name: "LotRequired" });
      given(registered).when(lotted).refused({ name: "LotNotKept" });
    },
  );
});

/**
 * Each command's key against that of the latest movement. A row of the table: what is recorded, what comes, whether it
 * is late. `null` is no time.
 */
describe("today", () => {
  test("tomorrow is refused", () => {
    given(registered)
      .when(ReceiveGoods("R", "1", "1", { effectiveDate: today }))
      .accepted(received("R", "1", "1", { effectiveDate: today }));
    given(registered)
      .when(ReceiveGoods("R", "1", "1", { effectiveDate: "2026-04-01" }))
      .refused({ name: "EffectiveDateAfterToday", effectiveDate: "2026-04-01", today });
  });
});

describe("figures finer than their scale are refused, never rounded", () => {
  const coarse: ItemEvent = { type: "ItemRegistered", data: { ...rod, quantityScale: 0, valueScale: 0 } };
  const quantity: ItemRefusal = { name: "QuantityTooPrecise", quantity: d("1.5"), scale: 0 };
  const value: ItemRefusal = { name: "ValueTooPrecise", value: d("0.5"), scale: 0 };
  test.each([
    [
      RecordOpeningStock("O", [
        ["1", "1"],
        ["1.5", "1"],
      ]),
      quantity,
    ],
    [
      RecordOpeningStock("O", [
        ["1", "1"],
        ["1", "0.5"],
      ]),
      value,
    ],
    [
      RecordOpeningStock("O", [
        ["1", "0.5"],
        ["1.5", "1"],
      ]),
      quantity,
    ],
    [ReceiveGoods("R", "1.5", "1"), quantity],
    [ReceiveGoods("R", "1", "0.5"), value],
    [ReceiveGoods("R", "1.5", "0.5"), quantity],
    [IssueGoods("I", "1.5"), quantity],
    [TransferGoods("T", "1.5"), quantity],
    [AdjustStock("C", "1.5", "1"), quantity],
    [AdjustStock("C", "1.5", null), quantity],
    [AdjustStock("C", "1", "0.5"), value],
  ] as const)("%j", (command, refusal) =>
    given(coarse, received("S", "9", "9"))
      .when(command)
      .refused(refusal),
  );

  test("a loss too, with the quantity as it was asked", () => {
    given(coarse, received("S", "9", "9"))
      .when(AdjustStock("C", "-1.5", null))
      .refused({ name: "QuantityTooPrecise", quantity: d("-1.5"), scale: 0 });
  });
});

/**
 * Goal: of several reasons, the one named is the first of the fixed order, whatever else is wrong.
 * Method: a command that is wrong in every way at once is put right one way at a time.
 */
describe("of several reasons the first is named", () => {
  const ahead = { effectiveDate: "2026-04-01" };
  const before = [registered, received("S", "1", "1")];
  const tooFine = { name: "QuantityTooPrecise", quantity: d("9.55"), scale: 1 } as const;

  test("registered already, whatever it is by now", () => {
    const again: ItemCommand = { type: "RegisterItem", data: rod, today };
    given(registered, deactivated).when(again).refused({ name: "ItemAlreadyRegistered" });
  });

  test("of a movement of an item that there is not, or no longer", () => {
    const wrong = TransferGoods("T", "9.55", "A", "A", { ...ahead, lot: "L1" });
    given().when(wrong).refused({ name: "ItemNotRegistered" });
    given(registered, deactivated).when(wrong).refused({ name: "ItemDeactivated" });
    given(...before)
      .when(wrong)
      .refused({ name: "EffectiveDateAfterToday", ...ahead, today });
  });

  test("of a transfer", () => {
    given(...before)
      .when(TransferGoods("T", "9.55", "A", "A", { lot: "L1" }))
      .refused({ name: "LotNotKept" });
    given(byLot, received("S", "1", "1", { lot: "L1" }))
      .when(TransferGoods("T", "9.55", "A", "A"))
      .refused({ name: "LotRequired" });
    given(...before)
      .when(TransferGoods("T", "9.55", "A", "A"))
      .refused(tooFine);
    given(...before)
      .when(TransferGoods("T", "9.5", "A", "A"))
      .refused({ name: "SameLocation", location: "A" });
    given(...before)
      .when(TransferGoods("T", "9.5"))
      .refused({
        name: "InsufficientStock",
        location: "A",
        onHand: d("1"),
        reserved: d("0"),
        requested: d("9.5"),
      });
  });

  test("of a surplus", () => {
    given(...before)
      .when(AdjustStock("C", "9.55", "0.001"))
      .refused(tooFine);
    given(...before)
      .when(AdjustStock("C", "9.5", "0.001"))
      .refused({ name: "ValueTooPrecise", value: d("0.001"), scale: 2 });
    given(...before)
      .when(AdjustStock("C", "9.55", null, { location: "B" }))
      .refused(tooFine);
    given(...before)
      .when(AdjustStock("C", "9.5", null, { location: "B" }))
      .refused({ name: "NoLayerToValueSurplus", location: "B" });
  });
});

describe("a movement of many rows", () => {
  const layers = (count: number) => Array.from({ length: count }, (_, n) => [`${n + 1}`, `${n}`] as const);
  const name = (n: number) => (n === 0 ? "O" : `O/O/${n + 1}`);
  const openRows = (count: number): readonly Row[] => layers(count).map(([q, v], n) => [name(n), "A", q, v]);
  const transferRows = (count: number): readonly Row[] => {
    const out = layers(count).map(([q, v], n): Row => [name(n), "A", `-${q}`, v === "0" ? "0" : `-${v}`]);
    const into = layers(count).map(([q, v], n): Row => [n === 0 ? "T/O" : `T/O/${n + 1}`, "B", q, v]);
    return [...out, ...into];
  };
  /** 1,000 rows in the movement's event, and in each of those that continue it. */
  const split = (move: Move, rows: readonly Row[]): readonly [ItemEvent, ...ItemEvent[]] => {
    const rest: ItemEvent[] = [];
    for (let from = 1_000; from < rows.length; from += 1_000) {
      const event = eventOf(move, ...rows.slice(from, from + 1_000)).data as ItemEvents["GoodsIssued"];
      rest.push({
        type: "CostRowsContinued",
        data: { item: "rod", movement: event.movement, rows: event.rows },
      });
    }
    return [eventOf(move, ...rows.slice(0, 1_000)), ...rest];
  };

  test.each([999, 1_000, 1_001, 2_000, 2_001])("an opening of %i layers, and all of them issued", (count) => {
    const open = RecordOpeningStock("O", layers(count));
    const opened = split(open, openRows(count));
    expect(opened.length).toBe(Math.ceil(count / 1_000));
    given(registered)
      .when(open)
      .accepted(...opened);
    const all = IssueGoods("I", `${(count * (count + 1)) / 2}`);
    const drawn = split(all, transferRows(count).slice(0, count));
    given(registered, ...opened)
      .when(all)
      .accepted(...drawn);
    given(registered, ...opened, ...drawn)
      .when({ type: "DeactivateItem", data: { item: "rod" }, today })
      .accepted(deactivated);
  });

  test.each([500, 501, 1_001])("a transfer of %i layers, which goes on where it arrives", (count) => {
    const opened = split(RecordOpeningStock("O", layers(count)), openRows(count));
    const quantity = `${(count * (count + 1)) / 2}`;
    const move = TransferGoods("T", quantity);
    const moved = split(move, transferRows(count));
    given(registered, ...opened)
      .when(move)
      .accepted(...moved);
    const there = IssueGoods("I", "1.5", { location: "B" });
    given(registered, ...opened, ...moved)
      .when(there)
      .accepted(eventOf(there, ["T/O", "B", "-1", "0"], ["T/O/2", "B", "-0.5", "-0.25"]));
  });

  test("of a lot goes on in that lot", () => {
    const lot = { lot: "L" };
    const opened = split(RecordOpeningStock("O", layers(1_200), lot), openRows(1_200));
    const quantity = `${(1_200 * 1_201) / 2}`;
    const all = IssueGoods("I", quantity, lot);
    const drawn = split(all, transferRows(1_200).slice(0, 1_200));
    given(byLot, ...opened)
      .when(all)
      .accepted(...drawn);
    given(byLot, ...opened, ...drawn)
      .when({ type: "DeactivateItem", data: { item: "rod" }, today })
      .accepted(deactivated);
  });
});
