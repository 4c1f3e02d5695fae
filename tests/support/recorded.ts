/** What comes of commands, and of what they leave behind, for one item. */
import { expect } from "vitest";
import type { CostRow } from "../../domain/inventory/cost-row.ts";
import { type Item, item } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../domain/inventory/item-events.ts";
import { answerOf } from "./given.ts";
import { registered } from "./rod.ts";

export const on = (day: number, more: object = {}) => ({
  effectiveDate: `2026-03-${`${day}`.padStart(2, "0")}`,
  ...more,
});

/** Decides one command after the other, each accepted. */
export function recorded(...commands: readonly ItemCommand[]) {
  return recordedIn(registered, ...commands);
}
/** What they left behind; `and`: with more after them. */
export type Recorded = Readonly<{
  answer: (command: ItemCommand) => object;
  layers: () => readonly (readonly (string | number)[])[];
  cost: (movement: string) => readonly number[];
  and: (...more: readonly ItemCommand[]) => Recorded;
}>;

export function recordedIn(first: ItemEvent, ...commands: readonly ItemCommand[]): Recorded {
  let state: Item = item.evolve(item.initial, first);
  const rows: CostRow[] = [];
  for (const command of commands) {
    const decision = item.decide(command, state);
    expect(decision, JSON.stringify(command)).toMatchObject({ ok: true });
    if (!decision.ok) continue;
    state = decision.events.reduce(item.evolve, state);
    for (const { data } of decision.events) rows.push(...("rows" in data ? data.rows : []));
  }
  const sum = (of: readonly CostRow[]) => [
    of.reduce((total, { quantity }) => total + Number(quantity), 0),
    Math.round(of.reduce((total, { value }) => total + Number(value) * 100, 0)) / 100,
  ];
  const layers = () => {
    const names = [...new Set(rows.map(({ layer, area }) => `${layer} ${area}`))];
    const sums = names.map((name) => [name, ...sum(rows.filter((r) => `${r.layer} ${r.area}` === name))]);
    return sums.filter(([, units]) => units !== 0);
  };
  return {
    answer: (command: ItemCommand) => answerOf(item.decide(command, state)),
    layers,
    cost: (movement: string) => sum(rows.filter((r) => r.movement === movement)),
    and: (...more) => recordedIn(first, ...commands, ...more),
  };
}

/** `["I", 4, "L2", "A", "10", "150"]`: movement, day, layer, area, quantity, value. */
export type Correction = readonly [
  movement: string,
  day: number,
  layer: string,
  area: string,
  quantity: string,
  value: string,
];
export const recosted = (causedBy: string, corrections: readonly Correction[], lot: string | null = null) => {
  const rows = corrections.map(([movement, day, layer, area, quantity, value]) => ({
    ...{ movement, layer, area, date: on(day).effectiveDate, quantity, value },
  }));
  // Movement by movement; of each by layer and day, as corrections are written.
  const order = corrections.map(([movement]) => movement);
  const key = ({ movement, layer, date }: (typeof rows)[number]) =>
    `${`${order.indexOf(movement)}`.padStart(5)} ${layer} ${date}`;
  const sorted = rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  return { type: "MovementsRecosted", data: { item: "rod", causedBy, lot, project: null, rows: sorted } };
};
