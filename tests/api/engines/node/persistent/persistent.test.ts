/** Persistent subscriptions, as a client sees them: who gets what, and what comes of what they say to it. */
import {
  DISPATCH_TO_SINGLE,
  END,
  PARK,
  PersistentSubscriptionDroppedError,
  PersistentSubscriptionMaximumSubscribersReachedError,
  PINNED,
  RETRY,
  ROUND_ROBIN,
  SKIP,
  START,
  STOP,
} from "@eventstore/db-client";
import { describe, expect, test } from "vitest";
import { collect, newStream, numberIn, restartable } from "../own-node.ts";
import { askingOf, aWhile, consumer, eventually, GROUP, groupOn } from "./group-of.ts";

const own = restartable();
const { append, infoOf, parkedOf } = askingOf(own);
const parkedAre = (stream: string, count: number) =>
  eventually(
    () => parkedOf(stream),
    (is) => is === count,
  );

describe("where it begins", () => {
  test.each([
    [START, [0, 1, 2, 3, 4]],
    [2n, [2, 3, 4]],
    [END, [4]],
  ] as const)("at %s: what is there after it, then what comes", async (startFrom, numbers) => {
    const stream = newStream();
    await append(stream, 4);
    await groupOn(own.client, stream, { startFrom });
    const one = consumer(own.client, stream);
    await append(stream, 1, 4);
    await one.until(numbers.length);
    await aWhile();
    expect(one.numbers()).toEqual(numbers);
    await one.leave();
  });

  test("at the end of a stream: what came while nobody consumed is not lost", async () => {
    const stream = newStream();
    await append(stream, 2);
    await groupOn(own.client, stream, { startFrom: END });
    await append(stream, 2, 2);
    await own.restart();
    const one = consumer(own.client, stream);
    await one.until(2);
    expect(one.numbers()).toEqual([2, 3]);
    await one.leave();
  });
});

describe("what a consumer says", () => {
  test("RETRY: again, with a count, until it was too often, and is parked", async () => {
    const stream = await groupOn(own.client, undefined, { maxRetryCount: 2 });
    await append(stream, 2);
    const one = consumer(own.client, stream, (n) => (n === 0 ? RETRY : "ack"));
    await one.until(4);
    await parkedAre(stream, 1);
    await aWhile();
    expect(one.seen.filter(({ number }) => number === 0).map(({ retries }) => retries)).toEqual([0, 1, 2]);
    expect(one.seen.filter(({ number }) => number === 1)).toEqual([{ number: 1, retries: 0 }]);
    expect(await parkedOf(stream)).toBe(1);
    await one.leave();
  });

  test("PARK and SKIP: it comes no more; what is parked comes when it is replayed, once", async () => {
    const stream = await groupOn(own.client);
    await append(stream, 6);
    let parks = true;
    const one = consumer(own.client, stream, (n) => (parks && n % 2 ? PARK : n === 2 ? SKIP : "ack"));
    await one.until(6);
    expect(await parkedAre(stream, 3)).toBe(3);
    await own.restart();
    expect(await parkedOf(stream)).toBe(3);
    parks = false;
    const next = consumer(own.client, stream);
    await own.client.replayParkedMessagesToStream(stream, GROUP, { stopAt: 2 });
    await next.until(2);
    await aWhile();
    expect(next.numbers()).toEqual([1, 3]);
    expect(await parkedOf(stream)).toBe(1);
    await own.client.replayParkedMessagesToStream(stream, GROUP);
    await own.client.replayParkedMessagesToStream(stream, GROUP);
    await next.until(3);
    await aWhile();
    expect(next.numbers()).toEqual([1, 3, 5]);
    expect(await parkedOf(stream)).toBe(0);
    await next.leave();
    await own.restart();
    expect(await parkedOf(stream)).toBe(0);
  });

  test("what is parked is a link, with the reason", async () => {
    const stream = await groupOn(own.client);
    await append(stream, 1);
    const one = consumer(own.client, stream, () => PARK);
    await parkedAre(stream, 1);
    const parked = `$persistentsubscription-${stream}::${GROUP}-parked`;
    const [resolved] = await collect(own.client.readStream(parked, { resolveLinkTos: true }));
    expect(numberIn(resolved ?? {})).toBe(0);
    expect(resolved?.link?.metadata).toMatchObject({ reason: "no good" });
    await one.leave();
  });

  test("STOP: the consumer is out, and the event is another's", async () => {
    const stream = await groupOn(own.client);
    await append(stream, 1);
    const one = consumer(own.client, stream, () => STOP);
    expect(await one.error).toBeInstanceOf(PersistentSubscriptionDroppedError);
    const other = consumer(own.client, stream);
    expect(await other.until(1)).toEqual([{ number: 0, retries: 1 }]);
    await other.leave();
  });

  test("nothing, for too long: again; and never, if it may take as long as it likes", async () => {
    for (const [messageTimeout, times] of [
      [200, 3],
      [0, 1],
    ] as const) {
      const stream = await groupOn(own.client, undefined, { messageTimeout });
      await append(stream, 1);
      const one = consumer(own.client, stream, (_, retries) => (retries < 2 ? undefined : "ack"));
      await one.until(times);
      await aWhile();
      expect(one.seen.length).toBe(times);
      await one.leave();
    }
  });
});

describe("several consumers", () => {
  const shares = async (
    consumerStrategyName: typeof PINNED | typeof ROUND_ROBIN | typeof DISPATCH_TO_SINGLE,
  ) => {
    const stream = await groupOn(own.client, undefined, { consumerStrategyName });
    const two = [consumer(own.client, stream), consumer(own.client, stream)];
    await eventually(
      () => infoOf(stream),
      ({ connections }) => connections.length === 2,
    );
    for (let n = 0; n < 40; n++) {
      await append(stream, 1, n);
      await eventually(
        async () => two.reduce((sum, { seen }) => sum + seen.length, 0),
        (sum) => sum > n,
      );
    }
    for (const { leave } of two) await leave();
    expect(two.flatMap(({ numbers }) => numbers()).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, n) => n),
    );
    return two.map(({ seen }) => seen.length);
  };

  test("ROUND_ROBIN shares, the others give all of a stream to one of them", async () => {
    expect(await shares(ROUND_ROBIN)).toEqual([20, 20]);
    expect((await shares(DISPATCH_TO_SINGLE)).toSorted((a, b) => a - b)).toEqual([0, 40]);
    expect((await shares(PINNED)).toSorted((a, b) => a - b)).toEqual([0, 40]);
  });

  test("one that goes leaves what it had to the others; one that is full is given no more", async () => {
    const stream = await groupOn(own.client);
    await append(stream, 20);
    const silent = consumer(own.client, stream, () => undefined, 5);
    await silent.until(5);
    await aWhile();
    expect(silent.seen.length).toBe(5);
    const other = consumer(own.client, stream);
    await other.until(15);
    await silent.leave();
    await other.until(20);
    expect(new Set(other.numbers()).size).toBe(20);
    await other.leave();
  });

  test("more than may be are refused", async () => {
    const stream = await groupOn(own.client, undefined, { maxSubscriberCount: 1 });
    const one = consumer(own.client, stream);
    await eventually(
      () => infoOf(stream),
      ({ connections }) => connections.length === 1,
    );
    expect(await consumer(own.client, stream).error).toBeInstanceOf(
      PersistentSubscriptionMaximumSubscribersReachedError,
    );
    await one.leave();
  });
});
