/**
 * Lot rows: beside cost rows, which go by FIFO whatever was picked, what movements do to lots. Nothing but a lot row moves a lot: what
 * lies there of it, and where it came from and went to, are sums over them. Of an item costed by lot its cost rows are its lot rows.
 */
import { type DecimalText, exact, negated, textOf, zero } from "../kernel/decimal.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import type { MovementCommand } from "./item-commands.ts";

/** Above zero, in the item's unit. */
export type LotQuantity = Readonly<{ lot: string; quantity: DecimalText }>;

/** As stored, for ever. */
export type LotRow = Readonly<{
  movement: string;
  lot: string;
  area: string;
  /** The movement's effective date, or the first open day. */
  date: EffectiveDate;
  /** Signed, in the item's unit. */
  quantity: DecimalText;
}>;

/** Those that a movement names, or the one that it is of where the item is costed by lot. */
export function lotsOf(move: MovementCommand): readonly LotQuantity[] {
  const { lot } = move.data;
  return move.lots ?? (lot === null ? [] : [{ lot, quantity: quantityOf(move) }]);
}

/** How much a movement is about; zero or more. */
export function quantityOf(move: MovementCommand): DecimalText {
  switch (move.type) {
    case "RecordOpeningStock":
      return sumOf(move.data.layers);
    case "CountStock":
      return move.data.counted;
    default: {
      const { quantity } = move.data;
      return quantity.startsWith("-") ? negated(quantity) : quantity;
    }
  }
}

export const sumOf = (parts: readonly Readonly<{ quantity: DecimalText }>[]): DecimalText =>
  textOf(parts.reduce((sum, { quantity }) => sum.plus(exact(quantity)), zero));
