/** Catch-up subscriptions: nothing is lost or told twice, wherever they begin and whatever is written meanwhile. */
import {
  type AllStreamSubscription,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  type Filter,
  jsonEvent,
  NO_STREAM,
  type Position,
  START,
  type StreamSubscription,
  streamNameFilter,
} from "@eventstore/db-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Node } from "../../../../api/engines/node/server.ts";
import { clientOf, newDatabase, newStream, nodeHere, numbered, numberIn, someEvents } from "./own-node.ts";

let database: string;
let node: Node;
let client: ReturnType<typeof clientOf>;
const start = async (recentBytes?: number) => {
  node = await nodeHere(database, recentBytes === undefined ? {} : { recentBytes });
  client = clientOf(node.port);
};
const stop = async () => {
  await client.dispose();
  await node.close();
};
beforeAll(async () => {
  database = await newDatabase();
  await start();
});
afterAll(stop);

/** What it says until it has told `count` events, in short; then a little more, in which nothing should come. */
async function story(
  subscription: AllStreamSubscription | StreamSubscription,
  count: number,
  onceCaughtUp: () => Promise<unknown> = async () => {},
): Promise<readonly (string | number)[]> {
  const said: (string | number)[] = [];
  let events = 0;
  await new Promise<void>((resolve, reject) => {
    const silence = setTimeout(() => reject(new Error(`only ${events} events, then silence`)), 20_000);
    const enough = () =>
      silence.refresh() && events >= count && said.includes("caughtUp") && setTimeout(resolve, 50);
    subscription.on("error", reject);
    subscription.on("confirmation", () => said.push("confirmation"));
    subscription.on("caughtUp", () => {
      said.push("caughtUp");
      void onceCaughtUp().catch(reject).finally(enough);
    });
    subscription.on("data", (resolved) => {
      said.push(numberIn(resolved));
      events++;
      enough();
    });
  });
  await subscription.unsubscribe();
  return said;
}

describe("to a stream", () => {
  test("tells what there is, then what comes; a revision is where it goes on from", async () => {
    const stream = newStream();
    await client.appendToStream(stream, someEvents(4));
    let next = 4;
    const more = () => client.appendToStream(stream, [numbered(next++)]);
    const told = (from?: bigint | typeof END) =>
      client.subscribeToStream(stream, from === undefined ? {} : { fromRevision: from });
    expect(await story(told(), 5, more)).toEqual(["confirmation", 0, 1, 2, 3, "caughtUp", 4]);
    expect(await story(told(1n), 4, more)).toEqual(["confirmation", 2, 3, 4, "caughtUp", 5]);
    expect(await story(told(END), 1, more)).toEqual(["confirmation", "caughtUp", 6]);
  });

  test("that isn't there yet waits for it, and hears of no other", async () => {
    const stream = newStream();
    const write = async () => {
      await client.appendToStream(`${stream}-longer`, someEvents(3));
      await client.appendToStream(stream, [numbered(7)]);
    };
    expect(await story(client.subscribeToStream(stream), 1, write)).toEqual(["confirmation", "caughtUp", 7]);
  });
});

