/** Finite reads: of a stream and of `$all`, in both directions, from anywhere. */
import {
  BACKWARDS,
  binaryEvent,
  END,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  type Position,
  START,
  StreamNotFoundError,
} from "@eventstore/db-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Node } from "../../../../api/engines/node/server.ts";
import {
  byClients,
  clientOf,
  collect,
  newDatabase,
  newStream,
  nodeHere,
  numberIn,
  someEvents,
} from "./own-node.ts";

/** More than a page has. */
const MANY = 1_234;
const stream = newStream();
let node: Node;
let client: ReturnType<typeof clientOf>;
let positions: Position[];

/** One node that remembers what it wrote, and one that has to look it up. */
describe.each(["the node that wrote it", "a node that was started later"])("%s", (which) => {
  beforeAll(async () => {
    const database = await newDatabase();
    node = await nodeHere(database);
    client = clientOf(node.port);
    await client.appendToStream(stream, someEvents(MANY), { expectedRevision: NO_STREAM });
    if (which !== "the node that wrote it") {
      await client.dispose();
      await node.close();
      node = await nodeHere(database);
      client = clientOf(node.port);
    }
    positions = byClients(await collect(client.readAll())).map(({ event }) => event?.position as Position);
  });
  afterAll(async () => {
    await client.dispose();
    await node.close();
  });

  const range = (from: number, to: number): readonly number[] =>
    from <= to
      ? Array.from({ length: to - from + 1 }, (_, index) => from + index)
      : range(to, from).toReversed();

  type StreamOptions = NonNullable<Parameters<typeof client.readStream>[1]>;
  test.each<[StreamOptions, readonly number[]]>([
    [{}, range(0, MANY - 1)],
    [{ direction: BACKWARDS, fromRevision: END }, range(MANY - 1, 0)],
    [{ maxCount: 2 }, [0, 1]],
    [{ maxCount: 700 }, range(0, 699)],
    [{ fromRevision: 1_000n, maxCount: 3 }, [1_000, 1_001, 1_002]],
    [{ fromRevision: 1_200n, maxCount: 100 }, range(1_200, MANY - 1)],
    [{ direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0]],
    [{ direction: BACKWARDS, fromRevision: 5_000n, maxCount: 1 }, [MANY - 1]],
    [{ direction: BACKWARDS, fromRevision: START }, [0]],
    [{ fromRevision: 5_000n }, []],
  ])("a stream with %o", async (options, numbers) => {
    expect((await collect(client.readStream(stream, options))).map(numberIn)).toEqual(numbers);
  });

  test("a stream that isn't there is not found", async () => {
    for (const options of [{}, { fromRevision: 3n }, { direction: BACKWARDS, fromRevision: END } as const]) {
      const name = newStream();
      const error = await collect(client.readStream(name, options)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StreamNotFoundError);
      expect(error).toMatchObject({ streamName: name });
    }
  });

  test("nothing, and what follows the end, can't be asked for", async () => {
    for (const options of [{ maxCount: 0 }, { fromRevision: END } as const])
      await expect(collect(client.readStream(stream, options))).rejects.toThrow(
        "Unexpected ReadStreamResult: Error",
      );
  });

  test("$all from everywhere: with the event at a position forwards, without it backwards", async () => {
    const at = (n: number) => positions[n] as Position;
    const all = async (options: Parameters<typeof client.readAll>[0]) =>
      byClients(await collect(client.readAll(options))).map(numberIn);
    expect(await all({})).toEqual(range(0, MANY - 1));
    expect(await all({ direction: BACKWARDS, fromPosition: END })).toEqual(range(MANY - 1, 0));
    expect(await all({ direction: BACKWARDS, fromPosition: END, maxCount: 2 })).toEqual([MANY - 1, MANY - 2]);
    expect(await all({ fromPosition: at(600), maxCount: 2 })).toEqual([600, 601]);
    expect(await all({ fromPosition: at(600) })).toEqual(range(600, MANY - 1));
    expect(await all({ direction: BACKWARDS, fromPosition: at(600), maxCount: 2 })).toEqual([599, 598]);
    expect(await all({ direction: BACKWARDS, fromPosition: at(0) })).toEqual([]);
    expect(await all({ direction: BACKWARDS, fromPosition: START })).toEqual([]);
    expect(await all({ direction: FORWARDS, fromPosition: END })).toEqual([]);
    const beyond = { commit: 2n ** 53n, prepare: 2n ** 53n };
    expect(await all({ fromPosition: beyond })).toEqual([]);
  });

  test("positions grow and have gaps, and only an event's own is one", async () => {
    for (const [index, { commit, prepare }] of positions.entries()) {
      expect(commit).toBe(prepare);
      if (index > 0) expect(commit - (positions[index - 1] as Position).commit).toBeGreaterThan(1n);
    }
    const { commit } = positions[5] as Position;
    await expect(collect(client.readAll({ fromPosition: { commit, prepare: commit + 5n } }))).rejects.toThrow(
      "Exception was thrown by handler",
    );
    for (const direction of [FORWARDS, BACKWARDS] as const)
      await expect(
        collect(client.readAll({ direction, fromPosition: { commit: commit + 1n, prepare: commit + 1n } })),
      ).rejects.toThrow("Unexpected ReadAllResult: InvalidPosition");
  });
});

test("what was written is what is read", async () => {
  node = await nodeHere(await newDatabase());
  client = clientOf(node.port);
  const name = "名 字@x".repeat(300);
  const json = jsonEvent({ type: "型", data: { a: ["ü", 1.5, null] }, metadata: { $correlationId: "c" } });
  const large = binaryEvent({ type: "Large", data: new Uint8Array(300_000).fill(7) });
  const bytes = binaryEvent({ type: "B", data: Buffer.from([0, 1, 255]), metadata: Buffer.from([9]) });
  const before = Date.now();
  const { position } = await client.appendToStream(name, [json, bytes, large]);
  const [first, second, third] = (await collect(client.readStream(name))).map(({ event }) => event);
  expect(first).toMatchObject({ id: json.id, type: "型", streamId: name, revision: 0n, isJson: true });
  expect(first).toMatchObject({ data: json.data, metadata: json.metadata });
  expect(Number(first?.created)).toBeGreaterThanOrEqual(before);
  expect(Number(first?.created)).toBeLessThanOrEqual(Date.now());
  expect(second).toMatchObject({
    isJson: false,
    data: new Uint8Array([0, 1, 255]),
    metadata: new Uint8Array([9]),
  });
  expect(third?.data).toEqual(large.data);
  expect(third?.position).toEqual(position);
  await client.dispose();
  await node.close();
});
