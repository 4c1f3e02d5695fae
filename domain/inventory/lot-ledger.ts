/**
 * Lots at every point of an item's costing order, whatever turns its costs run in: none is below zero in any area, and a serial lies in
 * one area at most. A count is absolute in its area: what comes before it late changes what it found, and nothing after it.
 */
import { steps, textOfSteps } from "../kernel/decimal.ts";
import { type Draft, draftOf } from "../kernel/sorted-map.ts";
import { placesFrom } from "./by-place.ts";
import { inEvents } from "./correcting.ts";
import type { Entry, History } from "./history.ts";
import type { ItemRefusal, MovementCommand } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";
import { type LotLeg, lotLegs } from "./lot-legs.ts";
import { type LotRow, lotsOf } from "./lot-row.ts";
import { areaIn, foundBy, lotKey, lotUnits, type Tracking, unitsOf } from "./lot-tracking.ts";

/** A history before and after something was recorded, and a place before which they are the same. */
type Change = Readonly<{ before: History; after: History; from: string }>;

/** What is written of it, where lots are tracked; or why it can't be. `asked`: the movement that is to be recorded, if one is. */
export function movedLots(
  change: Change,
  causedBy: string,
  item: Registered,
  asked?: MovementCommand,
): readonly ItemEvent[] | ItemRefusal {
  if (!item.tracking) return [];
  const rows = lackingRows(item.tracking, change, item, asked);
  // Of one that is costed by lot, its cost rows say the same.
  if ("name" in rows || item.costBy === "lot") return "name" in rows ? rows : [];
  return inEvents(rows).map((moved) => ({ type: "LotsMoved", data: { item: item.item, causedBy, moved } }));
}

function lackingRows(
  tracking: Tracking,
  { before, after, from }: Change,
  item: Pick<Registered, "quantityScale" | "costBy">,
  asked?: MovementCommand,
): readonly LotRow[] | ItemRefusal {
  const onHand = draftOf(tracking.onHand);
  const rows = new Map<string, Lacking>();
  const note = ({ data }: MovementCommand, legs: readonly LotLeg[], sign: 1n | -1n) => {
    for (const { lot, area, units } of legs) {
      const { movement, effectiveDate: date } = data;
      const key = `${movement} ${lotKey(lot, area)}`;
      const lacking = (rows.get(key)?.units ?? 0n) + sign * units;
      rows.set(key, { movement, date, lot, area, units: lacking });
    }
  };

  for (const entry of standing(before, from)) {
    const { move } = entry;
    const legs =
      move.type === "CountStock" ? foundBy(tracking, move) : lotLegs(move, before, item.quantityScale);
    for (const leg of legs) moveLot(onHand, leg, -1n);
    note(move, legs, -1n);
  }
  for (const { move } of standing(after, from)) {
    const legs =
      move.type === "CountStock" ? variances(move, onHand, item) : lotLegs(move, after, item.quantityScale);
    for (const leg of legs) moveLot(onHand, leg, 1n);
    const wrong = legs.map((leg) => wrongAfter(leg, onHand, tracking, item)).find(Boolean);
    if (wrong) return move === asked ? wrong : { ...wrong, leavesShort: laterOf(move) };
    note(move, legs, 1n);
  }
  return [...rows.values()]
    .filter(({ units }) => units !== 0n)
    .map(({ units, ...row }) => ({ ...row, quantity: textOfSteps(units, item.quantityScale) }));
}

type Lacking = Readonly<{ movement: string; date: string }> & LotLeg;

function* standing(history: History, from: string): Generator<Entry> {
  for (const { entry } of placesFrom(history, from)) if (!entry.cancelled) yield entry;
}

const laterOf = ({ data: { movement, effectiveDate } }: MovementCommand) => ({ movement, effectiveDate });

function moveLot(onHand: Draft<bigint>, { lot, area, units }: LotLeg, sign: 1n | -1n = 1n): void {
  const key = lotKey(lot, area);
  const left = (onHand.get(key) ?? 0n) + sign * units;
  if (left === 0n) onHand.delete(key);
  else onHand.set(key, left);
}

/** What was counted less what lies there, lot by lot; where the item is costed by lot, a count is of one. */
function variances(
  count: Extract<MovementCommand, { type: "CountStock" }>,
  onHand: Draft<bigint>,
  { quantityScale, costBy }: Pick<Registered, "quantityScale" | "costBy">,
): readonly LotLeg[] {
  const { location: area, lot: only } = count.data;
  const counted = new Map(lotsOf(count).map(({ lot, quantity }) => [lot, steps(quantity, quantityScale)]));
  const isOf = (lot: string) => costBy === "fifo" || lot === only;
  for (const [key] of onHand.entries()) {
    const [lot, where] = areaIn(key);
    if (where === area && isOf(lot) && !counted.has(lot)) counted.set(lot, 0n);
  }
  return [...counted].map(([lot, units]) => ({ lot, area, units: units - unitsOf(onHand, lot, area) }));
}

type Wrong = Extract<ItemRefusal, { name: "InsufficientLot" | "SerialTaken" }>;

function wrongAfter(
  { lot, area: location, units }: LotLeg,
  onHand: Draft<bigint>,
  { serials }: Tracking,
  { quantityScale }: Pick<Registered, "quantityScale">,
): Wrong | undefined {
  const left = unitsOf(onHand, lot, location);
  if (left < 0n) {
    const [lay, requested] = [textOfSteps(left - units, quantityScale), textOfSteps(-units, quantityScale)];
    return { name: "InsufficientLot", location, lot, onHand: lay, requested };
  }
  if (!serials) return undefined;
  const lying = [...lotUnits(onHand, lot)];
  const one = steps("1" as LotRow["quantity"], quantityScale);
  if (lying.reduce((sum, [, some]) => sum + some, 0n) <= one) return undefined;
  const [elsewhere] = lying.find(([area]) => area !== location) ?? [location];
  return { name: "SerialTaken", lot, location: elsewhere };
}