describe("to $all", () => {
  test("by prefix of the stream's name", async () => {
    const [ours, other] = [newStream(), newStream()];
    await client.appendToStream(`${ours}-a`, someEvents(2));
    await client.appendToStream(other, someEvents(2));
    await client.appendToStream(`${ours}-b`, someEvents(1, 2));
    const filter = streamNameFilter({ prefixes: ["none", ours] });
    const write = () => client.appendToStream(`${ours}-a`, [numbered(3)]);
    const told = client.subscribeToAll({ fromPosition: START, filter });
    expect(await story(told, 4, write)).toEqual(["confirmation", 0, 1, 2, "caughtUp", 3]);
  });

  test("by type, from a position on, which itself is not told again", async () => {
    const stream = newStream();
    const typed = (n: number, type: string) => jsonEvent({ type, data: { n } });
    const { position } = await client.appendToStream(stream, [typed(0, "Wanted")]);
    await client.appendToStream(stream, [typed(1, "Wanted"), typed(2, "Unwanted"), typed(3, "WantedToo")]);
    const fromPosition = position as Position;
    const told = (filter: Filter) => client.subscribeToAll({ fromPosition, filter });
    const write = () => client.appendToStream(stream, [typed(4, "Wanted")]);
    expect(await story(told(eventTypeFilter({ regex: "^Wanted$" })), 2, write)).toEqual([
      "confirmation",
      1,
      "caughtUp",
      4,
    ]);
    expect(await story(told(eventTypeFilter({ prefixes: ["Wanted"] })), 3)).toEqual([
      "confirmation",
      1,
      3,
      4,
      "caughtUp",
    ]);
    expect(await story(told(excludeSystemEvents()), 4)).toEqual(["confirmation", 1, 2, 3, 4, "caughtUp"]);
    expect(await story(client.subscribeToAll({ fromPosition }), 4)).toEqual([
      "confirmation",
      1,
      2,
      3,
      4,
      "caughtUp",
    ]);
  });

  test("a filter that is no regular expression is refused", async () => {
    const told = client.subscribeToAll({ filter: eventTypeFilter({ regex: "(" }) });
    await expect(story(told, 1)).rejects.toThrow(/regular expression/);
  });

  test("checkpoints: each so many events considered, one at the end of catching up", async () => {
    const stream = newStream();
    const { position } = await client.appendToStream(stream, someEvents(1), { expectedRevision: NO_STREAM });
    await client.appendToStream(stream, someEvents(299, 1));
    const checkpoints: Position[] = [];
    let arrived = () => {};
    const filter = streamNameFilter({
      prefixes: ["none"],
      checkpointInterval: 2,
      maxSearchWindow: 10,
      checkpointReached: async (_, reached) => {
        checkpoints.push(reached);
        arrived();
      },
    });
    const told = client.subscribeToAll({ fromPosition: position as Position, filter });
    const write = async () => {
      expect(checkpoints.length).toBe(14 + 1);
      const live = new Promise<void>((resolve) => {
        arrived = () => checkpoints.length === 17 && resolve();
      });
      await client.appendToStream(stream, someEvents(45, 300));
      await live;
    };
    expect(await story(told, 0, write)).toEqual(["confirmation", "caughtUp"]);
    expect(checkpoints.length).toBe(17);
    const commits = checkpoints.map(({ commit }) => commit);
    expect(commits).toEqual(commits.toSorted((a, b) => Number(a - b)));

    // A checkpoint is a place to go on from: what lies behind it was considered, what lies before it was not.
    const rest = client.subscribeToAll({ fromPosition: checkpoints[16] as Position });
    expect(await story(rest, 5)).toEqual(["confirmation", 340, 341, 342, 343, 344, "caughtUp"]);
  });
});

/** With no memory to speak of, whoever is not quite at the head has to go to the tables. */
test.each([undefined, 5_000])(
  "while others write all the time, each event comes once and in order, whenever one begins: %s",
  async (recentBytes) => {
    await stop();
    await start(recentBytes);
    const WRITERS = 8;
    const EACH = 400;
    const prefix = newStream();
    const streams = Array.from({ length: WRITERS }, (_, n) => `${prefix}-${n}`);
    let begun = 0;
    const writing = streams.map(async (stream) => {
      for (let n = 0; n < EACH; n++, begun++) await client.appendToStream(stream, [numbered(n)]);
    });
    const told: Promise<unknown>[] = [];
    const range = Array.from({ length: EACH }, (_, n) => n);
    for (let beginAt = 0; beginAt < WRITERS * EACH; beginAt += 200) {
      while (begun < beginAt) await new Promise((resolve) => setTimeout(resolve, 5));
      const filter = streamNameFilter({ prefixes: [prefix] });
      const counts = new Map<string, number[]>();
      const positions: bigint[] = [];
      const all = client.subscribeToAll({ fromPosition: START, filter });
      all.on("data", ({ event }) => {
        if (!event) return;
        counts.set(event.streamId, [...(counts.get(event.streamId) ?? []), numberIn({ event })]);
        positions.push(event.position?.commit ?? 0n);
      });
      const toAll = story(all, WRITERS * EACH).then(() => {
        expect(counts).toEqual(new Map([...counts.keys()].map((stream) => [stream, range])));
        expect(
          positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? 0n)),
        ).toBe(true);
      });
      const one = client.subscribeToStream(streams[told.length % WRITERS] ?? "");
      const toOne = story(one, EACH).then((said) => {
        expect(said.filter((word) => typeof word === "number")).toEqual(range);
      });
      told.push(toAll, toOne);
    }
    await Promise.all(writing);
    await Promise.all(told);
  },
);

test("a slow reader of a long log holds up nobody, and gets it all", async () => {
  const stream = newStream();
  const wide = "x".repeat(1_000);
  const COUNT = 20_000;
  const events = (from: number) =>
    Array.from({ length: 500 }, (_, n) => jsonEvent({ type: "Wide", data: { n: from + n, wide } }));
  for (let from = 0; from < COUNT; from += 500) await client.appendToStream(stream, events(from));
  await stop();
  await start();
  const slow = client.subscribeToAll({ filter: streamNameFilter({ prefixes: [stream] }) });
  let next = 0;
  for await (const resolved of slow) {
    expect(numberIn(resolved)).toBe(next++);
    if (next === 1_000) {
      await client.appendToStream(stream, [numbered(COUNT)]);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    if (next === COUNT + 1) break;
  }
  await slow.unsubscribe();
});
