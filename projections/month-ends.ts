/**
 * Month-end sums (facts on point in time). A key's first row in a later month writes the sum of its last active month. A
 * back-dated row writes a new version of every such sum from its own month on, its own too if there is none. Once a
 * command: `knownAt` falls on the ends of commands only.
 */
import { invariant } from "../domain/kernel/assert.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { add, copyOf, type KeyState, monthOf, noSums, type Part, type Sums } from "./key-state.ts";

export type DatedPart = Part & Readonly<{ date: EffectiveDate }>;
/** Everything effective up to the month's end, as known from seq on. */
export type MonthEnd = Readonly<{ key: number; month: EffectiveDate; seq: bigint; sums: Sums }>;

export const isBackdated = (knownLast: EffectiveDate, date: EffectiveDate): boolean =>
  monthOf(date) < monthOf(knownLast);

/**
 * Adds the rows that one command has for a key. Answers with the sums to write. `last`: the seq of the last of the rows, as
 * it will be read again from the tables; `end`: the command's last.
 */
export function foldCommand(
  state: KeyState,
  parts: readonly DatedPart[],
  { last, end }: Readonly<{ last: bigint; end: bigint }>,
): readonly MonthEnd[] {
  const late = parts.filter(({ date }) => isBackdated(state.knownLast, date));
  const { knownLast: lastBefore } = state;
  const onward = parts.filter(({ date }) => !isBackdated(lastBefore, date)).sort(byDate);
  const monthEnds = late.length > 0 ? newVersions(state, late, end) : [];
  for (const part of late) add(state.sums, part);
  if (late.length > 0) state.lastSeq = last;
  for (const part of onward) {
    const { key, knownLast, lastSeq } = state;
    const month = monthOf(knownLast);
    if (knownLast !== "" && month < monthOf(part.date)) {
      const sums = copyOf(state.sums);
      monthEnds.push({ key, month, seq: lastSeq, sums });
      state.closed?.set(month, sums);
    }
    add(state.sums, part);
    state.lastSeq = last;
    if (part.date > knownLast) state.knownLast = part.date;
  }
  return monthEnds;
}

const byDate = (a: DatedPart, b: DatedPart): number => (a.date < b.date ? -1 : Number(a.date > b.date));

function newVersions({ key, closed }: KeyState, late: readonly DatedPart[], seq: bigint): MonthEnd[] {
  invariant(closed !== undefined, `the month-ends of key ${key} were not loaded`);
  const own = late.map(({ date }) => monthOf(date));
  const first = own.reduce((a, b) => (a < b ? a : b));
  const before = [...closed].sort(([a], [b]) => (a < b ? -1 : 1));
  const months = [...new Set([...closed.keys(), ...own])].filter((month) => month >= first).sort();
  return months.map((month) => {
    // A month without rows of its own stood at the sum of the one before it.
    const [, stood = noSums()] = before.findLast(([other]) => other <= month) ?? [];
    const sums = copyOf(stood);
    for (const part of late) if (monthOf(part.date) <= month) add(sums, part);
    closed.set(month, sums);
    return { key, month, seq, sums };
  });
}
