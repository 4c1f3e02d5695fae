import fc from "fast-check";
import { expect, test } from "vitest";
import type { CostRow } from "../../../domain/inventory/cost-row.ts";
import { type Item, item } from "../../../domain/inventory/item.ts";
import type { ItemCommand, ItemRefusal } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { answerOf } from "../../support/given.ts";
import {
  closedHistories,
  counted,
  frozenHistories,
  type History,
  lateHistories,
  played,
  playedBy,
  type Step,
} from "../../support/histories.ts";
import { fromScratch } from "./from-scratch.ts";

const runs = { numRuns: Number(process.env["HISTORIES"] ?? 1_000) };
const rowsOf = (events: readonly ItemEvent[]): readonly CostRow[] =>
  events.flatMap(({ data }) => ("rows" in data ? data.rows : []));

function grouped<T>(all: readonly T[], by: (each: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(by(each), [...(groups.get(by(each)) ?? []), each]);
  return groups;
}

/** Sums by movement, layer and day, in the smallest steps; what is nothing is not there. */
function summed(rows: readonly CostRow[], { quantityScale, valueScale }: History) {
  const sums = new Map<string, readonly [units: bigint, worth: bigint]>();
  for (const { movement, layer, area, date, quantity, value } of rows) {
    const name = `${movement} ${layer} ${area} ${date}`;
    const [units, worth] = sums.get(name) ?? [0n, 0n];
    sums.set(name, [units + counted(quantity, quantityScale), worth + counted(value, valueScale)]);
  }
  for (const [name, [units, worth]] of sums) if (units === 0n && worth === 0n) sums.delete(name);
  return sums;
}

/**
 * Goal (COSTING, property 3): what is booked is what ought to be, after every decision, whatever came late; and a
 * movement is refused exactly when it, or one after it, would find too little, or its day is closed.
 * Method: an oracle that lays all that was accepted in costing order and starts from scratch (from-scratch.ts). The sums of all
 * rows so far are equal, by movement and layer; its own event says what was asked; corrections name their cause.
 */
test("booked is what an oracle computes from scratch", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.oneof(closedHistories, frozenHistories), (history) => {
      const oracle = fromScratch(history);
      const booked: CostRow[] = [];
      for (const { command, policies, decision } of played(history)) {
        if (isAboutTheItem(command)) continue;
        if (!decision.ok && /^Item/.test(decision.refusal.name)) continue; // it is no longer in use
        if (!decision.ok && decision.refusal.name === "ValueOutOfRange") return; // the oracle has room for any
        if (!decision.ok && tookBackDeficit(decision.refusal, booked)) continue;
        const { refusal, also = [] } = oracle.tell({
          ...told(command, decision.ok ? decision.events : []),
          policies,
        });
        const name = decision.ok ? kindOf(command) : decision.refusal.name;
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (!decision.ok) {
          expect([refusal?.name, ...also].map(named)).toContain(named(decision.refusal.name));
          if (decision.refusal.name === "InsufficientStock" && refusal?.name === "InsufficientStock")
            expect(refusal).toEqual(withoutDay(decision.refusal));
          continue;
        }
        expect(refusal).toBeUndefined();
        for (const { type, data } of decision.events)
          if (type === "MovementsRecosted") expect(data.causedBy).toBe(causeOf(command));
        booked.push(...rowsOf(decision.events));
        expect(summed(booked.map(undated), history)).toEqual(
          summed((oracle.rows() as CostRow[]).map(undated), history),
        );
      }
    }),
    runs,
  );
  for (const name of KINDS) expect(seen.get(name) ?? 0, name).toBeGreaterThan(0);
});

