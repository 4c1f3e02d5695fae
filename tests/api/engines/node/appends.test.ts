/** Which appends are accepted, refused, or recognised as ones that were made before. */
import { randomUUID } from "node:crypto";
import {
  ANY,
  type AppendExpectedRevision,
  type EventData,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Node } from "../../../../api/engines/node/server.ts";
import {
  clientOf,
  collect,
  newDatabase,
  newStream,
  nodeHere,
  numbered,
  numberIn,
  someEvents,
} from "./own-node.ts";

let node: Node;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  node = await nodeHere(await newDatabase());
  client = clientOf(node.port);
});
afterAll(async () => {
  await client.dispose();
  await node.close();
});

const append = async (stream: string, events: EventData[], expectedRevision: AppendExpectedRevision = ANY) =>
  (await client.appendToStream(stream, events, { expectedRevision })).nextExpectedRevision;
const numbersOf = async (stream: string) => (await collect(client.readStream(stream))).map(numberIn);
const refusal = (stream: string, events: EventData[], expected: AppendExpectedRevision) =>
  append(stream, events, expected).catch((error: unknown) => error);

describe("what the stream is expected to be", () => {
  test.each([
    [NO_STREAM, true, false],
    [STREAM_EXISTS, false, true],
    [ANY, true, true],
    [1n, false, true],
    [0n, false, false],
    [2n, false, false],
  ] as const)("%s: of a new stream %s, of one with two events %s", async (expected, ofNone, ofTwo) => {
    for (const [has, accepted] of [
      [0, ofNone],
      [2, ofTwo],
    ] as const) {
      const stream = newStream();
      if (has > 0) await append(stream, someEvents(has), NO_STREAM);
      const result = await refusal(stream, someEvents(3, 10), expected);
      if (accepted) expect(result).toBe(BigInt(has + 2));
      else {
        expect(result).toBeInstanceOf(WrongExpectedVersionError);
        expect(result).toMatchObject({
          streamName: stream,
          expectedVersion: expected,
          actualVersion: has > 0 ? 1n : "no_stream",
        });
      }
      const before = Array.from({ length: has }, (_, n) => n);
      if (has > 0 || accepted)
        expect(await numbersOf(stream)).toEqual([...before, ...(accepted ? [10, 11, 12] : [])]);
    }
  });

  test("no events are an append that writes nothing", async () => {
    const stream = newStream();
    expect(await append(stream, [], NO_STREAM)).toBe(0n);
    await expect(numbersOf(stream)).rejects.toBeInstanceOf(StreamNotFoundError);
    await append(stream, someEvents(2));
    expect(await append(stream, [], 1n)).toBe(1n);
    expect(await refusal(stream, [], 0n)).toBeInstanceOf(WrongExpectedVersionError);
  });

  test("of two at once on the same revision one is accepted", async () => {
    const stream = newStream();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => append(stream, [numbered(n)], NO_STREAM)),
    );
    expect(results.filter(({ status }) => status === "fulfilled").length).toBe(1);
    expect((await numbersOf(stream)).length).toBe(1);
  });
});

