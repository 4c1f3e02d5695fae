/** What must not break a group, nor the node: odd settings, odd events, consumers that come back at once or don't read. */
import {
  END,
  jsonEvent,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  streamNameFilter,
} from "@eventstore/db-client";
import { expect, test } from "vitest";
import { newStream, numberIn, restartable } from "../own-node.ts";
import { askingOf, aWhile, consumer, eventually, GROUP, groupOn } from "./group-of.ts";

const own = restartable();
const { append, infoOf, parkedOf } = askingOf(own);

test("a filter that is no regular expression is refused, and the node starts again", async () => {
  const settings = persistentSubscriptionToAllSettingsFromDefaults();
  const filter = streamNameFilter({ regex: "(?i)abc" });
  await expect(own.client.createPersistentSubscriptionToAll("odd", settings, { filter })).rejects.toThrow();
  await own.restart();
  expect(await own.client.listAllPersistentSubscriptions()).toEqual([]);
});

test("nonsense where the groups are kept hides none of them", async () => {
  const stream = await groupOn(own.client);
  for (const data of [{ entries: 3 }, { nothing: 1 }])
    await own.client.appendToStream("$persistentSubscriptionConfig", [jsonEvent({ type: "Odd", data })]);
  await own.restart();
  expect((await infoOf(stream)).groupName).toBe(GROUP);
});

test("consumers that come back at once find the changed group", async () => {
  const stream = await groupOn(own.client);
  for (let round = 0; round < 10; round++) {
    await append(stream, 2);
    const one = consumer(own.client, stream, () => undefined, 1);
    await one.until(1);
    const back = one.error.then(() => consumer(own.client, stream));
    const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
    await own.client.updatePersistentSubscriptionToStream(stream, GROUP, settings);
    const next = await back;
    await next.until(2);
    await next.leave();
  }
});

test("replays at once tell each parked event once; done, it is not parked any more, also after a restart", async () => {
  const stream = await groupOn(own.client);
  await append(stream, 60);
  const one = consumer(own.client, stream, () => PARK);
  await eventually(
    () => parkedOf(stream),
    (parked) => parked === 60,
  );
  await one.leave();
  const next = consumer(own.client, stream);
  const replay = () => own.client.replayParkedMessagesToStream(stream, GROUP);
  await Promise.all([replay(), replay(), replay()]);
  await next.until(60);
  await aWhile();
  expect(next.numbers().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n));
  await own.restart();
  expect(await parkedOf(stream)).toBe(0);
});

test("what was parked is told again though its stream has ended", async () => {
  const prefix = newStream();
  const stream = `${prefix}-a`;
  const filter = streamNameFilter({ prefixes: [prefix] });
  const all = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: END });
  await own.client.createPersistentSubscriptionToAll(prefix, all, { filter });
  const seen: number[] = [];
  let parks = true;
  const subscription = own.client.subscribeToPersistentSubscriptionToAll(prefix);
  subscription.on("data", (resolved) => {
    if (resolved.event?.type === "Counted") seen.push(numberIn(resolved));
    void (parks ? subscription.nack(PARK, "later", resolved) : subscription.ack(resolved));
  });
  await append(stream, 3);
  const info = () => own.client.getPersistentSubscriptionToAllInfo(prefix);
  await eventually(info, ({ stats }) => stats.parkedMessageCount === 3n);
  parks = false;
  await own.client.tombstoneStream(stream);
  await own.client.replayParkedMessagesToAll(prefix);
  await eventually(
    async () => seen.length,
    (count) => count === 6,
  );
  expect(seen).toEqual([0, 1, 2, 0, 1, 2]);
  await subscription.unsubscribe();
});

test("a group on a stream that ends waits, and the node starts again", async () => {
  const stream = await groupOn(own.client, undefined, { checkPointAfter: 10, checkPointLowerBound: 1 });
  await append(stream, 2);
  const one = consumer(own.client, stream);
  await one.until(2);
  await own.client.tombstoneStream(stream);
  await aWhile();
  expect(one.numbers()).toEqual([0, 1]);
  await one.leave();
  await own.restart();
  const next = consumer(own.client, stream);
  await aWhile();
  expect(next.seen).toEqual([]);
  await next.leave();
});

test.each([0, 1])("a history of %i holds up nobody, nor a removal", async (historyBufferSize) => {
  const stream = await groupOn(own.client, undefined, { historyBufferSize });
  await append(stream, 20);
  const one = consumer(own.client, stream);
  expect((await one.until(20)).length).toBe(20);
  const silent = consumer(own.client, stream, () => undefined, 1);
  await append(stream, 20, 20);
  await own.client.deletePersistentSubscriptionToStream(stream, GROUP);
  await Promise.all([one.error, silent.error]);
});

test("a consumer that doesn't read is given no more, and nothing is parked for it", async () => {
  const stream = await groupOn(own.client, undefined, { messageTimeout: 100, maxRetryCount: 1 });
  const wide = "x".repeat(100_000);
  for (let n = 0; n < 120; n += 5)
    await own.client.appendToStream(
      stream,
      Array.from({ length: 5 }, (_, m) => jsonEvent({ type: "Counted", data: { n: n + m, wide } })),
    );
  const lazy = own.client.subscribeToPersistentSubscriptionToStream(stream, GROUP, { bufferSize: 100 });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect((await infoOf(stream)).stats.totalItems).toBeLessThan(120n);
  await lazy.unsubscribe();
});

test("of the metadata that makes no sense, nothing breaks a group", async () => {
  const stream = await groupOn(own.client, undefined, { startFrom: START });
  await append(stream, 3);
  for (const text of [
    '{"$tb":1.5}',
    '{"$maxCount":1.5}',
    '{"$tb":true}',
    '{"$tb":"1"}',
    '{"$tb":1e400}',
    "[1]",
  ])
    await own.client.appendToStream(`$$${stream}`, [
      jsonEvent({ type: "$metadata", data: JSON.parse(text) }),
    ]);
  const one = consumer(own.client, stream);
  expect((await one.until(3)).map(({ number }) => number)).toEqual([0, 1, 2]);
  await one.leave();
});
