/** What the stored data of a stocktake's events must look like: of the catalogue. */
import { isDay } from "../kernel/date.ts";
import { isDecimalText } from "../kernel/decimal.ts";
import { count, type Fields, id, listOf, objectOf, orNull, text } from "../kernel/fields.ts";
import type { UnitCost } from "./item-events.ts";
import type { LotQuantity } from "./lot-row.ts";
import type { PostedLine, StocktakeEvents } from "./stocktake-events.ts";

const sheet = { stocktake: id, location: id, date: isDay, reference: orNull(text) };
const line: Fields<PostedLine> = {
  line: count,
  item: id,
  lot: orNull(id),
  counted: isDecimalText,
  unitCost: orNull(objectOf<UnitCost>({ quantity: isDecimalText, value: isDecimalText })),
};

export const stocktakeFields: { readonly [Type in keyof StocktakeEvents]: Fields<StocktakeEvents[Type]> } = {
  StocktakeOpened: sheet,
  StocktakeLineCounted: { ...line, stocktake: id, countedBy: text },
  StocktakeLotsCounted: {
    stocktake: id,
    line: count,
    lots: listOf<LotQuantity>({ lot: id, quantity: isDecimalText }),
  },
  StocktakeApproved: { stocktake: id, approvedBy: text },
  StocktakePosted: { ...sheet, approvedBy: text, lines: listOf(line) },
  StocktakeLineRefused: {
    stocktake: id,
    line: count,
    item: id,
    lot: orNull(id),
    movement: id,
    reason: text,
    leavesShort: orNull(id),
  },
  StocktakeAbandoned: { stocktake: id, reason: text },
};
