/** The months of a fiscal year, which need not begin with the calendar's: the periods that are closed. */
import { isDay } from "../kernel/date.ts";
import type { EffectiveDate } from "../kernel/event.ts";

const MONTHS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];

/** A month is named by its first day: the fiscal year's, or the last that a shorter month has. */
function firstDay(year: string, month: string, fiscalYearStart: string): EffectiveDate {
  for (let day = +fiscalYearStart.slice(3); ; day -= 1) {
    const date = `${year}-${month}-${`${day}`.padStart(2, "0")}`;
    if (isDay(date) || day === 1) return date;
  }
}

function shifted(day: EffectiveDate, by: 1 | -1): readonly [year: string, month: string] {
  const [year, month] = [day.slice(0, 4), MONTHS.indexOf(day.slice(5, 7)) + by];
  const carry = month < 0 ? -1 : month === MONTHS.length ? 1 : 0;
  return [`${+year + carry}`, MONTHS.at(month % MONTHS.length) ?? ""];
}

export const monthAfter = (month: EffectiveDate, fiscalYearStart: string): EffectiveDate =>
  firstDay(...shifted(month, 1), fiscalYearStart);

export const monthBefore = (month: EffectiveDate, fiscalYearStart: string): EffectiveDate =>
  firstDay(...shifted(month, -1), fiscalYearStart);

export const isFirstDay = (day: EffectiveDate, fiscalYearStart: string): boolean =>
  day === firstDay(day.slice(0, 4), day.slice(5, 7), fiscalYearStart);
