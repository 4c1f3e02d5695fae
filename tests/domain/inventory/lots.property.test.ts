import fc from "fast-check";
import { expect, test } from "vitest";
import { type Item, item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { plain } from "../../support/plain.ts";
import { rod } from "../../support/rod.ts";
import {
  after,
  asked,
  dayOf,
  histories,
  KINDS,
  LAST_DAY,
  type Lying,
  lyingAfter,
  rowsIn,
  sums,
  textOf,
} from "./lots-asked.ts";
import { type Fact, replayed } from "./lots-replayed.ts";

const runs = { numRuns: Number(process.env["HISTORIES"] ?? 1_000) };

const LOT_REFUSALS = /^(InsufficientLot|SerialTaken|MoreOfLotThanItMoved)$/;

/**
 * Goal: at no point of the costing order is a lot below zero anywhere, is a serial in two places, or has more of a lot come back than
 * went; a movement is refused for that exactly where it would be so; and lots sum up to what costs say lies there.
 * Method: histories with late movements, counts, cancels, closings and changes of policy, in three ways of keeping lots. All accepted
 * facts are sorted anew and replayed in plain maps (lots-replayed.ts), with each that is asked; after each, the sums of lot rows at the
 * end of every day are the replay's, and, by area, the sums of cost rows. What a decision leaves behind is what its events fold to;
 * recalled from them it is the same.
 */
test("lots are what a plain replay of all facts has, and what costs say lies there", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(histories, ({ mode, drawn }) => {
      const serials = mode !== "lots";
      const costBy = mode === "costed serials" ? "lot" : "fifo";
      const begun: readonly ItemEvent[] = [
        { type: "ItemRegistered", data: { ...rod, quantityScale: 0, costBy } },
        { type: "LotsTracked", data: { item: "rod", serials } },
      ];
      let state: Item = begun.reduce(item.evolve, item.initial);
      let facts: readonly Fact[] = [];
      let lying: Lying = new Map();
      const events: ItemEvent[] = [];
      let [openFrom, costing] = [1, undefined as ItemCommand["costing"]];
      for (const [nth, each] of drawn.entries()) {
        const name = `${each.kind.slice(0, 3)}${nth}`;
        if (each.closes === 0 && openFrom < 6) openFrom += 1;
        if (each.freezes === 0 && !costing) {
          costing = { change: 1, policy: "freeze" };
          openFrom = Math.max(openFrom, 1 + Math.max(0, ...facts.map(({ day }) => Number(day.slice(-2)))));
        }
        const ask = asked(name, each, mode, facts, openFrom, lying);
        const command: ItemCommand = { ...ask.command, costing };
        const decision = item.decide(command, state);
        const compensates = decision.ok && decision.events.some(({ type }) => type === "MovementCompensated");
        const told = decision.ok ? command.type : decision.refusal.name;
        seen.set(told, (seen.get(told) ?? 0) + 1);
        if (!decision.ok) {
          const isStanding =
            "cancelled" in ask &&
            facts.some((fact) => fact.name === ask.cancelled && fact.day < dayOf(openFrom));
          const would = [false, isStanding || costing !== undefined].map(
            (undoes) => replayed(after(facts, ask, name, undoes), serials).wrongs,
          );
          if (LOT_REFUSALS.test(decision.refusal.name))
            expect(would.flatMap((wrongs) => [...wrongs])).toContain(decision.refusal.name);
          continue;
        }
        const again = { ...item.recall(...decision.events), openFrom: command.openFrom };
        expect(item.decide(again, state)).toMatchObject({ events: decision.events });
        if (compensates) seen.set("compensates", 1 + (seen.get("compensates") ?? 0));
        state = decision.events.reduce(item.evolve, state);
        if (decision.after?.status === "Registered" && state.status === "Registered")
          expect(plain(decision.after.tracking)).toEqual(plain(state.tracking));
        facts = after(facts, ask, name, compensates);
        events.push(...decision.events);
        const { wrongs, ends } = replayed(facts, serials);
        expect([...wrongs]).toEqual([]);
        lying = lyingAfter(ends);
        sumsAre(ends, events);
      }
    }),
    runs,
  );
  if (process.env["SEEN"]) console.log(seen);
  for (const name of [...KINDS, "InsufficientLot", "SerialTaken", "MoreOfLotThanItMoved", "compensates"])
    expect(seen.get(name) ?? 0, name).toBeGreaterThan(5);
});

/** At the end of every day, from its rows alone. */
function sumsAre(ends: ReadonlyMap<string, ReadonlyMap<string, number>>, events: readonly ItemEvent[]): void {
  const { lotRows, costRows } = rowsIn(events);
  const [found, replays]: [unknown[], unknown[]] = [[], []];
  for (const day of [1, 2, 3, 4, 5, 6, 7, 8, LAST_DAY]) {
    const lying = [...ends].findLast(([end]) => end <= dayOf(day))?.[1] ?? new Map<string, number>();
    const byArea = new Map<string, number>();
    for (const [key, units] of lying) {
      const area = key.slice(key.indexOf(" ") + 1);
      byArea.set(area, (byArea.get(area) ?? 0) + units);
    }
    replays.push(textOf(lying), textOf(byArea));
    found.push(
      sums(lotRows, dayOf(day), ({ lot, area }) => `${lot} ${area}`),
      sums(costRows, dayOf(day), ({ area }) => area),
    );
  }
  expect(found).toEqual(replays);
}
