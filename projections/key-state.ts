/**
 * What the fold remembers of a key (an item in an area, of a lot): its sums as of all that is known. Changed in place,
 * since a busy key has thousands of open layers; whoever's transaction fails forgets all of it.
 */
import { type Decimal, type DecimalText, exact, textOf, zero } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";

export type Amount = Readonly<{ quantity: Decimal; value: Decimal }>;
const NOTHING: Amount = { quantity: zero, value: zero };

export type Sums = { total: Amount; readonly layers: Map<string, Amount> };

export type KeyState = {
  readonly key: number;
  /** The greatest effective date so far; "" before the first row. */
  knownLast: EffectiveDate;
  /** Of the last row. */
  lastSeq: bigint;
  readonly sums: Sums;
  /** The latest month-end sums by month; undefined until a back-dated row needs them. */
  closed: Map<EffectiveDate, Sums> | undefined;
};

export type Part = Readonly<{ layer: string; quantity: DecimalText; value: DecimalText }>;

export const noSums = (): Sums => ({ total: NOTHING, layers: new Map() });
export const copyOf = ({ total, layers }: Sums): Sums => ({ total, layers: new Map(layers) });

export const newKey = (key: number): KeyState => ({
  key,
  knownLast: "",
  lastSeq: 0n,
  sums: noSums(),
  closed: new Map(),
});

/** A month is named by its first day. */
export const monthOf = (day: EffectiveDate): EffectiveDate => `${day.slice(0, 8)}01`;

export function add(sums: Sums, { layer, quantity, value }: Part): void {
  const moved = { quantity: exact(quantity), value: exact(value) };
  const after = sum(sums.layers.get(layer) ?? NOTHING, moved);
  if (after.quantity.isZero() && after.value.isZero()) sums.layers.delete(layer);
  else sums.layers.set(layer, after);
  sums.total = sum(sums.total, moved);
}

const sum = (a: Amount, b: Amount): Amount => ({
  quantity: a.quantity.plus(b.quantity),
  value: a.value.plus(b.value),
});

export const textsOf = ({ quantity, value }: Amount) => ({
  quantity: textOf(quantity),
  value: textOf(value),
});