/** Each was drawn and accepted, or was the reason for a refusal. */
const KINDS = [
  ...[
    "PinGoods",
    "UnpinGoods",
    "ReceiveGoods",
    "IssueGoods",
    "TransferGoods",
    "ReturnGoods",
    "ReturnUnmatchedGoods",
    "ReturnToSupplier",
  ],
  ...[
    "ReturnUninvoiced",
    "DispatchGoods",
    "ArriveGoods",
    "CountStock",
    "CancelMovement",
    "InvoiceReceipt",
    "CancelValueFact",
  ],
  ...[
    "InsufficientStock",
    "PeriodClosed",
    "OthersDependOnMovement",
    "ReturnedMoreThanIssued",
    "CountNotFound",
  ],
  ...["NoCostToGoShortAt", "IssueIsShort", "MovementAlreadyCancelled", "ArrivedMoreThanDispatched"],
];

/** Under `freeze` it may tell on which day there would be enough. */
const withoutDay = ({
  firstDate: _firstDate,
  ...told
}: Extract<ItemRefusal, { name: "InsufficientStock" }>) => told;

const kindOf = ({ type, data }: ItemCommand): string =>
  "uninvoiced" in data && data.uninvoiced ? "ReturnUninvoiced" : type;

/** What others can't bear is below zero by two names. */
const named = (refusal: string | undefined): string | undefined =>
  /^(OthersCantBearIt|NoUnitLeftToCarry)$/.test(refusal ?? "") ? "ReceiptValueBelowZero" : refusal;

/** Goods that an issue lacked can't go out again: the oracle would take others instead. */
const tookBackDeficit = (refusal: ItemRefusal, booked: readonly CostRow[]): boolean =>
  refusal.name === "CompensationClosed" &&
  booked.some(({ movement, layer }) => movement === refusal.movement && /^I[^/]*$/.test(layer));

/** As the oracle takes it: with the lot that was found where none was named. */
function told({ before, ...command }: ItemCommand, events: readonly ItemEvent[]) {
  const lots = events.flatMap(({ data }) => ("effectiveDate" in data ? [{ lot: data.lot }] : []));
  const data = { ...command.data, ...lots[0], ...(before === undefined ? {} : { before }) };
  return { ...command, data } as Parameters<ReturnType<typeof fromScratch>["tell"]>[0];
}
const isAboutTheItem = ({ type }: ItemCommand): boolean => /Item$/.test(type);
const causeOf = ({ data }: ItemCommand): unknown => {
  const { movement, fact = movement, cancellation = fact } = data as Readonly<Record<string, string>>;
  return cancellation;
};
const undated = (row: CostRow): CostRow => ({ ...row, date: "" });

/**
 * Goal (COSTING §5, property 5): nothing is ever written into closed time; what is left to be said of a movement stands on
 * its own day, or on the first open one, and nowhere else in open time, also when that day moves on or back.
 * Method: after every decision, the rows so far: none of the decision's own is closed; and of each movement and layer, all
 * that stands in open time stands on the one day.
 */
test("closed time stands, and corrections stand on one day", () =>
  fc.assert(
    fc.property(frozenHistories, (history) => {
      const booked: CostRow[] = [];
      const days = new Map<string, string>();
      const shorts = new Set<string>();
      for (const { command, decision } of played(history)) {
        if (!decision.ok) continue;
        const { openFrom = "" } = command;
        if (command.type === "IssueGoods" && command.data.mayGoShort) shorts.add(command.data.movement);
        for (const { data } of decision.events)
          if ("effectiveDate" in data) days.set(data.movement, data.effectiveDate);
        const rows = rowsOf(decision.events);
        for (const { date } of rows) expect(date >= openFrom, `${date} from ${openFrom}`).toBe(true);
        booked.push(...rows);
        if (rows.length === 0) continue; // a rename, an invoice at the price that was expected
        for (const name of summed(booked, history).keys()) {
          const [movement = "", , , date = ""] = name.split(" ");
          const day = days.get(movement) ?? "";
          // What settles a deficit stands on the day that it came, if that is later.
          if (date >= openFrom && !shorts.has(movement))
            expect(date, name).toBe(day > openFrom ? day : openFrom);
        }
      }
    }),
    runs,
  ));

