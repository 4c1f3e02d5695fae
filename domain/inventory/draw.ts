/** FIFO draws and what becomes of them (COSTING §1, §3): the rows of receipts, issues, transfers and adjustments. */
import { invariant } from "../kernel/assert.ts";
import { type DecimalText, exact, least, negated, share, textOf } from "../kernel/decimal.ts";
import type { CostRow } from "./cost-row.ts";
import { oldestFirst, type Queue, youngest } from "./queue.ts";

/** What every row of one movement has in common. */
export type Of = Pick<CostRow, "movement" | "date">;
export type Amount = Readonly<{ quantity: DecimalText; value: DecimalText }>;

/** A receipt or a surplus is a layer of its own, known by the movement that brought it. */
export const arrivalRow = (of: Of, area: string, { quantity, value }: Amount): CostRow => ({
  ...of,
  layer: of.movement,
  area,
  quantity,
  value,
});

/** Opening stock O brings O, O/O/2, O/O/3 … in the order given. */
export const openingRows = (of: Of, area: string, layers: readonly Amount[]): readonly CostRow[] =>
  layers.map(({ quantity, value }, index) => {
    const layer = index === 0 ? of.movement : `${of.movement}/${of.movement}/${index + 1}`;
    return { ...of, layer, area, quantity, value };
  });

/**
 * Takes `quantity` from the oldest places. A draw's value is its share of what is left of the layer, rounded
 * half away from zero to `valueScale`; a layer's last draw takes the rest. The caller refuses what is short.
 */
export function drawRows(
  of: Of,
  area: string,
  queue: Queue,
  quantity: DecimalText,
  valueScale: number,
): readonly CostRow[] {
  const rows: CostRow[] = [];
  let wanted = exact(quantity);
  for (const layer of oldestFirst(queue)) {
    const taken = least(layer.quantity, wanted);
    const last = taken.eq(layer.quantity);
    const value = last ? layer.value : share(layer.value, taken, layer.quantity, valueScale);
    const signed = { quantity: textOf(taken.negated()), value: textOf(value.negated()) };
    rows.push({ ...of, layer: layer.id, area, ...signed });
    wanted = wanted.minus(taken);
    if (wanted.isZero()) break;
  }
  invariant(wanted.isZero(), "a draw of more than the layers hold");
  return rows;
}

/**
 * Each layer drawn arrives as a layer of its own, with its value to the cent: T/R, and T/R/2 where T draws a second
 * piece of R. Named after the receipt, not after the whole chain of transfers, so that names stay short.
 */
export function moveRows(draws: readonly CostRow[], to: string): readonly CostRow[] {
  const pieces = new Map<string, number>();
  const arrivals = draws.map((draw) => {
    const [first = "", receipt = first] = draw.layer.split("/");
    const piece = (pieces.get(receipt) ?? 0) + 1;
    pieces.set(receipt, piece);
    const layer = [draw.movement, receipt, ...(piece > 1 ? [piece] : [])].join("/");
    return { ...draw, layer, area: to, quantity: negated(draw.quantity), value: negated(draw.value) };
  });
  return [...draws, ...arrivals];
}

/** A surplus found, at the cost of the open layer last in place; undefined where none is open. */
export function surplusValue(
  queue: Queue,
  quantity: DecimalText,
  valueScale: number,
): DecimalText | undefined {
  const layer = youngest(queue);
  return layer && textOf(share(layer.value, exact(quantity), layer.quantity, valueScale));
}