describe("an append made again", () => {
  /** After the first append of `events` at `expected`, and another one, the second answers… */
  async function again(
    expected: AppendExpectedRevision,
    second: (events: EventData[]) => EventData[],
    { seed = 0, between = 0 } = {},
  ) {
    const stream = newStream();
    const events = someEvents(3, 100);
    if (seed > 0) await append(stream, someEvents(seed), NO_STREAM);
    await append(stream, events, expected);
    if (between > 0) await append(stream, someEvents(between, 200));
    const result = await refusal(stream, second(events), expected);
    const numbers = await numbersOf(stream);
    return { result, added: numbers.length - seed - 3 - between };
  }
  const same = (events: EventData[]) => events;

  test.each<AppendExpectedRevision>([NO_STREAM, ANY])(
    "at %s answers as it did, and writes nothing",
    async (expected) => {
      expect(await again(expected, same)).toEqual({ result: 2n, added: 0 });
      expect(await again(expected, same, { between: 2 })).toEqual({ result: 2n, added: 0 });
      expect(await again(expected, (events) => events.slice(0, 2))).toEqual({ result: 1n, added: 0 });
    },
  );

  test.each<AppendExpectedRevision>([STREAM_EXISTS, 1n, ANY])(
    "at %s on a stream that has more",
    async (expected) => {
      expect(await again(expected, same, { seed: 2, between: 3 })).toEqual({ result: 4n, added: 0 });
    },
  );

  test.each<AppendExpectedRevision>([NO_STREAM, ANY])(
    "at %s with a new one behind is neither the same nor new",
    async (expected) => {
      const { result, added } = await again(expected, (events) => [...events, numbered(7)]);
      expect(result).toBeInstanceOf(WrongExpectedVersionError);
      expect(added).toBe(0);
    },
  );

  test("at an exact revision, only those that follow it count", async () => {
    expect((await again(NO_STREAM, (events) => events.slice(1))).result).toBeInstanceOf(
      WrongExpectedVersionError,
    );
  });

  test("under ANY, a new one in front makes all of them new", async () => {
    expect(await again(ANY, (events) => [numbered(7), ...events])).toEqual({ result: 6n, added: 4 });
  });

  test("is told by ids, not by what is in them", async () => {
    const stream = newStream();
    const id = randomUUID();
    await append(stream, [numbered(1, id)], NO_STREAM);
    expect(await append(stream, [numbered(2, id)], NO_STREAM)).toBe(0n);
    expect(await numbersOf(stream)).toEqual([1]);
  });

  test("the same id at the next revision, twice in one append or in another stream is another event", async () => {
    const [one, other] = [newStream(), newStream()];
    const event = numbered(1);
    await append(one, [event], NO_STREAM);
    expect(await append(one, [event], 0n)).toBe(1n);
    expect(await append(other, [event, event], NO_STREAM)).toBe(1n);
  });

  test("while the first is still under way, both are answered alike", async () => {
    const stream = newStream();
    const events = someEvents(3);
    const results = await Promise.all(Array.from({ length: 10 }, () => append(stream, events, NO_STREAM)));
    expect(new Set(results)).toEqual(new Set([2n]));
    expect(await numbersOf(stream)).toEqual([0, 1, 2]);
  });
});

describe("what is too large or makes no sense", () => {
  const sized = (bytes: number) => ({ ...numbered(0), data: { n: 0, x: "x".repeat(bytes) } });

  test("1 MiB is for the whole append", async () => {
    expect(await append(newStream(), [sized(2 ** 20 - 200)])).toBe(0n);
    for (const events of [
      [sized(2 ** 20)],
      [sized(600 * 1024), sized(600 * 1024)],
      Array(5000).fill(sized(1000)),
    ]) {
      const stream = newStream();
      const error = await refusal(stream, events, ANY);
      expect(error).toBeInstanceOf(MaxAppendSizeExceededError);
      expect(error).toMatchObject({ maxAppendSize: 2 ** 20 });
      await expect(numbersOf(stream)).rejects.toBeInstanceOf(StreamNotFoundError);
    }
  });

  test("an event without a type is refused once, and what comes after is served", async () => {
    expect(await refusal(newStream(), [{ ...numbered(1), type: "" }], ANY)).toMatchObject({
      type: "unknown",
    });
    expect(await refusal("", [numbered(1)], ANY)).toMatchObject({ type: "unknown" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await append(newStream(), [numbered(1)])).toBe(0n);
  });

  test("what waits beyond its deadline is not written", async () => {
    const stream = newStream();
    const late = client.appendToStream(stream, [numbered(1)], { deadline: -1000 });
    await expect(late).rejects.toMatchObject({ type: "deadline-exceeded" });
    await expect(numbersOf(stream)).rejects.toBeInstanceOf(StreamNotFoundError);
  });
});

describe("with credentials of its own an append takes the other road", () => {
  const credentials = { username: "admin", password: "changeit" };
  const unary = (stream: string, events: EventData[], expectedRevision: AppendExpectedRevision = ANY) =>
    client.appendToStream(stream, events, { expectedRevision, credentials });

  test("and gets the same answers", async () => {
    const stream = newStream();
    const events = someEvents(2);
    expect(await unary(stream, events, NO_STREAM)).toEqual(await unary(stream, events, NO_STREAM));
    await expect(unary(stream, [numbered(5)], 0n)).rejects.toMatchObject({
      type: "wrong-expected-version",
      expectedVersion: 0n,
      actualVersion: 1n,
    });
    await expect(unary(stream, [{ ...numbered(1), data: { x: "x".repeat(2 ** 20) } }])).rejects.toMatchObject(
      {
        type: "maximum-append-size-exceeded",
      },
    );
    await expect(unary(newStream(), [{ ...numbered(1), type: "" }])).rejects.toThrow(/type/);
    expect(await numbersOf(stream)).toEqual([0, 1]);
  });
});
