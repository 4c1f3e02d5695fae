/**
 * A fact that makes recorded movements cost otherwise by more than the company's limit wants the approval of a second person.
 * The approval stands before what it approves, so that a command of several appends can be completed.
 */
import { invariant } from "../kernel/assert.ts";
import { accept, type Decision, refuse } from "../kernel/decider.ts";
import { type Decimal, exact, textOf, zero } from "../kernel/decimal.ts";
import type { CostRow } from "./cost-row.ts";
import type { Item } from "./item.ts";
import type { ItemCommand, ItemRefusal } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";

type Decided = Decision<ItemEvent, ItemRefusal, Item>;

/** The fact's name, of a command that may correct others. */
export function factOf({ type, data }: ItemCommand): string | undefined {
  if (type === "RedateCosts") return undefined; // it moves corrections to other days
  if ("movement" in data) return data.movement;
  if ("cancellation" in data) return data.cancellation;
  return "fact" in data ? data.fact : undefined;
}

/** The event that says so, where somebody approves. */
export function approvalOf(command: ItemCommand): readonly ItemEvent[] {
  const causedBy = factOf(command);
  const { approvedBy } = command;
  if (causedBy === undefined || approvedBy === undefined) return [];
  return [{ type: "CorrectionApproved", data: { item: command.data.item, causedBy, approvedBy } }];
}

/** At least the fact itself is among them. */
export function acceptAll(events: readonly ItemEvent[]): ReturnType<typeof accept<ItemEvent>> {
  const [first, ...others] = events;
  invariant(first !== undefined, "nothing was decided");
  return accept(first, ...others);
}

export function withinLimit(command: ItemCommand, decision: Decided): Decided {
  const { correctionMax, approvedBy } = command;
  if (!decision.ok || correctionMax === undefined || approvedBy !== undefined) return decision;
  if (factOf(command) === undefined) return decision;
  const rows = decision.events.flatMap(({ type, data }) => (type === "MovementsRecosted" ? data.rows : []));
  const correction = sizeOf(rows);
  if (correction.lte(exact(correctionMax))) return decision;
  return refuse({ name: "CorrectionNeedsApproval", correction: textOf(correction), correctionMax });
}

/** What movements cost more or less, each for itself, added up. */
function sizeOf(rows: readonly CostRow[]): Decimal {
  const sums = new Map<string, Decimal>();
  for (const { movement, value } of rows) sums.set(movement, (sums.get(movement) ?? zero).plus(exact(value)));
  return [...sums.values()].reduce((total, sum) => total.plus(sum.abs()), zero);
}
