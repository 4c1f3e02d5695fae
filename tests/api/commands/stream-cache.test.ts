import { expect, test } from "vitest";
import type { Snapshot } from "../../../api/commands/snapshots.ts";
import { streamCache } from "../../../api/commands/stream-cache.ts";
import { LOG_START } from "../../../domain/kernel/event-store.ts";
import { scriptedStore } from "../../support/scripted-store.ts";
import { tally } from "../../support/tally.ts";

const stream = "main.item-tally";
const folding = {
  evolve: tally.evolve,
  counted: <E>(event: E) => event,
  countingAt: () => LOG_START,
};

function cacheWith(kept: Snapshot<number>[]) {
  const { log } = scriptedStore();
  const trail = { stream: async () => log, revision: async () => -1n };
  return streamCache(trail, tally.initial, folding, {
    latest: async () => undefined,
    keep: (_stream, snapshot) => kept.push(snapshot) > 0,
  });
}

test("what is settled is kept, by whole commands, and as long as it is known", async () => {
  const kept: Snapshot<number>[] = [];
  const cache = cacheWith(kept);
  const known = await cache.load(stream);
  known.begun = [{} as never];
  await cache.settle(stream, known);
  expect(kept).toEqual([]);
  known.begun = [];
  known.folded = 7;
  await cache.settle(stream, known);
  expect(kept).toEqual([{ state: 0, revision: -1n, position: LOG_START, counting: LOG_START }]);
  expect(known.folded).toBe(0);
  cache.forgetAll();
  await cache.settle(stream, known);
  expect(kept.length).toBe(1);
});
