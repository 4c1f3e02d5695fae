import fc from "fast-check";
import { expect, test } from "vitest";
import { APPEND_BYTES_MAX, proposalsOf } from "../../../api/event-store/proposal.ts";
import { canonicalJson } from "../../../domain/kernel/event.ts";
import { newEvent } from "../../support/new-events.ts";

const values = fc.letrec<{ value: unknown; fields: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "binary" }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("fields"),
  ),
  fields: fc.dictionary(fc.oneof(fc.string(), fc.nat(120).map(String)), tie("value"), { maxKeys: 5 }),
}));

/** The client makes the bytes of the data by JSON.stringify: it must come to the canonical text. Metadata are bytes. */
test("what the client will store is the canonical text, whatever the keys", () => {
  const property = fc.property(values.fields, (data) => {
    const event = newEvent(data);
    const [proposal] = proposalsOf("main.item-a", [event]);
    expect(JSON.stringify(proposal?.data)).toBe(canonicalJson(data));
    expect(Buffer.from(proposal?.metadata ?? []).toString()).toBe(canonicalJson(event.metadata));
  });
  fc.assert(property, { examples: [[{ "10": { "2": 1, "11": 2, a: [{ "9": 0, "10": 0 }] }, "9": "" }]] });
});

/** The client compares constructors: a Buffer would be stored as JSON of its numbers. */
test("metadata are a Uint8Array itself", () => {
  expect(proposalsOf("main.item-a", [newEvent()])[0]?.metadata.constructor).toBe(Uint8Array);
});

test("the limit is one of bytes, over the whole append", () => {
  const about = Buffer.byteLength(canonicalJson(newEvent().metadata)) + '{"t":""}'.length;
  const filling = (bytes: number) => newEvent({ t: "钢".repeat(bytes / 3) });
  const half = APPEND_BYTES_MAX / 2 - about;
  const [first, second] = [filling(half - (half % 3)), newEvent({ t: "x".repeat(half + (half % 3)) })];
  expect(proposalsOf("main.item-a", [first, second])).toHaveLength(2);
  const over = newEvent({ t: "x".repeat(half + (half % 3) + 1) });
  expect(() => proposalsOf("main.item-a", [first, over])).toThrow("1048577 bytes");
});