/**
 * Goal (COSTING, property 1): at the end of every day, as known after every decision, no layer is below zero, and an
 * empty one is worth nothing.
 * Method: plain sums of rows by layer, day after day, over all that was recorded so far.
 */
test("no layer is below zero, on any day, as known at any time", () =>
  fc.assert(
    fc.property(frozenHistories, (history) => {
      const booked: CostRow[] = [];
      const steps = played(history);
      for (const { command, decision } of steps) {
        if (!decision.ok) continue;
        booked.push(...rowsOf(decision.events));
        if (decision.events.length === 1) continue; // in order, or nothing after it has changed
        noneBelowZero(booked, history, shortsOf(steps), JSON.stringify(command));
      }
    }),
    runs,
  ));

/**
 * Goal (COSTING §5): a process that has heard of no closing does no harm, whatever it decides, and whatever others decide
 * between: no layer is below zero on any day, nothing that was closed moves, and every command finds an answer.
 * Method: two processes on one log, one deaf; the rows on the days that they count on, day after day, after every decision.
 */
test("who has heard of no closing does no harm", () => {
  let deaf = 0;
  fc.assert(
    fc.property(frozenHistories, (history) => {
      const booked: CostRow[] = [];
      const steps = playedBy(history, true);
      for (const { command, decision, counted: events } of steps) {
        if (!decision.ok) continue;
        const rows = rowsOf(events);
        if (rows.some(({ date }, index) => date !== rowsOf(decision.events)[index]?.date)) deaf += 1;
        booked.push(...rows);
        if (rows.length > 0) noneBelowZero(booked, history, shortsOf(steps), JSON.stringify(command));
      }
    }),
    runs,
  );
  expect(deaf).toBeGreaterThan(runs.numRuns / 100); // about a twentieth of the histories have one
});

/** But for what issues may be short of. */
const shortsOf = (steps: readonly Step[]): ReadonlySet<string> =>
  new Set(
    steps.flatMap(({ command: { type, data } }) =>
      type === "IssueGoods" && data.mayGoShort ? [data.movement] : [],
    ),
  );

function noneBelowZero(
  booked: readonly CostRow[],
  history: History,
  shorts: ReadonlySet<string>,
  why: string,
): void {
  const layers = new Map<string, readonly [bigint, bigint]>();
  const byDay = grouped(booked, ({ date }) => date);
  for (const day of [...byDay.keys()].toSorted()) {
    const rows = byDay.get(day) ?? [];
    for (const { layer, quantity, value } of rows) {
      const [units, worth] = layers.get(layer) ?? [0n, 0n];
      const [moved, moneys] = [counted(quantity, history.quantityScale), counted(value, history.valueScale)];
      layers.set(layer, [units + moved, worth + moneys]);
    }
    for (const { layer } of rows) {
      const [units, worth] = layers.get(layer) ?? [0n, 0n];
      const isDeficit = units < 0n && shorts.has(layer);
      const isSound = isDeficit ? worth <= 0n : units > 0n ? worth >= 0n : units === 0n && worth === 0n;
      expect(isSound, `${layer} on ${day}: ${why}`).toBe(true);
    }
  }
}

/**
 * Goal (COSTING §12, property 6): under `freeze` no draw ever changes, nor what an item's movements had drawn when they came under it;
 * an issue may still be settled of what it lacked, and a count of what was before it, by draws that come on top.
 * Method: rows summed by movement and layer, after every decision: their units are those of before, but for those of issues that
 * may go short and of counts, which may take more, or bring a layer of their own.
 */
