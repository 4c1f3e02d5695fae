import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry, History } from "../../../domain/inventory/history.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { bringerOf, openingName, receiptOf } from "../../../domain/inventory/leg.ts";
import { frozenHistories, played } from "../../support/histories.ts";
import { Cancel, Pin, ShortIssue } from "../../support/moves.ts";
import { on, recorded } from "../../support/recorded.ts";
import {
  d,
  IssueGoods,
  ReceiveGoods,
  RecordOpeningStock,
  ReturnGoods,
  TransferGoods,
} from "../../support/rod.ts";

/** Of November, of January, and of November again: the first and the last are as old as the name says. */
const days = ["2025-11-30", "2026-01-20", "2025-11-30"];
const opening = RecordOpeningStock("O", [], on(1));
const O: ItemCommand = {
  ...opening,
  data: {
    ...opening.data,
    layers: days.map((receivedOn) => ({ quantity: d("5"), value: d("50"), receivedOn })),
  },
};
const told = (...layers: readonly (readonly [layer: string, receivedOn: string])[]) =>
  layers.map(([layer, receivedOn]) => ({ layer, receivedOn }));
const says = (answer: object) =>
  (answer as { events: readonly ItemEvent[] }).events.flatMap((event) =>
    event.type === "FirstReceiptsTold" ? event.data.layers : [],
  );

/** COSTING §2: the date of first receipt travels with a layer. */
describe("of an opening stock's later layers", () => {
  const moved = TransferGoods("T", "12", "A", "B", on(2));

  test("what a transfer brings of them says when it first came, where its name says another day", () =>
    expect(recorded(O).answer(moved)).toMatchObject({
      events: [
        { type: "GoodsTransferred" },
        {
          type: "FirstReceiptsTold",
          data: { item: "rod", causedBy: "T", layers: told(["T/O/2", "2026-01-20"]) },
        },
      ],
    }));

  test("nothing is said where all is as the name says", () => {
    expect(says(recorded(O).answer(TransferGoods("T", "5", "A", "B", on(2))))).toEqual([]);
    expect(
      says(recorded(ReceiveGoods("R", "5", "50", on(1))).answer(TransferGoods("T", "5", "A", "B", on(2)))),
    ).toEqual([]);
  });

  test("it travels on: transferred again, pinned, issued and returned", () => {
    const book = recorded(O, moved);
    expect(says(book.answer(TransferGoods("U", "7", "B", "A", on(3))))).toEqual(
      told(["U/O/2", "2026-01-20"]),
    );
    expect(says(book.answer(Pin("P", "7", "P1", { ...on(3), location: "B" })))).toEqual(
      told(["P/O/2", "2026-01-20"]),
    );
    const back = book
      .and(IssueGoods("I", "7", { ...on(3), location: "B" }))
      .answer(ReturnGoods("R", "I", "2", on(4)));
    expect(says(back)).toEqual(told(["R/O", "2026-01-20"]));
  });

  test("also through what an issue lacked, and had of them later", () => {
    const short = ShortIssue("I", "7", ["1", "9"], { effectiveDate: "2026-02-27" });
    expect(says(recorded(short, O).answer(ReturnGoods("B", "I", "1", on(4))))).toEqual(
      told(["B/O", "2026-01-20"]),
    );
  });

  test("a late fact tells it of all that came of what it changes, though nothing else is otherwise there", () => {
    const [first, then] = [
      TransferGoods("T", "5", "A", "B", on(2)),
      TransferGoods("U", "5", "B", "C", on(3)),
    ];
    const late = IssueGoods("I", "5", on(1, { time: "08:00:00" }));
    expect(says(recorded(O, first, then).answer(late))).toEqual(
      told(["T/O", "2026-01-20"], ["U/O", "2026-01-20"]),
    );
  });

  test("a late fact that changes what was taken says it anew; so does a cancelling", () => {
    const book = recorded(O, moved);
    const late = IssueGoods("I", "5", on(1, { time: "08:00:00" }));
    expect(says(recorded(O, TransferGoods("T", "10", "A", "B", on(2))).answer(late))).toEqual(
      told(["T/O", "2026-01-20"], ["T/O/2", "2025-11-30"]),
    );
    expect(says(book.and(Cancel("X", "T")).answer(TransferGoods("U", "6", "A", "B", on(2))))).toEqual(
      told(["U/O/2", "2026-01-20"]),
    );
    const undone = recorded(
      O,
      TransferGoods("T", "8", "A", "B", on(2)),
      IssueGoods("I", "2", { ...on(1), time: "08:00:00" }),
    );
    expect(says(undone.answer(Cancel("X", "I")))).toEqual([]);
    const before = recorded(O, IssueGoods("I", "5", on(2)), TransferGoods("T", "3", "A", "B", on(3)));
    expect(says(before.answer(Cancel("X", "I")))).toEqual(told(["T/O", "2025-11-30"]));
  });
});

/**
 * Goal: whatever is recorded, in whatever order, of every open layer the book knows when its goods first came.
 * Method: drawn histories, of both policies; after every decision, what events have told of layers, or the receipt in their
 * names; against the days that goods bring along when they are followed from layer to layer through what movements took and brought.
 */
test("of every open layer, events tell when its goods first came", () => {
  let others = 0;
  fc.assert(
    fc.property(frozenHistories, (history) => {
      const known = new Map<string, string>();
      for (const { decision } of played(history)) {
        if (!decision.ok) continue;
        for (const event of decision.events) enter(known, event);
        const { after } = decision;
        if (after?.status !== "Registered" || after.history.stale !== undefined) continue;
        const followed = daysOf(after.history);
        for (const [, queue] of after.history.queues.entries())
          for (const [place, { id, units }] of queue.layers.entries()) {
            if (units < 0n) continue;
            if (known.has(id) && receiptOf(id) !== id) others += 1;
            expect([id, known.get(id) ?? known.get(receiptOf(id))]).toEqual([id, followed.get(place)]);
          }
      }
    }),
    { numRuns: Number(process.env["HISTORIES"] ?? 1_000) },
  );
  expect(others).toBeGreaterThan(0);
});

function enter(known: Map<string, string>, { type, data }: ItemEvent): void {
  if (type === "OpeningStockRecorded")
    for (const [n, { receivedOn }] of data.layers.entries())
      known.set(openingName(data.movement, n), receivedOn);
  else if (type === "FirstReceiptsTold")
    for (const { layer, receivedOn } of data.layers) known.set(layer, receivedOn);
  else if ("effectiveDate" in data) known.set(data.movement, data.effectiveDate);
}

/** By the place of a layer. */
function daysOf({ movements }: History): ReadonlyMap<string, string> {
  const days = new Map<string, string>();
  for (const [, entry] of movements.entries()) {
    const { move, legs, settled = [] } = entry;
    const taken = legs.filter(({ units }) => units < 0n);
    const brought = [...legs, ...settled].filter(({ units, deficit }) => units > 0n && !deficit);
    for (const [n, { place, from, layer }] of brought.entries()) {
      const source = from ?? (isCarried(entry) ? taken[n]?.place : undefined);
      const own =
        move.type === "RecordOpeningStock" ? move.data.layers[n]?.receivedOn : move.data.effectiveDate;
      expect(bringerOf(layer)).toBe(move.data.movement);
      days.set(place, (source === undefined ? own : days.get(source)) ?? "");
    }
  }
  return days;
}

/** What a count found later is of its own day. */
const isCarried = ({ move, legs }: Entry): boolean =>
  move.type !== "CountStock" && legs.some(({ units }) => units < 0n);
