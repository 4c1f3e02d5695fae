import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../../domain/kernel/event.ts";

test("keys are sorted at every depth, lists keep their order, and nothing is spaced", () =>
  expect(canonicalJson({ b: [{ z: 1, a: null }, true, "x"], a: { d: "ü\n", c: -1 }, B: [], "": {} })).toBe(
    `{"":{},"B":[],"a":{"c":-1,"d":"ü\\n"},"b":[{"a":null,"z":1},true,"x"]}`,
  ));

test.each([
  ["a float", 0.5],
  ["not a number", Number.NaN],
  ["infinity", Number.POSITIVE_INFINITY],
  ["an integer that doubles cannot tell from its neighbour", 2 ** 53],
  ["undefined", undefined],
  ["a bigint", 1n],
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
])("%s is refused, however deep", (_what, value) => {
  for (const holder of [value, [value], { a: value }, { a: [{ b: value }] }])
    expect(() => canonicalJson(holder)).toThrow(TypeError);
});

const storable = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "binary" }),
    fc.maxSafeInteger().map((n) => n + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
  ),
})).value;

/**
 * Goal: equal data has one encoding, and the encoding loses nothing.
 * Method: read it back with JSON.parse; encode the same data with every object's keys put in the opposite order.
 */
test("equal data is the same text, and the text is the data", () =>
  fc.assert(
    fc.property(storable, (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(canonicalJson(turned(value))).toBe(text);
    }),
    { numRuns: 1_000 },
  ));

function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, turned(field)] as const);
  return Object.fromEntries(fields.toReversed());
}
