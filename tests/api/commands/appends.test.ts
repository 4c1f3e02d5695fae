import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APPEND_BYTES_MAX, appendsOf, bytesOf } from "../../../api/commands/appends.ts";
import type { NewEvent } from "../../../domain/kernel/event.ts";
import { newEvent } from "../../support/new-events.ts";

const command = (sizes: readonly number[]): readonly NewEvent[] =>
  sizes.map((size, index) => {
    const event = newEvent({ text: "x".repeat(size) });
    return { ...event, metadata: { ...event.metadata, part: index + 1, of: sizes.length } };
  });
const total = (events: readonly NewEvent[]): number => events.map(bytesOf).reduce((a, b) => a + b, 0);

test("a size is counted in bytes, as it is stored, and what the store adds", () => {
  const { metadata, type } = newEvent({});
  const bare = bytesOf(newEvent({}));
  expect(bare).toBeGreaterThan(JSON.stringify(metadata).length + type.length + 2);
  expect(bytesOf(newEvent({ 名: "钢" })) - bare).toBe(Buffer.byteLength('"名":"钢"'));
});

test("the largest append is below what the store refuses, with its counting of types", () => {
  expect(APPEND_BYTES_MAX).toBe(921_600);
  // EventStoreDB counts data, metadata and twice the type.
  const event = newEvent({});
  const counted = Buffer.byteLength(JSON.stringify(event.data) + JSON.stringify(event.metadata)) + 2 * 12;
  expect(bytesOf(event)).toBeGreaterThanOrEqual(counted);
});

describe("cutting", () => {
  const max = total(command([100])) * 3;
  const [one, two] = [[100], [100, 100]];
  test.each([
    ["nothing", [], []],
    ["what fits just so is one append", [one, one, one], [3]],
    ["one byte more is two", [one, one, [101]], [2, 1]],
    ["a command that does not fit the rest goes into the next whole", [two, two, one], [2, 3]],
    ["one that fits none is cut, and shares with no other", [one, [100, 100, 100, 100], one], [1, 3, 1, 1]],
    ["even where the last piece left room", [[100, 100, 100, 100], one, one], [3, 1, 2]],
    ["an event that fits none has its own", [one, [9_000], one, [100, 9_000, 100]], [1, 1, 1, 1, 1, 1]],
  ])("%s", (_what, sizes, expected) =>
    expect(appendsOf(sizes.map(command), max).map((append) => append.length)).toEqual(expected),
  );
});

test("order is kept, sizes are kept where events allow, whole commands share, and no two appends could be one", () =>
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(900), { minLength: 1, maxLength: 6 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 6_000 }),
      (sizes, max) => {
        const commands = sizes.map(command);
        const appends = appendsOf(commands, max);
        expect(appends.flat()).toEqual(commands.flat());
        const whole = commands.filter((events) => total(events) <= max);
        for (const events of appends) {
          expect(events.length).toBeGreaterThan(0);
          if (events.length > 1) expect(total(events)).toBeLessThanOrEqual(max);
          const of = commands.filter((each) => events.some((event) => each.includes(event)));
          // Part of one command, or whole commands and nothing else.
          if (of.some((each) => !whole.includes(each))) expect(of.length).toBe(1);
          else expect(total(of.flat())).toBe(total(events));
        }
        for (const events of whole)
          expect(appends.filter((append) => events.some((event) => append.includes(event))).length).toBe(1);
        for (const [index, events] of appends.slice(1).entries()) {
          const before = appends[index] ?? [];
          const commandOf = (event?: NewEvent) => commands.find((each) => event && each.includes(event));
          const next = commandOf(events[0]) ?? [];
          const neighbours = whole.includes(next) && whole.includes(commandOf(before[0]) ?? []);
          if (neighbours) expect(total(before) + total(next)).toBeGreaterThan(max);
        }
      },
    ),
    { numRuns: 1_000 },
  ));
