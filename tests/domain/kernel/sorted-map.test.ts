import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOf, emptyMap, type SortedMap, sortedMapOf } from "../../../domain/kernel/sorted-map.ts";

type Edit = readonly [key: string, value: number | undefined];
const edits = fc.array(
  fc.tuple(fc.string({ maxLength: 2 }), fc.option(fc.nat(), { nil: undefined, freq: 3 })),
  { maxLength: 200 },
);

/**
 * Goal: a map stays as it was, however often copies of it and copies of those are changed; keys go up as text does.
 * Method: each batch of edits on a draft of any earlier map, an empty one or one made of sorted entries; afterwards every map
 * ever handed out is what a plain Map says.
 */
test("no map changes after it was handed out", () =>
  fc.assert(
    fc.property(edits, fc.array(fc.tuple(fc.nat(), edits), { maxLength: 12 }), (first, batches) => {
      const begun = [...plainly(new Map(), first)].sort(([a], [b]) => (a < b ? -1 : 1));
      const made = sortedMapOf(
        begun.map(([key]) => key),
        begun.map(([, value]) => value),
      );
      const maps: (readonly [SortedMap<number>, Map<string, number>])[] = [
        [emptyMap(), new Map()],
        [made, new Map(begun)],
      ];
      for (const [which, batch] of batches) {
        const [map, plain] = maps[which % maps.length] as (typeof maps)[number];
        maps.push([edited(map, batch), plainly(plain, batch)]);
      }
      for (const [map, plain] of maps) {
        const sorted = [...plain].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...map.entries()]).toEqual(sorted);
        expect([...map.entriesReversed()]).toEqual(sorted.toReversed());
        expect([map.size, map.maxKey()]).toEqual([plain.size, sorted.at(-1)?.[0]]);
        for (const [key] of sorted) {
          expect(map.get(key)).toBe(plain.get(key));
          expect([...map.entries(key)]).toEqual(sorted.filter(([other]) => other >= key));
        }
      }
    }),
  ));

test("entries that are not in order make no map", () =>
  expect(() => sortedMapOf(["b", "a"], [1, 2])).toThrow());

function edited(map: SortedMap<number>, batch: readonly Edit[]): SortedMap<number> {
  const draft = draftOf(map);
  for (const [key, value] of batch)
    if (value === undefined) draft.delete(key);
    else draft.set(key, value);
  return draft;
}

function plainly(map: ReadonlyMap<string, number>, batch: readonly Edit[]): Map<string, number> {
  const copy = new Map(map);
  for (const [key, value] of batch)
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  return copy;
}
