import fc from "fast-check";
import { expect, test } from "vitest";
import { counted } from "../../../api/counting.ts";
import { type Item, item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { tracked } from "../../support/lots.ts";
import { plain } from "../../support/plain.ts";
import { d, registered, rod, today } from "../../support/rod.ts";
import {
  after,
  asked,
  dayOf,
  drawn,
  type Lying,
  lyingAfter,
  type Mode,
  rowsIn,
  sums,
  textOf,
} from "./lots-asked.ts";
import { type Fact, replayed } from "./lots-replayed.ts";

/** As the log has it where that is the first open day. */
const countedFrom = (day: string) => counted(() => day);

const runs = { numRuns: Number(process.env["HISTORIES"] ?? 1_000) };

/** `deaf`: of the last closing. `reopens`: the last closed day. */
const raced = fc.record({
  each: drawn,
  deaf: fc.nat(4),
  closes: fc.nat(3),
  reopens: fc.nat(4),
});
const histories = fc.record({
  mode: fc.constantFrom<Mode>("lots", "lots", "serials", "costed serials"),
  drawn: fc.array(raced, { minLength: 8, maxLength: 30 }),
});

/**
 * Goal: lots and costs count on the same days, whatever a closing overtook, and whatever was opened again: a lot lies where it costs
 * something (COSTING §5). In the end no lot counts on a later day than it ought to.
 * Method: histories in which some commands are decided by who has not heard of the last closing; their events count as the log has them.
 * After each, the sums of lot rows by area are the sums of cost rows, at the end of every day; recalled, a command gives the same
 * events; and what closed time held stays. At last all is opened and dated again: then lots are what a plain replay has on each day.
 */
test("lots count on the days on which their costs do", () => {
  const seen = { displaced: 0, back: 0, atLast: 0 };
  fc.assert(
    fc.property(histories, ({ mode, drawn: moves }) => {
      const serials = mode !== "lots";
      const costBy = mode === "costed serials" ? "lot" : "fifo";
      let state = [
        { type: "ItemRegistered", data: { ...rod, quantityScale: 0, costBy } } as const,
        { type: "LotsTracked", data: { item: "rod", serials } } as const,
      ].reduce(item.evolve, item.initial);
      let facts: readonly Fact[] = [];
      let lying: Lying = new Map();
      let events: readonly ItemEvent[] = [];
      let openFrom = 1;

      /** As the log has them, whoever decided. */
      function append(decided: readonly ItemEvent[]): void {
        const stored = decided.map((event) => countedFrom(dayOf(openFrom))(event, 0n));
        const closed = closedLots(events, openFrom);
        state = stored.reduce(item.evolve, state);
        events = [...events, ...stored];
        expect(closedLots(events, openFrom)).toEqual(closed);
        const { lotRows, costRows } = rowsIn(events);
        for (let day = 1; day <= 8; day++)
          expect(sums(lotRows, dayOf(day), ({ area }) => area)).toEqual(
            sums(costRows, dayOf(day), ({ area }) => area),
          );
      }
      function decide(command: Parameters<typeof item.decide>[0]) {
        const decision = item.decide(command, state);
        if (!decision.ok) return undefined;
        const again = { ...item.recall(...decision.events), openFrom: command.openFrom };
        expect(item.decide(again, state)).toMatchObject({ events: decision.events });
        return decision;
      }

      for (const [nth, { each, ...race }] of moves.entries()) {
        if (race.reopens === 0 && openFrom > 1) openFrom -= 1;
        let heard = openFrom;
        if (race.closes === 0 && openFrom < 8) {
          openFrom += 1;
          heard = race.deaf > 0 ? openFrom - 1 : openFrom;
        }
        const name = `${each.kind.slice(0, 3)}${nth}`;
        const ask = asked(name, each, mode, facts, heard, lying);
        const decision = decide(ask.command);
        if (!decision) continue;
        const compensates = decision.events.some(({ type }) => type === "MovementCompensated");
        facts = after(facts, ask, name, compensates);
        lying = lyingAfter(replayed(facts, serials).ends);
        append(decision.events);
        const back = decision.events.some(
          (event) => event.type === "LotsMoved" && goesBack(event.data.moved),
        );
        if (back) seen.back++;
        if (heard === openFrom && decision.after?.status === "Registered" && state.status === "Registered")
          expect(plain(decision.after.tracking)).toEqual(plain(state.tracking));
        if (displacedOf(state) > 0) seen.displaced++;
      }
      openFrom = 1;
      const redated = decide({
        type: "RedateCosts",
        data: { item: "rod", causedBy: "all" },
        ...{ today: "", openFrom: dayOf(1) },
      });
      if (redated) append(redated.events);
      if (redated?.events.some(({ type }) => type === "LotsMoved")) seen.atLast++;
      expect(displacedOf(state)).toBe(0);
      const { ends } = replayed(facts, serials);
      const { lotRows } = rowsIn(events);
      for (let day = 1; day <= 8; day++) {
        const there = [...ends].findLast(([end]) => end <= dayOf(day))?.[1] ?? new Map<string, number>();
        expect(sums(lotRows, dayOf(day), ({ lot, area }) => `${lot} ${area}`)).toEqual(textOf(there));
      }
    }),
    runs,
  );
  if (process.env["SEEN"]) console.log(seen);
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(20);
});

test("where nothing but lots goes back, the command is known by that", () => {
  const [first, third] = [dayOf(1), dayOf(3)];
  const about = { item: "rod", time: null, lot: null, location: "A", reference: null };
  const received: ItemCommand = {
    type: "ReceiveGoods",
    data: { ...about, movement: "R", effectiveDate: first, quantity: d("3"), value: d("9") },
    ...{ today, lots: [{ lot: "L1", quantity: d("3") }] },
  };
  const found: ItemCommand = {
    type: "CountStock",
    data: { ...about, movement: "C", effectiveDate: first, counted: d("3"), unitCost: null, stocktake: null },
    ...{ today, lots: [{ lot: "L2", quantity: d("3") }] },
  };
  let state = [registered, tracked()].reduce(item.evolve, item.initial);
  for (const command of [received, found]) {
    const decision = item.decide(command, state);
    if (!decision.ok) throw new Error(decision.refusal.name);
    const asStored = countedFrom(command === found ? third : first);
    state = decision.events.map((event) => asStored(event, 0n)).reduce(item.evolve, state);
  }
  const redate = { type: "RedateCosts", data: { item: "rod", causedBy: "x" }, today: "" } as const;
  const decision = item.decide({ ...redate, openFrom: first }, state);
  if (!decision.ok) throw new Error(decision.refusal.name);
  expect(decision.events.map(({ type }) => type)).toEqual(["LotsMoved"]);
  expect(item.recall(...decision.events)).toEqual(redate);
});

const displacedOf = (state: Item): number =>
  (state.status === "Registered" && state.tracking?.displaced.size) || 0;

const goesBack = (moved: readonly Readonly<{ movement: string; date: string }>[]): boolean =>
  moved.some(({ movement, date }, index) => {
    const next = moved[index + 1];
    return next?.movement === movement && next.date < date;
  });

/** What lay where on the last closed day. */
const closedLots = (events: readonly ItemEvent[], openFrom: number): readonly string[] =>
  sums(rowsIn(events).lotRows, dayOf(openFrom - 1), ({ lot, area }) => `${lot} ${area}`);