test("under freeze no draw ever changes", () => {
  let late = 0;
  fc.assert(
    fc.property(frozenHistories, (history) => {
      const drawn = new Map<string, bigint>();
      const open = new Set<string>();
      for (const { command, decision } of played(history)) {
        if (!decision.ok) continue;
        const { type, data } = command;
        const isFrozen = command.costing?.policy === "freeze";
        if (type === "CountStock" || (type === "IssueGoods" && data.mayGoShort)) open.add(data.movement);
        for (const event of decision.events)
          for (const { movement, layer, quantity } of "rows" in event.data ? event.data.rows : []) {
            const name = `${movement} ${layer}`;
            const [units, before] = [counted(quantity, history.quantityScale), drawn.get(name)];
            const isOwn = event.type !== "MovementsRecosted";
            if (isFrozen && !isOwn && !open.has(movement)) expect(units, name).toBe(0n);
            if (isFrozen && !isOwn && open.has(movement) && layer !== movement) {
              // What a count brings on top is a layer of its own; all else is taken.
              if (layer.startsWith(`${movement}/`)) expect(units >= 0n && !before, name).toBe(true);
              else expect(units <= 0n, name).toBe(true);
              late += 1;
            }
            drawn.set(name, (before ?? 0n) + units);
          }
      }
    }),
    runs,
  );
  expect(late).toBeGreaterThan(0);
});

/**
 * Goal: the state that a decision hands out decides like the one folded from its events, and both like the one folded
 * from all events at once, as a program does that starts.
 * Method: each command is decided on all three; the answers are equal, events and refusals.
 */
test("the state after a decision is the one that its events fold to", () =>
  fc.assert(
    fc.property(frozenHistories, (history) => {
      let [handed, folded] = [item.initial, item.initial];
      const log: ItemEvent[] = [];
      for (const { command, decision } of played(history)) {
        const expected = answerOf(decision);
        const onHanded = item.decide(command, handed);
        expect(answerOf(onHanded)).toStrictEqual(expected);
        expect(answerOf(item.decide(command, folded))).toStrictEqual(expected);
        expect(answerOf(item.decide(command, log.reduce(item.evolve, item.initial)))).toStrictEqual(expected);
        if (!onHanded.ok) continue;
        handed = onHanded.after ?? onHanded.events.reduce(item.evolve, handed);
        folded = onHanded.events.reduce(item.evolve, folded);
        log.push(...onHanded.events);
      }
    }),
    runs,
  ));

/**
 * Goal (COSTING, property 4): costs, layers and balances do not depend on the order in which documents arrive.
 * Method: the accepted movements of a history are recorded again in another order, with surpluses valued as they were;
 * those that need one which has not come yet wait for it. Movements equal in the rest of the costing key keep their order.
 */
