/**
 * What the port promises, asked of the embedded node, or of the server in EVENTSTORE_URL: the same questions, and the
 * same answers.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { connectEventStore } from "../../../api/event-store/eventstoredb.ts";
import { canonicalJson, type NewEvent, type Recorded } from "../../../domain/kernel/event.ts";
import {
  type AppendResult,
  type Delivered,
  LOG_START,
  NO_EVENTS,
} from "../../../domain/kernel/event-store.ts";
import { eventStoreUrl } from "../../support/engines.ts";
import { anyBook, newEvent, newEvents } from "../../support/new-events.ts";

const bounds = { events: 200, bytes: 256 * 1024 };
const store = connectEventStore(await eventStoreUrl(), { bounds });
afterAll(() => store.dispose());

const anyStream = () => `${anyBook()}.item-rod`;
const idsOf = (events: readonly NewEvent[]) => events.map(({ id }) => id);
const conflict = { outcome: "conflict" };

async function appended(stream: string, events: readonly NewEvent[], expected: bigint) {
  const result = await store.append(stream, events, expected);
  if (result.outcome !== "appended") throw new Error(`an append to ${stream}: ${result.outcome}`);
  return result;
}

/** Many events on one stream, in appends of 500. */
async function filled(stream: string, count: number): Promise<readonly NewEvent[]> {
  const events = newEvents(count);
  for (let at = 0; at < count; at += 500)
    await appended(stream, events.slice(at, at + 500), BigInt(at) + NO_EVENTS);
  return events;
}

/** Pulls until `done`, then leaves. */
async function pulled(
  prefix: string,
  after: bigint,
  done: (events: readonly Recorded[], last: Delivered) => boolean,
  from = store,
) {
  const events: Recorded[] = [];
  const batches: Delivered[] = [];
  for await (const batch of from.subscribe(prefix, after, new AbortController().signal)) {
    batches.push(batch);
    events.push(...batch.events);
    if (done(events, batch)) break;
  }
  return { events, batches };
}
const untilCaughtUp = (_: readonly Recorded[], { caughtUp }: Delivered) => caughtUp;

