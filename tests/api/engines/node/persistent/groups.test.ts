/** Groups: made, told of, changed, removed, and there again when the node is. */
import {
  binaryEvent,
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionDroppedError,
  PersistentSubscriptionExistsError,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  streamNameFilter,
} from "@eventstore/db-client";
import { describe, expect, test } from "vitest";
import { newStream, numberIn, restartable } from "../own-node.ts";
import { askingOf, aWhile, consumer, eventually, GROUP, groupOn } from "./group-of.ts";

const own = restartable();
const { append, infoOf } = askingOf(own);
const settings = persistentSubscriptionToStreamSettingsFromDefaults();
const error = (promise: Promise<unknown>) => promise.catch((thrown: unknown) => thrown);

test("there is one of a name on a stream, and what isn't there can't be used", async () => {
  const stream = await groupOn(own.client);
  const twice = await error(groupOn(own.client, stream));
  expect(twice).toBeInstanceOf(PersistentSubscriptionExistsError);
  expect(twice).toMatchObject({ streamName: stream, groupName: GROUP });
  const one = consumer(own.client, stream);
  await eventually(
    () => infoOf(stream),
    ({ connections }) => connections.length === 1,
  );
  await own.client.deletePersistentSubscriptionToStream(stream, GROUP);
  expect(await one.error).toBeInstanceOf(PersistentSubscriptionDoesNotExistError);
  for (const attempt of [
    () => own.client.deletePersistentSubscriptionToStream(stream, GROUP),
    () => own.client.updatePersistentSubscriptionToStream(stream, GROUP, settings),
    () => own.client.replayParkedMessagesToStream(stream, GROUP),
    () => own.client.listPersistentSubscriptionsToStream(stream),
    () => infoOf(stream),
    async () => Promise.reject(await consumer(own.client, stream).error),
  ]) {
    const missing = await error(attempt());
    expect(missing).toBeInstanceOf(PersistentSubscriptionDoesNotExistError);
    expect((missing as PersistentSubscriptionDoesNotExistError).streamName).toBe(stream);
  }
});

test("a deleted group that is made again begins anew", async () => {
  const stream = await groupOn(own.client, undefined, { checkPointLowerBound: 1, checkPointAfter: 10 });
  await append(stream, 3);
  const one = consumer(own.client, stream);
  await eventually(
    () => infoOf(stream),
    ({ stats }) => stats.lastCheckpointedEventRevision === 2n,
  );
  await one.leave();
  await own.client.deletePersistentSubscriptionToStream(stream, GROUP);
  await groupOn(own.client, stream);
  const next = consumer(own.client, stream);
  expect((await next.until(3)).map(({ number }) => number)).toEqual([0, 1, 2]);
  await next.leave();
});

test("its settings, its consumers and how far it is are told, also after a restart", async () => {
  const given = persistentSubscriptionToStreamSettingsFromDefaults({
    startFrom: 1n,
    extraStatistics: true,
    messageTimeout: 12_345,
    maxRetryCount: 7,
    checkPointAfter: 10,
    checkPointLowerBound: 1,
    checkPointUpperBound: 9,
    maxSubscriberCount: 3,
    liveBufferSize: 400,
    readBatchSize: 30,
    historyBufferSize: 300,
    consumerStrategyName: "Pinned",
  });
  const stream = newStream();
  await own.client.createPersistentSubscriptionToStream(stream, GROUP, given);
  await append(stream, 4);
  const one = consumer(own.client, stream, (n) => (n < 3 ? "ack" : undefined));
  const told = await eventually(
    () => infoOf(stream),
    ({ stats }) => stats.lastCheckpointedEventRevision === 2n,
  );
  expect(told).toMatchObject({ eventSource: stream, groupName: GROUP, status: "Live", settings: given });
  expect(told.stats).toMatchObject({ totalItems: 3n, lastKnownEventRevision: 3n, parkedMessageCount: 0n });
  expect(told.connections).toMatchObject([{ totalItems: 3n, inFlightMessages: 1, availableSlots: 9 }]);
  await one.leave();
  await own.restart();
  const after = await infoOf(stream);
  expect(after.settings).toEqual(given);
  expect(after.stats.lastCheckpointedEventRevision).toBe(2n);
  const next = consumer(own.client, stream);
  expect(await next.until(1)).toEqual([{ number: 3, retries: 0 }]);
  await next.leave();
});