test("two orders of arrival end at equal costs, layers and balances", () => {
  let compared = 0;
  fc.assert(
    fc.property(lateHistories, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (history, keys) => {
      const steps = played(history).filter(
        ({ command: { data }, decision }) => decision.ok && ("movement" in data || "fact" in data),
      );
      const [first] = played(history);
      if (!first?.decision.ok) return;
      const arrivals = keepingEquals(
        steps.map((step) => fixed(step)),
        keys,
      );
      let state = first.decision.events.reduce(item.evolve, item.initial);
      const rows: CostRow[] = [];
      let waiting = arrivals;
      for (let before = -1; waiting.length > 0 && waiting.length !== before; ) {
        before = waiting.length;
        waiting = waiting.filter((command) => {
          const decision = item.decide(command, state);
          if (!decision.ok) return true;
          state = decision.events.reduce(item.evolve, state);
          rows.push(...rowsOf(decision.events));
          return false;
        });
      }
      if (waiting.length > 0 || !keptOrder(arrivals, rows)) return;
      const recorded = steps.flatMap(({ decision }) => (decision.ok ? rowsOf(decision.events) : []));
      expect(summed(rows, history)).toEqual(summed(recorded, history));
      if (steps.length > 5) compared += 1;
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(runs.numRuns / 4);
});

/**
 * Goal (COSTING, property 4): under `freeze`, costs, layers and balances do not depend on when value facts arrive among movements.
 * Method: the accepted commands of a history that is frozen from the beginning are recorded again, the facts last, in another order;
 * with what was fixed of surpluses and counts. Where all are accepted again, all sums are equal.
 */
test("under freeze, the order in which value facts arrive does not matter", () => {
  let compared = 0;
  const under = frozenHistories.map((history) => ({
    ...history,
    freezes: true,
    moves: history.moves.filter(({ kind }) => !/^(policy|period)$/.test(kind)),
  }));
  fc.assert(
    fc.property(under, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (history, keys) => {
      const steps = played(history).filter(({ decision }) => decision.ok);
      const commands = steps.map((step) => fixed(step));
      const isFact = ({ data }: ItemCommand) => "fact" in data;
      const facts = commands
        .filter((command) => isFact(command) && command.type !== "CancelValueFact")
        .map((command, index) => ({ command, by: keys[index] ?? 0 }))
        .sort((a, b) => a.by - b.by)
        .map(({ command }) => command);
      const cancels = commands.filter(({ type }) => type === "CancelValueFact");
      if (facts.length === 0) return;
      let state: Item = item.initial;
      const rows: CostRow[] = [];
      for (const command of [...commands.filter((each) => !isFact(each)), ...facts, ...cancels]) {
        const decision = item.decide(command, state);
        if (!decision.ok) return;
        state = decision.events.reduce(item.evolve, state);
        rows.push(...rowsOf(decision.events));
      }
      const recorded = steps.flatMap(({ decision }) => (decision.ok ? rowsOf(decision.events) : []));
      expect(summed(rows, history)).toEqual(summed(recorded, history));
      compared += 1;
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(runs.numRuns / 6);
});

/** With what was fixed when it was recorded: of a surplus, and of a count. */
const fixed = ({ command, decision }: Step): ItemCommand => {
  const [own] = decision.ok ? decision.events.filter(({ data }) => "effectiveDate" in data) : [];
  if (own?.type === "StockCounted")
    return { ...command, data: { ...command.data, unitCost: own.data.unitCost } } as ItemCommand;
  const value = own && "rows" in own.data ? own.data.rows[0]?.value : undefined;
  const isFound = command.type === "AdjustStock" && !command.data.quantity.startsWith("-");
  return isFound ? ({ ...command, data: { ...command.data, value } } as ItemCommand) : command;
};

const keyOf = ({ type, data }: ItemCommand): string => {
  if ("fact" in data) return data.fact;
  const { effectiveDate, time } = data as { effectiveDate: string; time: string | null };
  return `${effectiveDate} ${/^(RecordOpeningStock|ReceiveGoods)$/.test(type) ? 0 : 1} ${time}`;
};

/** In the order of `keys`, but for equals, whose places are filled in the order in which they were recorded. */
function keepingEquals(commands: readonly ItemCommand[], keys: readonly number[]): readonly ItemCommand[] {
  const shuffled = commands.map((command, index) => ({ command, by: keys[index] ?? 0 }));
  shuffled.sort((a, b) => a.by - b.by);
  const equals = grouped(commands, keyOf);
  return shuffled.map(({ command }) => equals.get(keyOf(command))?.shift() ?? command);
}

/** Those that waited may have been overtaken by an equal. */
function keptOrder(arrivals: readonly ItemCommand[], rows: readonly CostRow[]): boolean {
  const first = new Map<string, number>();
  for (const [index, { movement }] of rows.entries()) if (!first.has(movement)) first.set(movement, index);
  const movements = arrivals.filter(({ data }) => "movement" in data);
  return [...grouped(movements, keyOf).values()].every((equals) => {
    const at = equals.map(({ data }) => first.get((data as { movement: string }).movement) ?? -1);
    return at.every((index, n) => n === 0 || index > (at[n - 1] ?? -1));
  });
}
