import fc from "fast-check";
import { expect, test } from "vitest";
import { allocated } from "../../../domain/inventory/allocation.ts";

test.each([
  [12_322n, [1n, 1n, 1n], [4_107n, 4_107n, 4_108n]],
  [100n, [1n, 2n], [33n, 67n]],
  [1n, [1n, 1n], [0n, 1n]],
  [5n, [3n, 3n, 3n, 1n], [1n, 1n, 2n, 1n]],
  [7n, [0n, 1n, 0n], [0n, 7n, 0n]],
  [0n, [1n, 1n], [0n, 0n]],
])("%s over %s is %s", (amount, weights, amounts) => expect(allocated(amount, weights)).toEqual(amounts));

/**
 * Goal: nothing is lost or made, no line is a whole step off its exact share, and no line bears less than another of a smaller
 * weight, or than an earlier one of the same.
 * Method: the definition, by cross multiplication, for drawn amounts and weights.
 */
test("an allocation is fair to a step", () =>
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      fc.array(fc.oneof(fc.bigInt({ min: 0n, max: 4n }), fc.bigInt({ min: 0n, max: 10n ** 18n })), {
        minLength: 1,
      }),
      (amount, weights) => {
        const whole = weights.reduce((a, b) => a + b, 0n);
        if (whole === 0n) return;
        const amounts = allocated(amount, weights);
        expect(amounts.reduce((a, b) => a + b, 0n)).toBe(amount);
        for (const [line, weight] of weights.entries()) {
          const off = (amounts[line] ?? 0n) * whole - amount * weight;
          expect(off > -whole && off < whole).toBe(true);
          for (const [other, lighter] of weights.entries())
            if (lighter < weight || (lighter === weight && other < line))
              expect((amounts[other] ?? 0n) <= (amounts[line] ?? 0n)).toBe(true);
        }
      },
    ),
  ));
