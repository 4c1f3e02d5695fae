/** The only import of decimal.js: another arithmetic would replace this file and nothing else. */
import { Decimal as Base } from "decimal.js";
import { invariant } from "./assert.ts";

/**
 * decimal.js rounds to 20 digits by default, silently. Input has at most 18 digits before the point and 6 after
 * it, so at 60 every sum and product is exact. `rounded` and `share` alone round.
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

/** Half away from zero to `scale` decimals. */
export const rounded = (value: Decimal, scale: number): Decimal =>
  value.toDecimalPlaces(scale, Base.ROUND_HALF_UP);

/** The integer of steps of `scale` decimals that a text stands for: "12.5" at 2 is 1250. It must fit the scale. */
export function steps(text: DecimalText, scale: number): bigint {
  const point = text.indexOf(".");
  if (point < 0) return BigInt(text + ZEROS.slice(0, scale));
  const missing = scale - (text.length - point - 1);
  invariant(missing >= 0, `${text} has more than ${scale} decimals`);
  return BigInt(text.slice(0, point) + text.slice(point + 1) + ZEROS.slice(0, missing));
}
const ZEROS = "000000";

/** The text of so many steps of `scale` decimals. */
export function textOfSteps(steps: bigint, scale: number): DecimalText {
  if (scale === 0) return `${steps}` as DecimalText;
  const digits = `${steps < 0n ? -steps : steps}`.padStart(scale + 1, "0");
  const cut = digits.length - scale;
  let end = digits.length;
  while (end > cut && digits[end - 1] === "0") end -= 1;
  const size = end > cut ? `${digits.slice(0, cut)}.${digits.slice(cut, end)}` : digits.slice(0, cut);
  return (steps < 0n ? `-${size}` : size) as DecimalText;
}

/** value × part ÷ whole in steps, the latter two above zero, rounded half away from zero (COSTING §3). */
export function share(value: bigint, part: bigint, whole: bigint): bigint {
  const doubled = 2n * value * part;
  return (doubled < 0n ? doubled - whole : doubled + whole) / (2n * whole);
}
