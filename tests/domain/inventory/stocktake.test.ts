import { describe, expect, test } from "vitest";
import { LINES_MAX, stocktake } from "../../../domain/inventory/stocktake.ts";
import type { StocktakeCommand, StocktakeEvent } from "../../../domain/inventory/stocktake-events.ts";
import { canonicalJson } from "../../../domain/kernel/event.ts";
import { stocktakeCommands } from "../../../domain/processes/stocktake.ts";
import { specOf } from "../../support/given.ts";
import { d } from "../../support/rod.ts";

const given = specOf(stocktake);
const today = "2026-03-31";
const sheet = { stocktake: "S", location: "A", date: "2026-03-20", reference: "sheet 3" };
const of = { stocktake: "S" };

const OpenStocktake = (but: object = {}, openFrom?: string): StocktakeCommand => ({
  ...{ type: "OpenStocktake", data: { ...sheet, ...but }, today, openFrom },
});
const line = (item: string, counted: string, but: object = {}) => ({
  ...{ item, lot: null, counted: d(counted), unitCost: null },
  ...but,
});
const CountLine = (item: string, counted: string, countedBy = "ben", but: object = {}): StocktakeCommand => ({
  ...{ type: "CountLine", data: { ...of, ...line(item, counted, but), countedBy }, today },
});
const Approve = (approvedBy = "ada"): StocktakeCommand => ({
  ...{ type: "ApproveStocktake", data: { ...of, approvedBy }, today },
});
const Post = (openFrom?: string): StocktakeCommand => ({ type: "PostStocktake", data: of, today, openFrom });
const Abandon: StocktakeCommand = {
  ...{ type: "AbandonStocktake", data: { ...of, reason: "wrong hall" }, today },
};

const opened: StocktakeEvent = { type: "StocktakeOpened", data: sheet };
const counted = (n: number, item: string, quantity: string, countedBy = "ben", but: object = {}) =>
  ({
    type: "StocktakeLineCounted",
    data: { ...of, line: n, ...line(item, quantity, but), countedBy },
  }) as const;
const approved = (approvedBy = "ada"): StocktakeEvent => ({
  ...{ type: "StocktakeApproved", data: { ...of, approvedBy } },
});
const posted = (...lines: readonly (readonly [n: number, item: string, quantity: string, but?: object])[]) =>
  ({
    type: "StocktakePosted",
    data: {
      ...sheet,
      approvedBy: "ada",
      lines: lines.map(([n, item, quantity, but]) => ({ line: n, ...line(item, quantity, but) })),
    },
  }) as const;
const by = (approvedBy: string, { type, data }: ReturnType<typeof posted>) => ({
  ...{ type, data: { ...data, approvedBy } },
});
const refusal = { ...of, line: 1, item: "rod", lot: null, movement: "e1-1" };
const refused: StocktakeEvent = {
  type: "StocktakeLineRefused",
  data: { ...refusal, reason: "InsufficientStock", leavesShort: "I-7" },
};
const abandoned: StocktakeEvent = { type: "StocktakeAbandoned", data: { ...of, reason: "wrong hall" } };
const Report: StocktakeCommand = { type: "ReportRefusedCount", data: refused.data, today };

const sheetCounted = [opened, counted(1, "rod", "7"), counted(2, "oil", "3")];

test("a stocktake is opened once, counted, approved and posted", () => {
  given().when(OpenStocktake()).accepted(opened);
  given(opened)
    .when(CountLine("rod", "7"))
    .accepted(counted(1, "rod", "7"));
  given(...sheetCounted)
    .when(Approve())
    .accepted(approved());
  given(...sheetCounted, approved())
    .when(Post())
    .accepted(posted([1, "rod", "7"], [2, "oil", "3"]));
  given(opened).when(OpenStocktake()).refused({ name: "StocktakeAlreadyOpened" });
});

