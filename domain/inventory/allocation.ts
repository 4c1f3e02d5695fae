/**
 * An amount over lines in proportion (COSTING §7): each has its share rounded down, and the steps that are left go to the
 * largest remainders, of equal ones to the later line. 123.22 over three equal lines: 41.07, 41.07, 41.08.
 */
import { invariant } from "../kernel/assert.ts";

/** `amount`: zero or more steps. `weights`: zero or more each, of which one at least is more. */
export function allocated(amount: bigint, weights: readonly bigint[]): readonly bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  invariant(whole > 0n, "an allocation over nothing");
  const shares = weights.map((weight, line) => {
    const exact = amount * weight;
    return { line, share: exact / whole, remainder: exact % whole };
  });
  let left = amount - shares.reduce((sum, { share }) => sum + share, 0n);
  const amounts = shares.map(({ share }) => share);
  const byRemainder = shares.toSorted((a, b) =>
    a.remainder === b.remainder ? b.line - a.line : a.remainder < b.remainder ? 1 : -1,
  );
  for (const { line } of byRemainder) {
    if (left === 0n) break;
    amounts[line] = (amounts[line] ?? 0n) + 1n;
    left -= 1n;
  }
  return amounts;
}
