/** What a line of a receipt says of its value in another currency: at which rates (COSTING §7). */
import { convertedAt, type Foreign } from "../../domain/inventory/value-facts.ts";
import { type DecimalText, isDecimalText } from "../../domain/kernel/decimal.ts";
import type { Line } from "./line-forms.ts";
import type { Wrong } from "./movement-line.ts";

type OfReceipt = Extract<Line, { kind: "invoice" | "cost" }>;
const NOTHING = "0" as DecimalText;

/** A currency and its rates, all or none; then the value is in that, and stated as a whole. */
export function wrongForeign(line: Line, valueScale: number): Wrong | undefined {
  if (line.kind !== "invoice" && line.kind !== "cost") return undefined;
  const { currency, value } = line;
  if (currency === undefined) {
    const rate = line.receiptRate === undefined ? "documentRate" : "receiptRate";
    return line[rate] === undefined
      ? undefined
      : { column: "currency", detail: `say of which currency ${rate} is` };
  }
  for (const column of ["receiptRate", "documentRate"] as const)
    if (line[column] === undefined)
      return { column, detail: `of the base currency for one ${currency}, as is the other rate` };
  if (value === undefined) return { column: "value", detail: `state the whole value, in ${currency}` };
  const { amount, exchangeDifference } = pricedAs(line, value, valueScale);
  const isHeld = isDecimalText(amount) && isDecimalText(exchangeDifference);
  return isHeld ? undefined : { column: "value", detail: "too large in the base currency" };
}

/** `stated`: in the line's currency. */
export function pricedAs(
  { currency, receiptRate, documentRate }: OfReceipt,
  stated: DecimalText,
  valueScale: number,
): Readonly<{ foreign: Foreign | null; amount: DecimalText; exchangeDifference: DecimalText }> {
  if (currency === undefined || receiptRate === undefined || documentRate === undefined)
    return { foreign: null, amount: stated, exchangeDifference: NOTHING };
  const foreign = { currency, amount: stated, receiptRate, documentRate };
  return { foreign, ...convertedAt(foreign, valueScale) };
}
