/** What a stream shows by its metadata; and links, also to what is hidden. */
import { BACKWARDS, binaryEvent, jsonEvent, STREAM_EXISTS, StreamNotFoundError } from "@eventstore/db-client";
import { describe, expect, test } from "vitest";
import { asking, error } from "./asking.ts";
import { collect, newStream, numbered, numberIn, restartable } from "./own-node.ts";

const own = restartable();
const { append, numbersOf, lastOfAll, withEvents } = asking(own);

/** Each also holds for a node that has forgotten, and reads the log again. */
describe.each(["that remembers", "that was started again"])("a node %s", (which) => {
  const again = async () => {
    if (which === "that was started again") await own.restart();
  };

  test("$maxCount and $tb hide from the stream, forwards, backwards and from anywhere, not from $all", async () => {
    const stream = await withEvents(5);
    await own.client.setStreamMetadata(stream, { maxCount: 2 });
    await again();
    expect(await numbersOf(stream)).toEqual([3, 4]);
    await append(stream, [numbered(5)]);
    expect(await numbersOf(stream)).toEqual([4, 5]);
    await own.client.setStreamMetadata(stream, { truncateBefore: 2 });
    await again();
    expect(await numbersOf(stream)).toEqual([2, 3, 4, 5]);
    expect(await numbersOf(stream, { fromRevision: 0n, maxCount: 2 })).toEqual([2, 3]);
    expect(await numbersOf(stream, { direction: BACKWARDS, fromRevision: 3n })).toEqual([3, 2]);
    expect(await numbersOf(stream, { direction: BACKWARDS, fromRevision: 1n })).toEqual([]);
    expect((await lastOfAll(7)).filter((line) => line.startsWith(stream)).length).toBe(5);
    await own.client.setStreamMetadata(stream, { truncateBefore: 50 });
    expect(await numbersOf(stream)).toEqual([]);
  });

  test("a metadata stream shows its last event; a stream with metadata only exists, and has no events", async () => {
    const stream = newStream();
    for (const owner of ["ada", "bob"]) await own.client.setStreamMetadata(stream, { owner });
    await again();
    const shown = await collect(own.client.readStream(`$$${stream}`));
    expect(shown.map(({ event }) => [event?.revision, event?.data])).toEqual([[1n, { owner: "bob" }]]);
    expect(await error(numbersOf(stream))).toBeInstanceOf(StreamNotFoundError);
    expect(await append(stream, [numbered(1)], STREAM_EXISTS)).toBe(0n);
    const wrong = await error(own.client.setStreamMetadata(stream, {}, { expectedRevision: 7n }));
    expect(wrong).toMatchObject({ streamName: `$$${stream}`, expectedVersion: 7n, actualVersion: 1n });
  });

  test("metadata that makes no sense hides nothing", async () => {
    const stream = await withEvents(2);
    for (const data of [{ $maxCount: -1 }, { $maxAge: "old" }, { $tb: -3 }, "text" as never]) {
      await append(`$$${stream}`, [jsonEvent({ type: "$metadata", data })]);
      await again();
      expect(await numbersOf(stream)).toEqual([0, 1]);
    }
  });

  test("a link is followed where that is asked for, and leads nowhere when its event is hidden", async () => {
    const [stream, links] = [await withEvents(3), newStream()];
    const targets = [`1@${stream}`, `7@${stream}`, `0@${newStream()}`, "nonsense"];
    await append(
      links,
      targets.map((text) => binaryEvent({ type: "$>", data: Buffer.from(text) })),
    );
    const read = async () =>
      (await collect(own.client.readStream(links, { resolveLinkTos: true }))).map(({ event, link }) => [
        event && numberIn({ event }),
        link?.streamId,
      ]);
    const nowhere = [undefined, links];
    expect(await read()).toEqual([[1, links], nowhere, nowhere, nowhere]);
    const plain = await collect(own.client.readStream(links));
    expect(plain.map(({ event, link }) => [event?.type, link])).toEqual(targets.map(() => ["$>", undefined]));
    await own.client.setStreamMetadata(stream, { truncateBefore: 2 });
    await again();
    expect(await read()).toEqual(targets.map(() => nowhere));
  });
});

test("$maxAge hides what is older", async () => {
  const stream = await withEvents(2);
  await own.client.setStreamMetadata(stream, { maxAge: 1 });
  expect(await numbersOf(stream)).toEqual([0, 1]);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await append(stream, [numbered(9)], 1n)).toBe(2n);
  expect(await numbersOf(stream)).toEqual([9]);
  expect(await numbersOf(stream, { maxCount: 1 })).toEqual([9]);
});
