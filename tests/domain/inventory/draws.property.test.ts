import fc from "fast-check";
import { expect, test } from "vitest";
import { decode } from "../../../domain/catalogue.ts";
import type { CostRow } from "../../../domain/inventory/cost-row.ts";
import { item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { canonicalJson } from "../../../domain/kernel/event.ts";
import { answerOf } from "../../support/given.ts";
import { counted, type History, histories, played, TODAY } from "../../support/histories.ts";
import { oracle } from "./oracle.ts";

const runs = { numRuns: 1_000 };
const rowsOf = (events: readonly ItemEvent[]): readonly CostRow[] =>
  events.flatMap(({ data }) => ("rows" in data ? data.rows : []));

/**
 * Goal: FIFO draws neither lose, invent nor reorder a unit or a cent, every layer has the name it should, and a command is
 * refused exactly when it must be, for the first reason there is.
 * Method: an oracle with no code of the rules (oracle.ts) answers the same commands; the answers are equal, events
 * and refusals, to the letter.
 */
test("every answer is the oracle's", () =>
  fc.assert(
    fc.property(histories, (history) => {
      const answer = oracle();
      for (const { command, decision } of played(history)) {
        const expected = answer(command);
        if ("events" in expected) expect(withoutDays(answerOf(decision))).toStrictEqual(expected);
        else {
          expect(decision).toHaveProperty("refusal");
          expect(expected.refusals).toContainEqual("refusal" in decision && decision.refusal);
        }
      }
    }),
    runs,
  ));

/** When goods first came is another rule's: first-receipts.test.ts. */
const withoutDays = (answer: ReturnType<typeof answerOf>) =>
  "events" in answer
    ? { events: (answer.events as readonly ItemEvent[]).filter(({ type }) => type !== "FirstReceiptsTold") }
    : answer;

/**
 * Goal: after every movement of any kind, what came in is what went out and what is left, to the cent; no layer is
 * ever negative, an empty one is worth nothing, none is in two places or comes again once it was used up.
 * Method: plain sums of all rows so far, by layer and area, against what the commands say came in and went out.
 */
test("quantity and value are conserved", () =>
  fc.assert(
    fc.property(histories, (history) => {
      const left = new Map<string, readonly [units: bigint, worth: bigint]>();
      const areas = new Map<string, string>();
      const there = new Map<string, bigint>();
      let [units, worth] = [0n, 0n];
      for (const { command, decision } of played(history)) {
        if (!decision.ok) continue;
        const rows = rowsOf(decision.events);
        const of = (row: CostRow) =>
          [counted(row.quantity, history.quantityScale), counted(row.value, history.valueScale)] as const;
        for (const row of rows) {
          const [quantity, value] = of(row);
          const [unitsLeft, worthLeft] = left.get(row.layer) ?? [0n, 0n];
          expect(left.has(row.layer)).toBe(quantity < 0n);
          expect(areas.get(row.layer) ?? row.area).toBe(row.area);
          areas.set(row.layer, row.area);
          left.set(row.layer, [unitsLeft + quantity, worthLeft + value]);
          there.set(row.area, (there.get(row.area) ?? 0n) + quantity);
          expect({ movement: row.movement, date: row.date }).toEqual(ofMovement(command));
        }
        for (const { layer } of rows) {
          const [quantity, value] = left.get(layer) ?? [0n, 0n];
          expect(quantity > 0n ? value >= 0n : quantity === 0n && value === 0n).toBe(true);
        }
        const [cameIn, into] = crossed(command, history, of, rows);
        [units, worth] = [units + cameIn, worth + into];
        expect([total(left.values(), 0), total(left.values(), 1)]).toEqual([units, worth]);
        expect([...there.values()].every((sum) => sum >= 0n)).toBe(true);
      }
    }),
    runs,
  ));

const total = (sums: Iterable<readonly [bigint, bigint]>, which: 0 | 1): bigint =>
  [...sums].reduce((sum, each) => sum + each[which], 0n);

const ofMovement = ({ data }: ItemCommand) =>
  "movement" in data ? { movement: data.movement, date: data.effectiveDate } : undefined;

/** What a command says it brought into the company or took out; what is taken or found unvalued is worth what its rows say. */
function crossed(
  { type, data }: ItemCommand,
  { quantityScale, valueScale }: History,
  of: (row: CostRow) => readonly [bigint, bigint],
  rows: readonly CostRow[],
): readonly [units: bigint, worth: bigint] {
  const rowsWorth = rows.reduce((sum, row) => sum + of(row)[1], 0n);
  switch (type) {
    case "RecordOpeningStock":
      return [
        data.layers.reduce((sum, { quantity }) => sum + counted(quantity, quantityScale), 0n),
        data.layers.reduce((sum, { value }) => sum + counted(value, valueScale), 0n),
      ];
    case "ReceiveGoods":
      return [counted(data.quantity, quantityScale), counted(data.value, valueScale)];
    case "IssueGoods":
      return [-counted(data.quantity, quantityScale), rowsWorth];
    case "AdjustStock":
      return [
        counted(data.quantity, quantityScale),
        data.value === null ? rowsWorth : counted(data.value, valueScale),
      ];
    default:
      return [0n, 0n];
  }
}

/**
 * Goal: a command cut short by a crash can be completed from its first event, at any later time; deciding changes
 * nothing, refused or not.
 * Method: when the history is over, decide each command again on the state of then, which has been folded on since,
 * and also the one that is recalled from the first event, as the log would give it back.
 */
test("the command recalled from the first event gives the same events", () =>
  fc.assert(
    fc.property(histories, (history) => {
      for (const { command, before, decision } of played(history)) {
        expect(answerOf(item.decide(command, before))).toStrictEqual(answerOf(decision));
        if (!decision.ok) continue;
        const [first] = decision.events;
        const stored = decode({ type: first.type, data: JSON.parse(canonicalJson(first.data)) }) as ItemEvent;
        expect(answerOf(item.decide(item.recall(stored), before))).toStrictEqual(answerOf(decision));
      }
    }),
    runs,
  ));

/**
 * Goal: whatever is accepted can be stored and read back as it was, within the digits that the log holds.
 * Method: encode, parse, decode; and the items folded from what was read decide like those folded from memory.
 */
test("every accepted event is read back as it was", () =>
  fc.assert(
    fc.property(histories, (history) => {
      let reread = item.initial;
      for (const { command, decision } of played(history)) {
        expect(answerOf(item.decide(command, reread))).toStrictEqual(answerOf(decision));
        for (const event of decision.ok ? decision.events : []) {
          const text = canonicalJson(event.data);
          const read = decode({ type: event.type, data: JSON.parse(text) });
          expect(read).toStrictEqual(event);
          expect(canonicalJson(read.data)).toBe(text);
          reread = item.evolve(reread, read as ItemEvent);
        }
      }
    }),
    runs,
  ));

/**
 * Goal: movements of more rows than fit one event are the same movements, in a lot as well.
 * Method: openings of many layers, of which any share is moved on and moved back; the oracle again, and the recall.
 */
test("a movement of many rows is the oracle's too, and recalled from its first 1,000", () =>
  fc.assert(
    fc.property(
      fc.constantFrom("fifo", "lot"),
      fc.array(fc.integer({ min: 1, max: 1_300 }), { minLength: 1, maxLength: 3 }),
      fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 4 }),
      (costBy, openings, thousandths) => {
        const answer = oracle();
        let state = item.initial;
        let day = 0;
        const send = (type: string, of: object): void => {
          day += 1;
          const about = {
            movement: `M${day}`,
            effectiveDate: `2026-02-${`${day}`.padStart(2, "0")}`,
            time: null,
            lot: costBy === "lot" ? "L" : null,
          };
          const data = { item: "x", ...(type === "RegisterItem" ? {} : about), ...of };
          const command = { type, data, today: TODAY } as ItemCommand;
          const decision = item.decide(command, state);
          expect(answerOf(decision)).toStrictEqual(answer(command));
          if (!decision.ok) return;
          expect(answerOf(item.decide(item.recall(decision.events[0]), state))).toStrictEqual(
            answerOf(decision),
          );
          state = decision.events.reduce(item.evolve, state);
        };
        send("RegisterItem", { name: "X", unit: "kg", quantityScale: 3, valueScale: 2, costBy });
        let units = 0;
        for (const count of openings) {
          const layers = Array.from({ length: count }, (_, n) => ({
            units: (n % 7) + 1,
            cents: (n * 37) % 11,
          }));
          units += layers.reduce((sum, layer) => sum + layer.units, 0);
          const brought = layers.map((layer) => ({
            quantity: `${layer.units}`,
            value: `${layer.cents}`,
            receivedOn: "2025-12-24",
          }));
          send("RecordOpeningStock", { location: "A", layers: brought });
        }
        for (const share of thousandths) {
          const quantity = `${Math.ceil((units * share) / 1_000)}`;
          send("TransferGoods", { from: "A", to: "B", quantity, reference: null });
          send("TransferGoods", { from: "B", to: "A", quantity, reference: null });
        }
      },
    ),
    { numRuns: 50 },
  ));
