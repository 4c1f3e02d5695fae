/**
 * What is known of a receipt's value beyond the one it came with (COSTING §7): invoices, which replace the price of the
 * quantity that they are for, and costs added to it or taken off. The sum does not depend on the order in which they came.
 */
import { type DecimalText, exact, rounded, share, textOf } from "../kernel/decimal.ts";

/** In steps of the item's scales. */
export type ValueFacts = Readonly<{ invoicedUnits: bigint; invoicedWorth: bigint; otherWorth: bigint }>;

export const noFacts: ValueFacts = { invoicedUnits: 0n, invoicedWorth: 0n, otherWorth: 0n };

/** A fact that was recorded of a receipt. */
export type KnownFact = Readonly<{ receipt: string; says: ValueFacts; cancelled: boolean }>;

/** What the facts add to a receipt of so many units for so much. */
export const addedBy = (facts: ValueFacts, received: Received): bigint =>
  differenceIn(facts, received) + facts.otherWorth;

type Received = Readonly<{ units: bigint; worth: bigint }>;

/** What its invoices differ by from the price that it came with. */
export const differenceIn = ({ invoicedUnits, invoicedWorth }: ValueFacts, received: Received): bigint =>
  invoicedWorth - share(received.worth, invoicedUnits, received.units);

export const plus = (a: ValueFacts, b: ValueFacts, sign: 1n | -1n): ValueFacts => ({
  invoicedUnits: a.invoicedUnits + sign * b.invoicedUnits,
  invoicedWorth: a.invoicedWorth + sign * b.invoicedWorth,
  otherWorth: a.otherWorth + sign * b.otherWorth,
});

/** An amount in another currency. Rates: of the base currency for one of it. */
export type Foreign = Readonly<{
  currency: string;
  amount: DecimalText;
  /** With which the receipt was valued. */
  receiptRate: DecimalText;
  /** Of the document's day. */
  documentRate: DecimalText;
}>;

/** The price at the receipt's rate belongs to the stock; what the rate has moved since is an exchange difference. */
export function convertedAt(
  { amount, receiptRate, documentRate }: Foreign,
  valueScale: number,
): Readonly<{ amount: DecimalText; exchangeDifference: DecimalText }> {
  const at = (rate: DecimalText) => rounded(exact(amount).times(exact(rate)), valueScale);
  const stock = at(receiptRate);
  return { amount: textOf(stock), exchangeDifference: textOf(at(documentRate).minus(stock)) };
}
