import fc from "fast-check";
import { expect, test } from "vitest";
import { stateOf, textOf } from "../../../api/commands/state-text.ts";
import { item } from "../../../domain/inventory/item.ts";
import { sortedMapOf } from "../../../domain/kernel/sorted-map.ts";
import { answerOf } from "../../support/given.ts";
import { closedHistories, playedBy } from "../../support/histories.ts";
import { plain } from "../../support/plain.ts";

const name = fc.stringMatching(/^[a-z]{1,3}$/);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.string({ unit: "binary" }),
    fc.bigInt(),
    fc.integer(),
    fc.constantFrom(null, undefined, true, false, "", "0", 0, 0n),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }).map((entries) => {
      const keys = Object.keys(entries).toSorted();
      return sortedMapOf(
        keys,
        keys.map((key) => entries[key]),
      );
    }),
  ),
})).value;

/**
 * Goal: what is read is what was written.
 * Method: plain values, bigints and maps within each other, many of them equal; and more different ones than a code of one
 * byte, or of two, can tell apart.
 */
test("every value is read as it was written", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(values, { maxLength: 6 }), async (value) => {
      expect(plain(stateOf(await textOf(value)))).toStrictEqual(plain(value));
    }),
    { numRuns: 500 },
  );
  const many = Array.from({ length: 20_000 }, (_, n) => [n, `${n}`, { [`f${n % 300}`]: BigInt(n) }]);
  expect(stateOf(await textOf([many, many]))).toStrictEqual([many, many]);
});

/**
 * Goal: a state that was kept is as good as the one that was folded.
 * Method: drawn histories with late facts, cancellations and closings; before each command the state is written and read, and
 * both decide, and both go on by what was recorded.
 */
test("a state that was read decides and goes on as the one that was written", () =>
  fc.assert(
    fc.asyncProperty(closedHistories, async (history) => {
      for (const { command, before, counted } of playedBy(history, true)) {
        const read = stateOf(await textOf(before)) as typeof before;
        expect(plain(read)).toStrictEqual(plain(before));
        expect(answerOf(item.decide(command, read))).toStrictEqual(answerOf(item.decide(command, before)));
        expect(plain(counted.reduce(item.evolve, read))).toStrictEqual(
          plain(counted.reduce(item.evolve, before)),
        );
      }
    }),
    { numRuns: 100 },
  ));

test("others get their turn while a long one is written", async () => {
  const keys = Array.from({ length: 50_000 }, (_, n) => `${n}`).toSorted();
  const long = {
    in: {
      a: sortedMapOf(
        keys,
        keys.map((key) => ({ key, text: `${key}-${key}` })),
      ),
    },
  };
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  await textOf(long);
  clearInterval(counting);
  expect(turns).toBeGreaterThan(3);
});
