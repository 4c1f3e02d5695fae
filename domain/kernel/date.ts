/** Business days as text, without a clock or a time zone. */
import type { EffectiveDate } from "./event.ts";

const shape = /^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DAYS = ["31", "28", "31", "30", "31", "30", "31", "31", "30", "31", "30", "31"];
/** "00", "04" … "96". */
const isFourth = (twoDigits: string): boolean => /^([02468][048]|[13579][26])$/.test(twoDigits);

/** A day of 1900 to 2199 that was or will be. */
export function isDay(value: unknown): value is EffectiveDate {
  if (typeof value !== "string" || !shape.test(value)) return false;
  const [century, year, month, day] = [
    value.slice(0, 2),
    value.slice(2, 4),
    value.slice(5, 7),
    value.slice(8),
  ];
  if (month === "02" && day === "29") return year === "00" ? isFourth(century) : isFourth(year);
  return day <= (DAYS.at(+month - 1) ?? "");
}