describe("append", () => {
  test("what is written is what is read, with its place", async () => {
    const stream = anyStream();
    const data = { unit: "kg", "10": [null, true, -7, { b: "", a: '\n"\\' }], "9": {}, 名: "钢筋 🏗️" };
    const event = { ...newEvent(data), metadata: { ...newEvent().metadata, actor: "会计" } };
    const { revision, position } = await appended(stream, [event], NO_EVENTS);
    expect(revision).toBe(0n);
    const [read] = await store.read(stream, 0n);
    expect(read).toEqual({ ...event, stream, revision, position });
    expect(canonicalJson(read?.data)).toBe(canonicalJson(data));
    expect(JSON.stringify(read?.metadata)).toBe(canonicalJson(event.metadata));
  });

  test("is refused when the stream stands elsewhere, and leaves no trace", async () => {
    const stream = anyStream();
    expect(await store.append(stream, newEvents(1), 0n)).toEqual(conflict);
    const events = newEvents(3);
    await appended(stream, events, NO_EVENTS);
    for (const expected of [NO_EVENTS, 0n, 1n, 3n, 100n])
      expect(await store.append(stream, newEvents(2), expected), `${expected}`).toEqual(conflict);
    expect(idsOf(await store.read(stream, 0n))).toEqual(idsOf(events));
  });

  test("the same again, at the same revision, is answered as at first and stored once", async () => {
    const stream = anyStream();
    const [first, second] = [newEvents(3), newEvents(2, 3)];
    const answers = [await appended(stream, first, NO_EVENTS), await appended(stream, second, 2n)];
    for (const _ of [1, 2]) {
      expect(await store.append(stream, first, NO_EVENTS)).toEqual(answers[0]);
      expect(await store.append(stream, second, 2n)).toEqual(answers[1]);
    }
    expect(idsOf(await store.read(stream, 0n))).toEqual(idsOf([...first, ...second]));
  });

  test("a prefix counts as a repeat; a suffix, or the same and more, does not", async () => {
    const stream = anyStream();
    const events = newEvents(3);
    await appended(stream, events, NO_EVENTS);
    expect(await store.append(stream, events.slice(0, 2), NO_EVENTS)).toMatchObject({ outcome: "appended" });
    expect(await store.append(stream, events.slice(1), NO_EVENTS)).toEqual(conflict);
    expect(await store.append(stream, [...events, newEvent()], NO_EVENTS)).toEqual(conflict);
    expect(idsOf(await store.read(stream, 0n))).toEqual(idsOf(events));
  });

  test("positions increase, inside an append and from one to the next", async () => {
    const book = anyBook();
    const answers = [];
    for (const item of ["a", "b", "c"])
      answers.push(await appended(`${book}.item-${item}`, newEvents(4), NO_EVENTS));
    const { events } = await pulled(`${book}.`, LOG_START, (all) => all.length === 12);
    const positions = events.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => (a < b ? -1 : 1)));
    expect([3, 7, 11].map((index) => positions[index])).toEqual(answers.map(({ position }) => position));
  });

  test("takes 900 KiB, and refuses what is above 1 MiB as a whole", async () => {
    const stream = anyStream();
    const large = (kib: number) => newEvent({ text: "x".repeat(kib * 1024) });
    await expect(store.append(stream, [large(600), large(600)], NO_EVENTS)).rejects.toThrow(
      "the store takes",
    );
    expect(await store.read(stream, 0n)).toEqual([]);
    // Data and metadata fit to the byte: a store that counts more refuses it, one that counts the data only takes it.
    const room = 1024 * 1024 - Buffer.byteLength(canonicalJson(newEvent().metadata)) - '{"text":""}'.length;
    const brim = anyStream();
    const filled = await store
      .append(brim, [newEvent({ text: "x".repeat(room) })], NO_EVENTS)
      .catch((error: Error) => error.message);
    if (typeof filled === "string") expect(filled).toMatch("the store refused");
    else expect(filled.outcome).toBe("appended");
    expect(await store.read(brim, 0n)).toHaveLength(typeof filled === "string" ? 0 : 1);
    await appended(stream, [large(450), large(450)], NO_EVENTS);
    expect(await store.read(stream, 0n)).toHaveLength(2);
  });

  test("many at once, on many streams, lose and mix nothing", async () => {
    const book = anyBook();
    const streams = Array.from({ length: 60 }, (_, index) => `${book}.item-${index}`);
    await Promise.all(
      streams.map(async (stream) => {
        for (const from of [0, 2, 4, 6]) await appended(stream, newEvents(2, from), BigInt(from) + NO_EVENTS);
        const numbers = (await store.read(stream, 0n)).map(({ data }) => data);
        expect(numbers).toEqual(newEvents(8).map(({ data }) => data));
      }),
    );
  });

  test("of many at one revision of one stream, exactly one is taken", async () => {
    const stream = anyStream();
    for (let revision = NO_EVENTS; revision < 20n; revision += 1n) {
      const race = await Promise.all(newEvents(8).map((event) => store.append(stream, [event], revision)));
      expect(race.filter(({ outcome }) => outcome === "appended")).toHaveLength(1);
      expect(race.filter(({ outcome }) => outcome === "conflict")).toHaveLength(7);
    }
    expect(await store.read(stream, 0n)).toHaveLength(21);
  });
});

/** What would crash the process, hang, or be bent: never sent. */
test.each<[string, string, readonly unknown[], bigint]>([
  ["no stream", "", newEvents(1), NO_EVENTS],
  ["a system stream", "$settings", newEvents(1), NO_EVENTS],
  ["no events", anyStream(), [], NO_EVENTS],
  ["no type", anyStream(), [newEvent({}, "")], NO_EVENTS],
  ["a system type", anyStream(), [newEvent({}, "$metadata")], NO_EVENTS],
  ["an id that is no UUID", anyStream(), [{ ...newEvent(), id: "1" }], NO_EVENTS],
  ["a BigInt", anyStream(), [newEvent({ quantity: 1n })], NO_EVENTS],
  ["a float", anyStream(), [newEvent({ quantity: 0.5 })], NO_EVENTS],
  ["an undefined field", anyStream(), [newEvent({ note: undefined })], NO_EVENTS],
  ["a BigInt in metadata", anyStream(), [{ ...newEvent(), metadata: { part: 1n } }], NO_EVENTS],
  ["any revision", anyStream(), newEvents(1), -2n],
])("an append with %s is a bug, and throws", async (_, stream, events, expected) => {
  await expect(store.append(stream, events as readonly NewEvent[], expected)).rejects.toThrow();
  if (stream.startsWith("t")) expect(await store.read(stream, 0n)).toEqual([]);
});