test("all are listed, or those of a stream", async () => {
  const stream = await groupOn(own.client);
  await own.client.createPersistentSubscriptionToStream(stream, "other", settings);
  await own.client.createPersistentSubscriptionToAll(
    "of all",
    persistentSubscriptionToAllSettingsFromDefaults(),
  );
  const named = (all: readonly { eventSource: string; groupName: string }[]) =>
    all.map(({ eventSource, groupName }) => `${eventSource} ${groupName}`);
  const both = [`${stream} ${GROUP}`, `${stream} other`];
  expect(named(await own.client.listPersistentSubscriptionsToStream(stream))).toEqual(both);
  expect(named(await own.client.listPersistentSubscriptionsToAll())).toContain("$all of all");
  expect(named(await own.client.listAllPersistentSubscriptions())).toEqual(
    expect.arrayContaining([...both, "$all of all"]),
  );
});

describe.each([
  ["an update", (stream: string) => own.client.updatePersistentSubscriptionToStream(stream, GROUP, settings)],
  ["a restart of them all", () => own.client.restartPersistentSubscriptionSubsystem()],
] as const)("%s", (_what, change) => {
  test("sends the consumers away, who find the group where it was", async () => {
    const stream = await groupOn(own.client);
    await append(stream, 3);
    const one = consumer(own.client, stream, (n) => (n < 2 ? "ack" : undefined));
    await one.until(3);
    await aWhile();
    await change(stream);
    expect(await one.error).toBeInstanceOf(PersistentSubscriptionDroppedError);
    const next = consumer(own.client, stream);
    await next.until(1);
    await aWhile();
    expect(next.numbers()).toEqual([2]);
    await next.leave();
  });
});

test("to $all, what a filter wants; its place is kept though nothing of it came for long", async () => {
  const prefix = newStream();
  const filter = streamNameFilter({ prefixes: [prefix] });
  const all = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });
  await own.client.createPersistentSubscriptionToAll(prefix, all, { filter });
  await append(`${prefix}-a`, 2);
  await append(newStream(), 700);
  await append(`${prefix}-b`, 1, 2);
  const seen: number[] = [];
  const consume = async (until: number) => {
    const subscription = own.client.subscribeToPersistentSubscriptionToAll(prefix);
    for await (const resolved of subscription) {
      seen.push(numberIn(resolved));
      await subscription.ack(resolved);
      if (seen.length === until) break;
    }
    await aWhile();
    await subscription.unsubscribe();
  };
  await consume(3);
  await own.restart();
  await append(`${prefix}-c`, 1, 3);
  await consume(4);
  expect(seen).toEqual([0, 1, 2, 3]);
});

test("links are followed; those that lead nowhere are passed over", async () => {
  const stream = newStream();
  const links = await groupOn(own.client, undefined, { resolveLinkTos: true });
  await append(stream, 3);
  const link = (revision: number) => binaryEvent({ type: "$>", data: Buffer.from(`${revision}@${stream}`) });
  await own.client.appendToStream(links, [link(2), link(9), link(0)]);
  const one = consumer(own.client, links, (n, retries) => (n === 2 && retries === 0 ? "retry" : "ack"));
  await one.until(3);
  // What is to be tried again may come before or after the next one.
  expect(one.seen[0]).toEqual({ number: 2, retries: 0 });
  expect(one.seen.toSorted((a, b) => a.number - b.number || a.retries - b.retries)).toEqual([
    { number: 0, retries: 0 },
    { number: 2, retries: 0 },
    { number: 2, retries: 1 },
  ]);
  await one.leave();
});
