import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type DecimalText,
  decimal,
  decimals,
  exact,
  isDecimal,
  isDecimalText,
  negated,
  rounded,
  share,
  steps,
  textOf,
  textOfSteps,
  zero,
} from "../../../domain/kernel/decimal.ts";

const runs = { numRuns: 2_000 };
/** Millionths, up to 18 digits before the point: everything a decimal can be. */
const millionths = fc.oneof(
  fc.bigInt({ min: -(10n ** 24n) + 1n, max: 10n ** 24n - 1n }),
  fc.bigInt({ min: -2_000_000n, max: 2_000_000n }),
);

/** Written with integers and strings only. */
function textOfUnits(units: bigint, scale: number): DecimalText {
  const digits = `${units < 0n ? -units : units}`.padStart(scale + 1, "0");
  const cut = digits.length - scale;
  const fraction = digits.slice(cut).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, cut)}${fraction && `.${fraction}`}` as DecimalText;
}

describe("spelling", () => {
  test.each([
    ["12.50", "12.5"],
    ["007", "7"],
    ["-0", "0"],
    ["-0.000", "0"],
    ["-0.500000", "-0.5"],
    ["0.000001", "0.000001"],
    ["999999999999999999.999999", "999999999999999999.999999"],
  ])("%s is stored as %s", (text, stored) => expect(decimal(text)).toBe(stored));

  const never = ["", " 1", "1 ", "1\n", "+1", "1e3", ".5", "5.", "1,5", "0x1", "NaN", "Infinity", "--1", "٣"];
  const tooLong = ["1234567890123456789", "0.1234567"];
  test.each([...never, ...tooLong])("%j is no decimal", (text) => {
    expect(isDecimal(text)).toBe(false);
    expect(isDecimalText(text)).toBe(false);
    expect(() => decimal(text)).toThrow();
  });

  test.each(["1.0", "0.10", "01", "00", "0.0", "-0", "-0.0", "-01"])(
    "%j is accepted, never stored",
    (text) => {
      expect(isDecimal(text)).toBe(true);
      expect(isDecimalText(text)).toBe(false);
    },
  );

  test.each([1, 0, null, undefined, 1n, ["1"], { toString: () => "1" }])("%o is not even text", (value) =>
    expect(isDecimalText(value)).toBe(false),
  );

  /**
   * Goal: equal values have equal text, which the log accepts, and different values different text.
   * Method: spell an integer of millionths in several ways; the stored text must be the one built from its digits.
   */
  test("a value has one text, however it was spelled", () =>
    fc.assert(
      fc.property(millionths, fc.nat(5), fc.nat(5), (units, zerosBefore, zerosAfter) => {
        const stored = textOfUnits(units, 6);
        const [sign, whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(stored)?.slice(1) ?? [];
        const padded = whole.padStart(Math.min(18, whole.length + zerosBefore), "0");
        const filled = fraction.padEnd(Math.min(6, fraction.length + zerosAfter), "0");
        const spelled = `${sign}${padded}${filled && `.${filled}`}`;
        expect(isDecimal(spelled)).toBe(true);
        expect(decimal(spelled)).toBe(stored);
        expect(isDecimalText(stored)).toBe(true);
        expect(textOf(exact(stored))).toBe(stored);
        expect(decimals(stored)).toBe(fraction.length);
        expect(negated(stored)).toBe(textOfUnits(-units, 6));
      }),
      runs,
    ));
});

describe("rounding", () => {
  test.each([
    ["2.5", 0, "3"],
    ["-2.5", 0, "-3"],
    ["3.5", 0, "4"],
    ["-3.5", 0, "-4"],
    ["2.4", 0, "2"],
    ["-2.4", 0, "-2"],
    ["0.5", 0, "1"],
    ["-0.5", 0, "-1"],
    ["-0.4", 0, "0"],
    ["1.005", 2, "1.01"],
    ["-1.005", 2, "-1.01"],
    ["1.0049", 2, "1"],
    ["999999999999999999.5", 0, "1000000000000000000"],
  ])("%s to %i decimals is %s", (text, scale, result) =>
    expect(textOf(rounded(exact(decimal(text)), scale))).toBe(result),
  );

  test.each([
    [10_000n, 1n, 3n, 3_333n],
    [6_667n, 1n, 2n, 3_334n],
    [-10_000n, 2n, 3n, -6_667n],
    [1n, 1n, 2n, 1n],
    [-1n, 1n, 2n, -1n],
    [1n, 49n, 100n, 0n],
    [-1n, 49n, 100n, 0n],
    [100n, 7n, 1n, 700n],
  ])("of %s the share of %s in %s is %s", (value, part, whole, result) =>
    expect(share(value, part, whole)).toBe(result),
  );

  /**
   * Goal: a share is right to the last digit at every size, and rounds half away from zero: never twice, never to even.
   * Method: what it leaves over is at most half of the divisor, and where it is just that half, the share is the
   * larger of the two nearest. Halves and their neighbours are drawn on purpose: value = (2k+1)·whole ± 1.
   */
  test("a share is the nearest integer to the quotient", () => {
    const positive = fc.oneof(
      fc.bigInt({ min: 1n, max: 10n ** 24n - 1n }),
      fc.bigInt({ min: 1n, max: 1_000n }),
    );
    const cases = fc.oneof(
      fc.record({ value: millionths, part: positive, whole: positive }),
      fc
        .record({
          half: fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
          whole: fc.bigInt({ min: 1n, max: 10n ** 12n }),
          off: fc.constantFrom(-1n, 0n, 1n),
        })
        .map(({ half, whole, off }) => ({
          value: (2n * half + 1n) * whole + off,
          part: 1n,
          whole: 2n * whole,
        })),
    );
    const size = (n: bigint) => (n < 0n ? -n : n);
    fc.assert(
      fc.property(cases, ({ value, part, whole }) => {
        const result = share(value, part, whole);
        const over = size(value * part) - size(result) * whole;
        expect(2n * size(over) < whole || 2n * over === -whole).toBe(true);
        expect(result === 0n || result < 0n === value < 0n).toBe(true);
      }),
      runs,
    );
  });
});

/**
 * Goal: figures go to steps of a scale and back, at every size, and what is finer than the scale is never cut.
 * Method: texts made from integers with strings only.
 */
test("steps of a scale", () =>
  fc.assert(
    fc.property(millionths, fc.integer({ min: 0, max: 6 }), (units, scale) => {
      const text = textOfUnits(units, scale);
      if (isDecimalText(text)) expect(steps(text, scale)).toBe(units);
      expect(textOfSteps(units, scale)).toBe(text);
      if (units % 10n !== 0n && scale > 0) expect(() => steps(text, scale - 1)).toThrow("decimals");
    }),
    runs,
  ));

/**
 * Goal: sums, differences and products are exact at every size, where decimal.js by default keeps 20 digits.
 * Method: the same in integers.
 */
test("arithmetic is exact", () =>
  fc.assert(
    fc.property(millionths, millionths, (a, b) => {
      const [x, y] = [exact(textOfUnits(a, 6)), exact(textOfUnits(b, 6))];
      expect(textOf(x.plus(y))).toBe(textOfUnits(a + b, 6));
      expect(textOf(x.minus(y))).toBe(textOfUnits(a - b, 6));
      expect(textOf(x.times(y))).toBe(textOfUnits(a * b, 12));
      expect(textOf(zero.plus(x))).toBe(textOfUnits(a, 6));
    }),
    runs,
  ));
