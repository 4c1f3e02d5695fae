import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, inOrder, isInOrder } from "../../../domain/kernel/event.ts";

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
    for (const read of [canonicalJson, inOrder]) expect(() => read(holder)).toThrow(TypeError);
});

test("what is put in order is the same, and what is in order is not copied", () => {
  const row = { a: 1, b: [{ c: null, d: "x" }] };
  const put = inOrder({ z: [row], y: { b: 1, a: 2 } });
  expect(JSON.stringify(put)).toBe(canonicalJson({ z: [row], y: { b: 1, a: 2 } }));
  expect(put.z[0]).toBe(row);
  expect(() => inOrder({ b: new Date(0), a: 1 })).toThrow(TypeError);
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
      const put = inOrder(turned(value));
      expect(canonicalJson(put)).toBe(text);
      // An object lists keys like "9" first, whatever is done.
      if (!/"\d+":/.test(text)) expect(isInOrder(put)).toBe(true);
    }),
    { numRuns: 1_000 },
  ));

function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, turned(field)] as const);
  return Object.fromEntries(fields.toReversed());
}