describe("read", () => {
  test("from a revision on, that one included; past the end there is nothing", async () => {
    const stream = anyStream();
    const events = await filled(stream, 1_200);
    for (const revision of [0, 1, 700, 1_199, 1_200, 5_000]) {
      const read = await store.read(stream, BigInt(revision));
      expect(idsOf(read), `${revision}`).toEqual(idsOf(events.slice(revision)));
      if (read[0]) expect(read[0].revision).toBe(BigInt(revision));
    }
  });

  test("a stream that was never written is empty", async () => {
    expect(await store.read(anyStream(), 0n)).toEqual([]);
    expect(await store.read(anyStream(), 7n)).toEqual([]);
  });
});

describe("subscribe", () => {
  test("catches up and goes on live: in order, nothing twice, nothing left out", async () => {
    const book = anyBook();
    const sent = [...(await filled(`${book}.item-old`, 700))];
    const writing = (async () => {
      for (let at = 0; at < 300; at += 1) {
        const events = newEvents(1 + (at % 3), at);
        await appended(`${book}.item-${at}`, events, NO_EVENTS);
        sent.push(...events);
      }
    })();
    const { events } = await pulled(`${book}.`, LOG_START, (all) => all.length >= 700 + 600);
    await writing;
    expect(idsOf(events)).toEqual(idsOf(sent));
  });

  test("says that it caught up, at first with what was there, and once it did it stays", async () => {
    const book = anyBook();
    const empty = await pulled(`${book}.`, LOG_START, untilCaughtUp);
    expect(empty.events).toEqual([]);
    const events = await filled(`${book}.item-a`, 900);
    const { batches, ...all } = await pulled(`${book}.`, LOG_START, untilCaughtUp);
    expect(idsOf(all.events)).toEqual(idsOf(events));
    expect(batches.filter(({ caughtUp }) => caughtUp)).toHaveLength(1);
  });

  test("goes on after a position, that one excluded", async () => {
    const book = anyBook();
    await filled(`${book}.item-a`, 600);
    const { events } = await pulled(`${book}.`, LOG_START, untilCaughtUp);
    for (const index of [0, 299, 598]) {
      const after = events[index]?.position ?? LOG_START;
      const rest = await pulled(`${book}.`, after, untilCaughtUp);
      expect(idsOf(rest.events)).toEqual(idsOf(events.slice(index + 1)));
    }
  });

  test("brings the streams of its prefix, and of no longer name", async () => {
    const book = anyBook();
    const own = await filled(`${book}.item-a`, 3);
    await filled(`${book}b.item-a`, 3);
    await filled(`x${book}.item-a`, 3);
    const more = await filled(`${book}.item-b`, 3);
    const { events } = await pulled(`${book}.`, LOG_START, untilCaughtUp);
    expect(idsOf(events)).toEqual(idsOf([...own, ...more]));
  });

  /** What waits is taken by the next pull: a batch shows how much was held while the consumer slept. */
  test("holds no more than its bounds for a slow consumer, in events and in bytes", async () => {
    const book = anyBook();
    const stream = `${book}.item-a`;
    await filled(stream, 5_000);
    const events = Array.from({ length: 20 }, () => newEvent({ text: "x".repeat(40_000) }));
    await appended(stream, events, 4_999n);
    const held: Delivered[] = [];
    for await (const batch of store.subscribe(`${book}.`, LOG_START, new AbortController().signal)) {
      held.push(batch);
      if (batch.caughtUp) break;
      await sleep(held.length < 4 ? 250 : 5);
    }
    const sizes = held.map((batch) => batch.events.length);
    expect(Math.max(...sizes)).toBe(bounds.events);
    const bytes = held.map((batch) => canonicalJson(batch.events.map(({ data }) => data)).length);
    expect(Math.max(...bytes)).toBeLessThan(bounds.bytes + 41_000);
    expect(held.flatMap((batch) => batch.events.map(({ revision }) => Number(revision)))).toEqual(
      Array.from({ length: 5_020 }, (_, index) => index),
    );
  });

  /**
   * A crash after every batch that named a position; the log is written to all the while, by another book too. With
   * bounds as low as these the client's own buffer is never empty for long.
   */
  test("who goes on from `reached`, again and again, sees every event exactly once", async () => {
    const tight = connectEventStore(await eventStoreUrl(), { bounds: { ...bounds, events: 7 } });
    const [book, other] = [anyBook(), anyBook()];
    const sent = [...(await filled(`${book}.item-old`, 1_500))];
    const writing = (async () => {
      for (let at = 0; at < 200; at += 1) {
        const events = newEvents(2);
        await appended(`${other}.item-${at}`, newEvents(3), NO_EVENTS);
        await appended(`${book}.item-${at}`, events, NO_EVENTS);
        sent.push(...events);
      }
    })();
    const seen: string[] = [];
    let reached = LOG_START;
    let lives = 0;
    while (seen.length < 1_500 + 400) {
      lives += 1;
      // Servers close a connection on which too many calls are cancelled in a short time.
      if (lives > 100) await sleep(30);
      const named = (_: unknown, batch: Delivered) => batch.reached !== undefined;
      const life = await pulled(`${book}.`, reached, named, tight);
      seen.push(...idsOf(life.events));
      reached = life.batches.at(-1)?.reached ?? reached;
    }
    await writing;
    await tight.dispose();
    expect(seen).toEqual(idsOf(sent));
    expect(lives).toBeGreaterThan(5);
  });

  test("`reached` passes what other books write", async () => {
    const [book, other] = [anyBook(), anyBook()];
    await filled(`${book}.item-a`, 10);
    await filled(`${other}.item-a`, 2_000);
    const { events, batches } = await pulled(
      `${book}.`,
      LOG_START,
      ({ length }, batch) => length > 0 && batch.caughtUp,
    );
    const last = await appended(`${book}.item-a`, newEvents(1), 9n);
    const reached = batches.at(-1)?.reached ?? LOG_START;
    expect(reached > (events.at(-1)?.position ?? reached)).toBe(true);
    expect(reached < last.position).toBe(true);
  });

  test("ends without a throw when aborted: before, while it waits, and while nobody pulls", async () => {
    const book = anyBook();
    await filled(`${book}.item-a`, 1);
    for (const when of ["before", "waiting", "busy"]) {
      const abort = new AbortController();
      if (when === "before") abort.abort();
      const kinds: number[] = [];
      for await (const { events, caughtUp } of store.subscribe(`${book}.`, LOG_START, abort.signal)) {
        kinds.push(events.length);
        if (when === "busy") abort.abort();
        else if (caughtUp) setTimeout(() => abort.abort(), 20);
      }
      if (when === "before") expect(kinds).toEqual([]);
    }
  });

  test("a book of no name is a bug", async () => {
    await expect(pulled("", LOG_START, () => true)).rejects.toThrow();
  });
});

/** A connection takes a hundred calls at a time; the next one hangs. */
test("no call is left open: not by reads, nor by subscriptions that are left or aborted", async () => {
  const book = anyBook();
  await filled(`${book}.item-a`, 500);
  for (let at = 0; at < 150; at += 1) {
    const abort = new AbortController();
    for await (const _ of store.subscribe(`${book}.`, LOG_START, abort.signal)) {
      if (at % 2 === 0) break;
      abort.abort();
    }
  }
  await Promise.all(Array.from({ length: 150 }, () => store.read(`${book}.item-a`, 490n)));
  const result: AppendResult = await store.append(`${book}.item-b`, newEvents(1), NO_EVENTS);
  expect(result.outcome).toBe("appended");
});

test("one process has one event store", async () => {
  expect(() => connectEventStore("esdb://elsewhere:2113?tls=false")).toThrow("one event store");
  const second = connectEventStore(await eventStoreUrl());
  await second.dispose();
  await second.dispose();
  expect(await store.append(anyStream(), newEvents(1), NO_EVENTS)).toMatchObject({ outcome: "appended" });
});
