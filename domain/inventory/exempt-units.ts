/**
 * Units that went back to their supplier before they were on any bill (COSTING §7): what the receipt's invoices differ by is borne by
 * the others, on all their way. Which units those are is known only at the end: so from there, back to the receipt.
 */
import { steps } from "../kernel/decimal.ts";
import { draftOf, emptyMap, type SortedMap } from "../kernel/sorted-map.ts";
import type { Scales } from "./cost-row.ts";
import { entryNamed, type History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import { type Leg, receiptOf } from "./leg.ts";

/** By layer, and by draw: the movement that drew, and the layer's place. */
export type Exempt = SortedMap<bigint>;
/** Ids hold no space. */
export const exemptKey = (place: string, drawnBy = ""): string => `${drawnBy} ${place}`;

/** Of each draw of these receipts' goods, and each of their layers, the units that went back later uninvoiced. */
export function exemptUnits(history: History): Exempt {
  const receipts = uninvoicedReceipts(history);
  if (receipts.size === 0) return emptyMap();
  const exempt = draftOf<bigint>(emptyMap());
  const of = (key: string): bigint => exempt.get(key) ?? 0n;
  /** Of what came back of an issue's draw, by the movement and the layer's place. */
  const cameBack = new Map<string, bigint>();

  function draw(movement: string, leg: Leg, units: bigint): void {
    if (units === 0n) return;
    exempt.set(exemptKey(leg.place, movement), units);
    exempt.set(exemptKey(leg.place), of(exemptKey(leg.place)) + units);
  }

  for (const [
    ,
    { move, legs, settles = [], cancelled, compensated },
  ] of history.movements.entriesReversed()) {
    if (cancelled) continue;
    const isHis = (leg: Leg) => receipts.has(receiptOf(leg.layer));
    const least = (most: bigint, units: bigint) => (most < units ? most : units);
    for (const leg of settles)
      if (leg.units < 0n && !leg.deficit && isHis(leg))
        draw(leg.of, leg, least(cameBack.get(`${leg.of} ${leg.place}`) ?? 0n, -leg.units));
    const taken = legs.filter((leg) => leg.units < 0n && !leg.deficit);
    const brought = legs.filter((leg) => leg.units > 0n && !leg.deficit);
    const { movement } = move.data;
    const issue = move.type === "ReturnGoods" ? move.data.issue : compensatedBy(move);
    for (const leg of brought)
      if (leg.from !== undefined) {
        const key = `${issue} ${leg.from}`;
        cameBack.set(key, (cameBack.get(key) ?? 0n) + of(exemptKey(leg.place)));
      }
    const isGone = isUninvoiced({ move, compensated });
    for (const [index, leg] of taken.entries()) {
      if (!isHis(leg)) continue;
      const became = brought[index];
      const later = became ? of(exemptKey(became.place)) : (cameBack.get(`${movement} ${leg.place}`) ?? 0n);
      const gone = isGone && move.type === "ReturnToSupplier" && move.data.receipt === receiptOf(leg.layer);
      draw(movement, leg, gone ? -leg.units : least(later, -leg.units));
    }
  }
  return exempt;
}

/** Where the movements stand that brought the layers: receipts, and what was made of them. */
export function* placesIn(exempt: Exempt): Iterable<string> {
  for (const [key] of exempt.entries()) {
    if (!key.startsWith(exemptKey(""))) return;
    yield key.slice(1, key.lastIndexOf("/"));
  }
}

const compensatedBy = (move: MovementCommand): string | undefined =>
  move.type === "CompensateMovement" ? move.data.compensated : undefined;

/** A return to a supplier that stands. */
export const isUninvoiced = ({
  move,
  compensated,
}: Readonly<{ move: MovementCommand; compensated?: string | undefined }>): boolean =>
  move.type === "ReturnToSupplier" && move.data.uninvoiced && compensated === undefined;

/** Ids hold no space. */
export const uninvoicedKey = (receipt: string, movement: string): string => `${receipt} ${movement}`;

/** Of a receipt, in steps of the item's quantities. */
export function uninvoicedUnits(
  history: Pick<History, "uninvoiced" | "movements" | "turns">,
  receipt: string,
  { quantityScale }: Scales,
): bigint {
  let units = 0n;
  for (const [key] of history.uninvoiced.entries(uninvoicedKey(receipt, ""))) {
    if (!key.startsWith(uninvoicedKey(receipt, ""))) break;
    const entry = entryNamed(history, key.slice(receipt.length + 1));
    if (entry && isUninvoiced(entry) && entry.move.type === "ReturnToSupplier")
      units += steps(entry.move.data.quantity, quantityScale);
  }
  return units;
}

/** Receipts of which some units went back so. */
export const uninvoicedReceipts = ({ uninvoiced }: Pick<History, "uninvoiced">): ReadonlySet<string> =>
  new Set([...uninvoiced.entries()].map(([key]) => key.split(" ", 1)[0] ?? key));