test("the lots that a line was counted by are those of its last count", () => {
  const lots = [
    { lot: "L1", quantity: d("4") },
    { lot: "L2", quantity: d("3") },
  ];
  const ofLots = { type: "StocktakeLotsCounted", data: { ...of, line: 1, lots } } as const;
  given(opened)
    .when(CountLine("rod", "7", "ben", { lots }))
    .accepted(counted(1, "rod", "7"), ofLots);
  expect(stocktake.recall(counted(1, "rod", "7"), ofLots)).toEqual({
    ...CountLine("rod", "7", "ben", { lots }),
    today: "",
  });
  const lotsOf = (...events: StocktakeEvent[]) => {
    const state = events.reduce(stocktake.evolve, stocktake.initial);
    return state.status === "New" ? [] : state.lines.map((each) => each.lots);
  };
  const twoLines = [...sheetCounted, counted(2, "oil", "1"), ofLots, approved()];
  expect(lotsOf(...twoLines, posted([1, "rod", "7"], [2, "oil", "1"]))).toEqual([lots, undefined]);
  expect(lotsOf(...twoLines, counted(1, "rod", "6"))).toEqual([undefined, undefined]);
});

test("nothing comes before the opening", () => {
  for (const command of [CountLine("rod", "7"), Approve(), Post(), Abandon, Report])
    given().when(command).refused({ name: "StocktakeNotOpened" });
});

test("it is of today or an earlier day, and of one that is open", () => {
  given()
    .when(OpenStocktake({ date: "2026-04-01" }))
    .refused({ name: "EffectiveDateAfterToday", effectiveDate: "2026-04-01", today });
  given()
    .when(OpenStocktake({}, "2026-03-21"))
    .refused({ name: "PeriodClosed", effectiveDate: sheet.date, openFrom: "2026-03-21" });
  given().when(OpenStocktake({}, sheet.date)).accepted(opened);
  // It may be closed while they count.
  given(...sheetCounted, approved())
    .when(Post("2026-03-21"))
    .refused({ name: "PeriodClosed", effectiveDate: sheet.date, openFrom: "2026-03-21" });
  given(opened, counted(1, "rod", "7"), approved())
    .when(Post(sheet.date))
    .accepted(posted([1, "rod", "7"]));
});

describe("a line is an item, and a lot of it", () => {
  test("counted again, the last count is what counts", () => {
    const again = counted(1, "rod", "8", "eve", { unitCost: { quantity: d("1"), value: d("9") } });
    given(...sheetCounted)
      .when(CountLine("rod", "8", "eve", { unitCost: { quantity: d("1"), value: d("9") } }))
      .accepted(again);
    given(...sheetCounted, again, approved())
      .when(Post())
      .accepted(posted([1, "rod", "8", { unitCost: again.data.unitCost }], [2, "oil", "3"]));
  });

  test("another lot is another line", () =>
    given(opened, counted(1, "rod", "7", "ben", { lot: "L1" }))
      .when(CountLine("rod", "5", "ben", { lot: "L2" }))
      .accepted(counted(2, "rod", "5", "ben", { lot: "L2" })));

  test("there are no more than one posting can say", () => {
    const full = Array.from({ length: LINES_MAX }, (_, n) => counted(n + 1, `i${n}`, "1"));
    given(opened, ...full)
      .when(CountLine("rod", "1"))
      .refused({ name: "TooManyLines", most: LINES_MAX });
    given(opened, ...full)
      .when(CountLine("i7", "2"))
      .accepted(counted(8, "i7", "2"));
    const [longest, name] = [d(`-${"9".repeat(18)}.999999`), "x".repeat(64)];
    const unitCost = { quantity: longest, value: longest };
    const event = posted(...full.map((_, n) => [n + 1, name, longest, { lot: name, unitCost }] as const));
    expect(Buffer.byteLength(canonicalJson(event.data))).toBeLessThan(850 * 1_024);
  });
});

