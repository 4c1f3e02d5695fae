import fc from "fast-check";
import { expect, test } from "vitest";
import { isFirstDay, monthAfter, monthBefore } from "../../../domain/company/fiscal-months.ts";
import { isDay } from "../../../domain/kernel/date.ts";

/**
 * Goal: fiscal months follow each other without a gap, one a calendar month, whatever day they begin on.
 * Method: from any month on, forwards and back, against the calendar's own months.
 */
test("months follow each other", () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1901, max: 2198 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
      (year, month, day) => {
        const start = `01-${`${day}`.padStart(2, "0")}`;
        const days = (y: number, m: number) => new Date(Date.UTC(y, m, 0)).getUTCDate();
        const first = (y: number, m: number) =>
          [y, m, Math.min(day, days(y, m))].map((part) => `${part}`.padStart(2, "0")).join("-");
        const this_ = first(year, month);
        const after = month === 12 ? first(year + 1, 1) : first(year, month + 1);
        expect(isDay(this_) && isFirstDay(this_, start)).toBe(true);
        expect(monthAfter(this_, start)).toBe(after);
        expect(monthBefore(after, start)).toBe(this_);
        for (let d = 1; d <= days(year, month); d += 1) {
          const other = `${this_.slice(0, 8)}${`${d}`.padStart(2, "0")}`;
          expect(isFirstDay(other, start)).toBe(other === this_);
        }
      },
    ),
  ));
