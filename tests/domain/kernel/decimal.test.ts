import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type DecimalText,
  decimal,
  decimals,
  exact,
  isDecimal,
  isDecimalText,
  least,
  negated,
  rounded,
  share,
  textOf,
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

/** Half away from zero, in integers. */
function dividedHalfAway(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
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
    ["100", "1", "3", 2, "33.33"],
    ["66.67", "1", "2", 2, "33.34"],
    ["-100", "2", "3", 2, "-66.67"],
    ["0.01", "1", "2", 2, "0.01"],
    ["-0.01", "1", "2", 2, "-0.01"],
    ["0.01", "49", "100", 2, "0"],
    ["100", "7", "1", 0, "700"],
  ])("of %s the share of %s in %s is, to %i decimals, %s", (value, part, whole, scale, result) => {
    const [v, p, w] = [exact(decimal(value)), exact(decimal(part)), exact(decimal(whole))];
    expect(textOf(share(v, p, w, scale))).toBe(result);
  });

  /**
   * Goal: a share is right to the last digit at every size, and rounds half away from zero: never twice, never to even.
   * Method: the same quotient in integers. Halves and their neighbours are drawn on purpose: value = (2k+1)·whole ± 1.
   */
  test("a share is the integer quotient", () => {
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
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 6 }), ({ value, part, whole }, scale) => {
        const [v, p, w] = [value, part, whole].map((units) => exact(textOfUnits(units, 6)));
        const result = dividedHalfAway(value * part, whole * 10n ** BigInt(6 - scale));
        if (v && p && w) expect(share(v, p, w, scale).toFixed()).toBe(textOfUnits(result, scale));
      }),
      runs,
    );
  });
});

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
      expect(least(x, y).toFixed()).toBe(textOfUnits(a < b ? a : b, 6));
      expect(textOf(zero.plus(x))).toBe(textOfUnits(a, 6));
    }),
    runs,
  ));
