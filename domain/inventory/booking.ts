/**
 * What is booked of a movement against what it ought to be (COSTING §4, §5). Rows dated in closed time stand; what the target
 * leaves over of them stands on one day, the movement's own or the first open one.
 */
import type { EffectiveDate } from "../kernel/event.ts";
import type { Moved } from "./leg.ts";

export type Booked = Moved & Readonly<{ date: EffectiveDate }>;

/** `undefined`: no period was ever closed. */
export type OpenFrom = EffectiveDate | undefined;

export const latest = (day: EffectiveDate, openFrom: OpenFrom): EffectiveDate =>
  openFrom !== undefined && day < openFrom ? openFrom : day;

/**
 * The rows that `booked` lacks, by layer and day; none where nothing is lacking. In an order that does not depend on how what
 * is booked came about: whoever completes a command of another process must find the same.
 */
export function lacking(
  booked: readonly Booked[],
  target: readonly Booked[],
  day: EffectiveDate,
  openFrom: OpenFrom,
): readonly Booked[] {
  const sums = new Map<string, Booked>();
  const add = ({ queue, layer, units, worth }: Moved, date: EffectiveDate, sign: 1n | -1n) => {
    const key = `${layer} ${date}`;
    const before = sums.get(key);
    const moved = {
      units: (before?.units ?? 0n) + sign * units,
      worth: (before?.worth ?? 0n) + sign * worth,
    };
    sums.set(key, { queue, layer, date, ...moved });
  };
  // What stands in closed time is taken off what is left to stand on the one day.
  const standsOn = latest(day, openFrom);
  for (const row of booked)
    add(row, openFrom !== undefined && row.date < openFrom ? standsOn : row.date, -1n);
  for (const row of target) add(row, latest(row.date, openFrom), 1n);
  return [...sums.values()]
    .filter(({ units, worth }) => units !== 0n || worth !== 0n)
    .sort((a, b) => byText(a.layer, b.layer) || byText(a.date, b.date));
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By layer and day; what comes to nothing is not there. */
export function summed(rows: readonly Booked[]): readonly Booked[] {
  const sums = new Map<string, Booked>();
  for (const row of rows) {
    const key = `${row.layer} ${row.date}`;
    const before = sums.get(key);
    sums.set(
      key,
      before ? { ...row, units: before.units + row.units, worth: before.worth + row.worth } : row,
    );
  }
  return [...sums.values()].filter(({ units, worth }) => units !== 0n || worth !== 0n);
}
