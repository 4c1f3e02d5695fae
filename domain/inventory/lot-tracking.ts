/** What an item's events say of its lots, folded: how much of each lies where, what counts found, and what is known of them. */
import { steps } from "../kernel/decimal.ts";
import { draftOf, emptyMap, type SortedMap } from "../kernel/sorted-map.ts";
import { entryNamed } from "./history.ts";
import type { ItemRefusal, MovementCommand } from "./item-commands.ts";
import type { ItemEvent, ItemEvents } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";
import type { LotLeg } from "./lot-legs.ts";
import type { LotRow } from "./lot-row.ts";

export type Tracking = Readonly<{
  /** Each lot is a single unit, at one place. */
  serials: boolean;
  /** Units after the last place, by lot and area; none where there are none. */
  onHand: SortedMap<bigint>;
  /** By count and lot: what it found more, or less, than lay there. */
  found: SortedMap<bigint>;
  /** By movement, lot, area and day: what counts on another day than the movement's own. */
  displaced: SortedMap<bigint>;
}>;
export type LotFacts = Pick<ItemEvents["LotDescribed"], "expiresOn" | "supplierLot">;

/** Ids hold no space. */
export const lotKey = (lot: string, area: string): string => `${lot} ${area}`;
export const areaIn = (key: string): readonly [lot: string, area: string] => {
  const end = key.indexOf(" ");
  return [key.slice(0, end), key.slice(end + 1)];
};
export const unitsOf = (onHand: SortedMap<bigint>, lot: string, area: string): bigint =>
  onHand.get(lotKey(lot, area)) ?? 0n;

/** Of a lot, by area. */
export function* lotUnits(onHand: SortedMap<bigint>, lot: string): Generator<readonly [string, bigint]> {
  for (const [key, units] of onHand.entries(lotKey(lot, ""))) {
    const [of, area] = areaIn(key);
    if (of !== lot) return;
    yield [area, units];
  }
}

/** What a count found, as its lot rows have it so far. */
export function foundBy(
  { found }: Tracking,
  { data: { movement, location: area } }: Extract<MovementCommand, { type: "CountStock" }>,
): readonly LotLeg[] {
  const legs: LotLeg[] = [];
  for (const [key, units] of found.entries(lotKey(movement, ""))) {
    const [count, lot] = areaIn(key);
    if (count !== movement) break;
    legs.push({ lot, area, units });
  }
  return legs;
}

export function startOfTracking(item: Registered, data: ItemEvents["LotsTracked"]): ItemRefusal | ItemEvent {
  if (item.tracking || (item.costBy === "lot" && !data.serials)) return { name: "LotsAlreadyTracked" };
  return item.history.movements.size > 0 ? { name: "ItemHasMovements" } : { type: "LotsTracked", data };
}

export const trackedFromNow = ({ serials }: ItemEvents["LotsTracked"]): Tracking => ({
  serials,
  onHand: emptyMap(),
  found: emptyMap(),
  displaced: emptyMap(),
});

export const keepsLots = ({ costBy, tracking }: Pick<Registered, "costBy" | "tracking">): boolean =>
  costBy === "lot" || tracking !== undefined;

export function withLotFacts(item: Registered, { lot, ...facts }: ItemEvents["LotDescribed"]): Registered {
  const lots = draftOf(item.lotFacts ?? emptyMap<LotFacts>());
  lots.set(lot, { expiresOn: facts.expiresOn, supplierLot: facts.supplierLot });
  return { ...item, lotFacts: lots };
}

/** `item`: as it is after the event. */
export function withLotsMoved(item: Registered, event: ItemEvent): Registered {
  const { tracking, history, quantityScale } = item;
  const rows = tracking ? lotRowsIn(event, item.lot) : [];
  if (!tracking || rows.length === 0) return item;
  const [onHand, found] = [draftOf(tracking.onHand), draftOf(tracking.found)];
  const displaced = draftOf(tracking.displaced);
  const add = (to: typeof onHand, key: string, units: bigint) => {
    const sum = (to.get(key) ?? 0n) + units;
    if (sum === 0n) to.delete(key);
    else to.set(key, sum);
  };
  for (const { movement, lot, area, date, quantity } of rows) {
    const units = steps(quantity, quantityScale);
    const move = entryNamed(history, movement)?.move;
    add(onHand, lotKey(lot, area), units);
    if (move?.type === "CountStock") add(found, lotKey(movement, lot), units);
    // Where costs go by lot, cost rows go back by themselves.
    if (event.type === "LotsMoved" && move?.data.effectiveDate !== date)
      add(displaced, [movement, lot, area, date].join(" "), units);
  }
  return { ...item, tracking: { ...tracking, onHand, found, displaced } };
}

export const displacedIn = (
  tracking: Tracking | undefined,
): readonly (Omit<LotRow, "quantity"> & Readonly<{ units: bigint }>)[] =>
  [...(tracking?.displaced.entries() ?? [])].map(([key, units]) => {
    const [movement = "", lot = "", area = "", date = ""] = key.split(" ");
    return { movement, lot, area, date, units };
  });

/** Its own, or its cost rows where these are of a lot. `current`: the lot of the movement that such rows continue. */
export function lotRowsIn({ type, data }: ItemEvent, current: string | null): readonly LotRow[] {
  if (type === "LotsMoved") return data.moved;
  const lot = "lot" in data ? data.lot : current;
  if (!("rows" in data) || lot === null) return [];
  return data.rows.map(({ movement, area, date, quantity }) => ({ movement, lot, area, date, quantity }));
}