describe("whoever approves has counted none of it", () => {
  test("not even what was counted again since", () => {
    for (const name of ["ben", "eve"])
      given(...sheetCounted, counted(1, "rod", "8", "eve"))
        .when(Approve(name))
        .refused({ name: "ApproverCounted", approvedBy: name });
    given(...sheetCounted, counted(1, "rod", "8", "eve"))
      .when(Approve("ada"))
      .accepted(approved("ada"));
  });

  test("there is something to approve, and once is enough", () => {
    given(opened).when(Approve()).refused({ name: "NoLineToPost" });
    given(...sheetCounted, approved())
      .when(Approve("zoe"))
      .refused({ name: "StocktakeAlreadyApproved", approvedBy: "ada" });
  });

  test("a count takes the approval back", () => {
    const recounted = [...sheetCounted, approved(), counted(2, "oil", "4", "eve")];
    given(...recounted)
      .when(Post())
      .refused({ name: "StocktakeNotApproved" });
    given(...recounted)
      .when(Approve())
      .accepted(approved());
  });
});

describe("posting", () => {
  test("needs an approval, and a line", () => {
    given(opened).when(Post()).refused({ name: "NoLineToPost" });
    given(...sheetCounted)
      .when(Post())
      .refused({ name: "StocktakeNotApproved" });
  });

  const done = [...sheetCounted, approved(), posted([1, "rod", "7"], [2, "oil", "3"])];

  test("what is posted is not posted again, nor counted", () => {
    given(...done)
      .when(Post())
      .refused({ name: "NoLineToPost" });
    given(...done)
      .when(CountLine("oil", "4"))
      .refused({ name: "LineAlreadyPosted", line: 2 });
  });

  test("a line that its item refused is posted again as it is, or counted again and approved", () => {
    given(...done)
      .when(Report)
      .accepted(refused);
    given(...done, refused)
      .when(Post())
      .accepted(posted([1, "rod", "7"]));
    given(...done, refused, counted(1, "rod", "6"))
      .when(Post())
      .refused({ name: "StocktakeNotApproved" });
    given(...done, refused, counted(1, "rod", "6"), approved("zoe"))
      .when(Post())
      .accepted(by("zoe", posted([1, "rod", "6"])));
    given(...done, refused, posted([1, "rod", "7"]))
      .when(Post())
      .refused({ name: "NoLineToPost" });
  });

  test("so is one that nobody thought of before", () => {
    given(...done, counted(3, "nut", "9"), approved())
      .when(Post())
      .accepted(posted([3, "nut", "9"]));
  });

  test("only what is posted can have been refused", () => {
    given(...sheetCounted)
      .when(Report)
      .refused({ name: "LineNotPosted", line: 1 });
    given(...done, refused)
      .when(Report)
      .refused({ name: "LineNotPosted", line: 1 });
  });

  test("each line is a command to its item, always of the same name", () => {
    const { data } = posted([1, "rod", "7", { lot: "L1" }], [3, "oil", "0"]);
    const lots = [{ lot: "L1", quantity: d("7") }];
    const all = stocktakeCommands(data, "e1", (n) => (n === 1 ? lots : undefined));
    expect(all.map(({ command: { lots: of } }) => of)).toEqual([lots, undefined]);
    expect(
      all.map(({ line: n, item, commandId, command: { lots: _lots, ...command } }) => [
        ...[n, item, commandId, command],
      ]),
    ).toEqual(
      data.lines.map(({ line: n, ...one }) => [
        n,
        one.item,
        `e1-${n}`,
        {
          type: "CountStock",
          approvedBy: "ada",
          data: {
            ...{ ...one, movement: `e1-${n}`, effectiveDate: sheet.date, time: null },
            ...{ location: "A", stocktake: "S", reference: "sheet 3" },
          },
        },
      ]),
    );
  });
});

test("a stocktake is abandoned while nothing of it is posted, and then it is over", () => {
  given(...sheetCounted, approved())
    .when(Abandon)
    .accepted(abandoned);
  given(opened, counted(1, "rod", "7"), approved(), posted([1, "rod", "7"]))
    .when(Abandon)
    .refused({ name: "LinesPosted", lines: 1 });
  given(opened, counted(1, "rod", "7"), approved(), posted([1, "rod", "7"]), refused)
    .when(Abandon)
    .accepted(abandoned);
  for (const command of [CountLine("rod", "7"), Approve(), Post(), Abandon])
    given(...sheetCounted, abandoned)
      .when(command)
      .refused({ name: "StocktakeAbandoned" });
  given(opened, abandoned).when(OpenStocktake()).refused({ name: "StocktakeAlreadyOpened" });
});
