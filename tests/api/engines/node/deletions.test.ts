/** What ends a stream: deletions, after which it may go on, and tombstones. */
import {
  ANY,
  BACKWARDS,
  END,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import { describe, expect, test } from "vitest";
import { asking, error } from "./asking.ts";
import { clientOf, collect, newDatabase, newStream, nodeHere, numbered, restartable } from "./own-node.ts";

const own = restartable();
const { append, numbersOf, lastOfAll, withEvents } = asking(own);

/** Each also holds for a node that has forgotten, and reads the log again. */
describe.each(["that remembers", "that was started again"])("a node %s", (which) => {
  const again = async () => {
    if (which === "that was started again") await own.restart();
  };

  test("a deleted stream is not found; written to, it goes on with its numbers and shows only the new", async () => {
    for (const expected of [ANY, NO_STREAM, 2n] as const) {
      const stream = await withEvents(3);
      expect((await own.client.deleteStream(stream)).position).toBeDefined();
      await again();
      expect(await error(numbersOf(stream))).toBeInstanceOf(StreamNotFoundError);
      expect(await error(append(stream, [numbered(9)], STREAM_EXISTS))).toBeInstanceOf(StreamDeletedError);
      expect(await error(append(stream, [numbered(9)], 1n))).toMatchObject({ actualVersion: 2n });
      expect(await append(stream, [numbered(9)], expected)).toBe(3n);
      await again();
      expect(await numbersOf(stream)).toEqual([9]);
      expect(await numbersOf(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([9]);
    }
  });

  test("$all keeps what was deleted, and tells of the deletion and of its end", async () => {
    const stream = await withEvents(2);
    await own.client.deleteStream(stream);
    expect(await lastOfAll(3)).toEqual([
      `$$${stream} 0 $metadata`,
      `${stream} 1 Counted`,
      `${stream} 0 Counted`,
    ]);
    await again();
    await append(stream, [numbered(2)]);
    expect(await lastOfAll(2)).toEqual([`$$${stream} 1 $metadata`, `${stream} 2 Counted`]);
  });

  test("metadata that is set on a deleted stream brings nothing back", async () => {
    const stream = await withEvents(3);
    await own.client.deleteStream(stream);
    await again();
    await own.client.setStreamMetadata(stream, { owner: "ada" });
    await again();
    expect((await own.client.getStreamMetadata(stream)).metadata).toMatchObject({
      owner: "ada",
      truncateBefore: 3,
    });
    expect(await append(stream, [numbered(9)])).toBe(3n);
    expect(await numbersOf(stream)).toEqual([9]);
  });

  test("what isn't as expected, or isn't there, is not deleted", async () => {
    const stream = await withEvents(3);
    const refusal = { streamName: stream, expectedVersion: 0n, actualVersion: 2n };
    const expected = { expectedRevision: 0n };
    for (const attempt of [
      () => own.client.deleteStream(stream, expected),
      () => own.client.tombstoneStream(stream, expected),
    ]) {
      const wrong = await error(attempt());
      expect(wrong).toBeInstanceOf(WrongExpectedVersionError);
      expect(wrong).toMatchObject(refusal);
    }
    expect(await error(own.client.deleteStream(newStream()))).toBeInstanceOf(WrongExpectedVersionError);
    expect(await numbersOf(stream)).toEqual([0, 1, 2]);
  });

  test("a tombstone is the end: of reading, writing, deleting, and of metadata", async () => {
    for (const stream of [await withEvents(2), newStream()]) {
      await own.client.tombstoneStream(stream);
      expect(await lastOfAll(1)).toEqual([`${stream} ${2n ** 63n - 1n} $streamDeleted`]);
      await again();
      for (const attempt of [
        () => numbersOf(stream),
        () => append(stream, [numbered(9)]),
        () => append(stream, [numbered(9)], NO_STREAM),
        () => own.client.deleteStream(stream),
        () => own.client.tombstoneStream(stream),
        () => own.client.setStreamMetadata(stream, { maxCount: 1 }),
        () => collect(own.client.readStream(`$$${stream}`)),
      ]) {
        const refusal = await error(attempt());
        expect(refusal).toBeInstanceOf(StreamDeletedError);
        expect((refusal as StreamDeletedError).streamName).toMatch(stream);
      }
    }
  });
});

test("metadata streams are not deleted, and what is odd about them breaks no other append", async () => {
  const stream = await withEvents(1);
  for (const name of [`$$${stream}`, `$$$$${stream}`]) {
    expect(await error(own.client.deleteStream(name))).toMatchObject({ code: 3 });
    expect(await error(own.client.tombstoneStream(name))).toMatchObject({ code: 3 });
    await append(name, [numbered(1)]);
    await append(name, [numbered(2)]);
  }
  await own.client.setStreamMetadata(stream, { owner: "ada" });
  await own.client.deleteStream(stream);
  expect(await append(stream, [numbered(9)])).toBe(1n);
});

test("a fresh log is not empty, and a node that starts later adds nothing", async () => {
  const fresh = await newDatabase();
  for (const _ of [1, 2]) {
    const own = await nodeHere(fresh);
    const its = clientOf(own.port);
    const events = await collect(its.readAll());
    expect(events.map(({ event }) => event?.type)).toEqual(["$metadata"]);
    await its.dispose();
    await own.close();
  }
});
