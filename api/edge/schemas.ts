/** What the edge accepts. Everything is checked here, once; the domain trusts it, and every projection can store it. */
import "./in-words.ts";
import { z } from "zod";
import { type DecimalText, decimal, exact, isDecimal } from "../../domain/kernel/decimal.ts";
import { DIMENSIONS, type Dimension } from "../../read-models/dimensions.ts";
import type { KnownAt } from "../../read-models/question.ts";

export const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "up to 64 letters, digits, '.', '_' or '-', the first no sign");
export const words = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, "1 to 200 characters, no control characters");
export const day = z.iso.date("a date, YYYY-MM-DD").regex(/^(19|20|21)/, "a day of 1900 to 2199");
export const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/, "a time of day in the company's zone, HH:MM:SS");
export const scale = z.int().min(0).max(6);

const AMOUNT = "a decimal in quotes, at most 18 digits before the point and 6 after";
const amount = z.string(AMOUNT).refine(isDecimal, { error: AMOUNT, abort: true }).transform(decimal);
const above = (text: DecimalText) => exact(text).gt(0);
export const quantity = amount.refine(above, "above zero");
export const signedQuantity = amount.refine((text) => !exact(text).isZero(), "not zero");
export const value = amount.refine((text) => exact(text).gte(0), "zero or more");
const LOTS_MAX = 1_000;
export const lotQuantities = z
  .array(z.strictObject({ lot: id, quantity }))
  .max(LOTS_MAX)
  .refine((sent) => new Set(sent.map(({ lot }) => lot)).size === sent.length, "each lot once");
export const signedValue = signedQuantity;
export const rate = quantity;
export const currency = z.string().regex(/^[A-Z]{3}$/, "three capital letters, ISO 4217");
/** What a unit costs, exactly. */
export const unitCost = z.strictObject({ quantity, value });

export const timeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}, "an IANA time zone, such as Europe/Berlin");

/** A year that is no leap year has every day that each year has. */
const isDayOfEveryYear = (text: string): boolean => z.iso.date().safeParse(`2023-${text}`).success;
export const fiscalYearStart = z.string().refine(isDayOfEveryYear, "a day that every year has, MM-DD");

export const KNOWN_AT = "a seq, or an instant such as 2026-03-31T12:00:00Z";
const isInstant = (text: string) =>
  z.iso.datetime({ offset: true }).safeParse(text).success &&
  !Number.isNaN(Date.parse(text)) &&
  /^\d{4}-/.test(new Date(text).toISOString()); // in UTC it may fall into the year 10000
export const knownAt = z.string().refine((text) => /^\d{1,18}$/.test(text) || isInstant(text), KNOWN_AT);

/** What a question is asked of. An instant becomes UTC with milliseconds, as recording times are written. */
export function knownAtOf(text: string | undefined): KnownAt {
  if (text === undefined) return "latest";
  return /^\d+$/.test(text) ? { seq: BigInt(text) } : { at: new Date(text).toISOString() };
}

const BY = `${DIMENSIONS.join(", ")}: one or more, each once, with commas between`;
const namesIn = (text: string): readonly Dimension[] => text.split(",") as Dimension[];
const isBy = (text: string): boolean => {
  const names = namesIn(text);
  return new Set(names).size === names.length && names.every((name) => DIMENSIONS.includes(name));
};
export const by = z.string().refine(isBy, BY).default("item").transform(namesIn).describe(BY);

const BUCKETS_MAX = 12;
const BUCKETS = `the greatest age of each bucket but the last: 1 to ${BUCKETS_MAX} counts of days, ascending from 1, of up to 5 digits, with commas between`;
const agesIn = (text: string): readonly number[] => text.split(",").map(Number);
const isBuckets = (text: string): boolean => {
  const ages = agesIn(text);
  const isAscending = ages.every((age, index) => age > (ages[index - 1] ?? 0));
  return /^\d{1,5}(,\d{1,5})*$/.test(text) && ages.length <= BUCKETS_MAX && isAscending;
};
export const buckets = z
  .string()
  .refine(isBuckets, BUCKETS)
  .default("30,60,90,180")
  .transform(agesIn)
  .describe(BUCKETS);
