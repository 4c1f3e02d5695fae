import fc from "fast-check";
import { expect, test } from "vitest";
import type { Line } from "../../../api/import/line-forms.ts";
import { namedMovements } from "../../../api/import/named-movements.ts";
import type { Entry } from "../../../domain/inventory/history.ts";
import { type Item, item as itemDecider } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { decimal } from "../../../domain/kernel/decimal.ts";
import { draftOf, emptyMap } from "../../../domain/kernel/sorted-map.ts";

type Drawn = Readonly<{
  item: string;
  type: "IssueGoods" | "ReceiveGoods";
  movement: string;
  reference: string;
}>;
const command = ({ item, type, movement, reference }: Drawn): ItemCommand => {
  const about = { item, movement, effectiveDate: "2026-03-01", time: null, lot: null, reference };
  const data = { ...about, quantity: decimal("1"), location: "A" };
  return type === "IssueGoods"
    ? { type, data: { ...data, purpose: "sale" }, today: "2026-03-31" }
    : { type, data: { ...data, value: decimal("1") }, today: "2026-03-31" };
};

/** An item that has these; `undone`: of them, those that no longer stand. */
function stateOf(there: readonly Drawn[], undone: readonly boolean[]): Item {
  const [movements, turns] = [draftOf<Entry>(emptyMap()), draftOf<string>(emptyMap())];
  for (const [index, drawn] of there.entries()) {
    const entry = { move: command(drawn), legs: [], booked: undefined } as unknown as Entry;
    movements.set(`t${index}`, undone[index] ? { ...entry, cancelled: true } : entry);
    turns.set(drawn.movement, `t${index}`);
  }
  const data = { item: "rod", name: "rod", unit: "m", quantityScale: 0, valueScale: 2 };
  const state = itemDecider.evolve(itemDecider.initial, {
    type: "ItemRegistered",
    data: { ...data, costBy: "fifo" },
  });
  if (state.status !== "Registered") throw new Error("not registered");
  return { ...state, history: { ...state.history, movements, turns } };
}

/**
 * Goal: a line means the one movement of its item and of the kind it may be of that has the name, or of which it is the
 * reference: of those that stood in the log, and of those that the file brought before it and were not refused. Method:
 * movements and lines are drawn with few names; an oracle keeps a plain list, and filters it.
 */
test("what a line names is what a list of all movements says", async () => {
  const names = ["a", "b", "c"];
  const name = fc.constantFrom(...names);
  const drawn = fc.record({
    item: fc.constantFrom("rod", "oil"),
    type: fc.constantFrom("IssueGoods" as const, "ReceiveGoods" as const),
    movement: fc.oneof(name, ...[1, 2, 3].map((n) => fc.nat(99).map((m) => `m${n}${m}`))),
    reference: name,
  });
  const unique = (all: readonly Drawn[]) =>
    all.filter((one, at) => all.findIndex(({ movement }) => movement === one.movement) === at);
  const step = fc.oneof(
    fc.record({ brings: drawn, refused: fc.boolean() }),
    fc.record({ item: fc.constantFrom("rod", "oil"), kind: fc.constantFrom("return", "invoice"), of: name }),
  );
  const seen = { one: 0, none: 0, several: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawn, { minLength: 3, maxLength: 6 }).map(unique),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      fc.array(step, { minLength: 6, maxLength: 24 }),
      async (there, undone, steps) => {
        const all = there.filter((_one, index) => !undone[index]);
        const sought = new Map(["rod", "oil"].map((item) => [item, new Set(names)]));
        const found = namedMovements(sought, async (item) => {
          const own = there.map((one, index) => ({ one, undone: undone[index] ?? false }));
          const its = own.filter(({ one }) => one.item === item);
          return stateOf(
            its.map(({ one }) => one),
            its.map(({ undone }) => undone),
          );
        });
        for (const each of steps) {
          if ("brings" in each) {
            const { brings, refused } = each;
            if (there.concat(all).some(({ movement }) => movement === brings.movement)) continue;
            found.remember(command(brings));
            if (refused) found.forget(command(brings));
            else all.push(brings);
            continue;
          }
          const type = each.kind === "return" ? "IssueGoods" : "ReceiveGoods";
          const its = all.filter((one) => one.item === each.item && one.type === type);
          const named = its.find(({ movement }) => movement === each.of);
          const referred = its.filter(({ reference }) => reference === each.of);
          const { line, ambiguous } = await found.found(each as unknown as Line);
          if (named || referred.length === 1) {
            expect([line.of, ambiguous]).toEqual([(named ?? referred[0])?.movement, undefined]);
            seen.one += 1;
          } else if (referred.length === 0) {
            expect([line.of, ambiguous]).toEqual([each.of, undefined]);
            seen.none += 1;
          } else {
            expect(line.of).toBe(each.of);
            expect([...(ambiguous?.movements ?? [])].sort()).toEqual(
              referred.map(({ movement }) => movement).sort(),
            );
            seen.several += 1;
          }
        }
      },
    ),
    { numRuns: 1_000 },
  );
  for (const many of Object.values(seen)) expect(many).toBeGreaterThan(100);
});
