/** The only import of decimal.js: another arithmetic would replace this file and nothing else. */
import { Decimal as Base } from "decimal.js";
import { invariant } from "./assert.ts";

/**
 * decimal.js rounds to 20 digits by default, silently. Input has at most 18 digits before the point and 6 after
 * it, so at 60 every sum and product is exact. `share` is the only division; it and `rounded` alone round.
 */
const Exact = Base.clone({ precision: 60 });

export type Decimal = Base;

/** Canonical: "12.5", never "12.50", "1e3" or "-0". Equal values have equal spelling. */
export type DecimalText = string & { readonly __decimal: true };

const input = /^-?\d{1,18}(\.\d{1,6})?$/;
const canonical = /^(0|-?(?=.*[1-9])(?!0\d)\d{1,18}(\.\d{0,5}[1-9])?)$/;

/** What the edge accepts. */
export const isDecimal = (text: string): boolean => input.test(text);

/** What the log may hold. */
export const isDecimalText = (value: unknown): value is DecimalText =>
  typeof value === "string" && canonical.test(value);

/** Input in, canonical text out. The edge checks `isDecimal` first; failing here is a bug. */
export function decimal(text: string): DecimalText {
  invariant(isDecimal(text), `not a decimal: ${text}`);
  return textOf(new Exact(text));
}

export const exact = (text: DecimalText): Decimal => new Exact(text);

/** `toFixed`, because `toString` turns 0.0000001 into "1e-7". */
export const textOf = (value: Decimal): DecimalText =>
  (value.isZero() ? "0" : value.toFixed()) as DecimalText;

export const negated = (text: DecimalText): DecimalText => textOf(exact(text).negated());

/** Decimals after the point: 12.5 has one. */
export function decimals(text: DecimalText): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

export const zero: Decimal = new Exact(0);

export const least = (a: Decimal, b: Decimal): Decimal => (a.lt(b) ? a : b);

/** Half away from zero to `scale` decimals. */
export const rounded = (value: Decimal, scale: number): Decimal =>
  value.toDecimalPlaces(scale, Base.ROUND_HALF_UP);

/** value × part ÷ whole, rounded half away from zero to `scale` decimals (COSTING §3). */
export const share = (value: Decimal, part: Decimal, whole: Decimal, scale: number): Decimal =>
  rounded(value.times(part).div(whole), scale);
