/**
 * What the adapter makes of a line that breaks. The runner fails on any error that nobody caught: that the process
 * lives on is part of each test.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, expect, test } from "vitest";
import { connectEventStore } from "../../../api/event-store/eventstoredb.ts";
import type { NewEvent } from "../../../domain/kernel/event.ts";
import { type AppendResult, LOG_START, NO_EVENTS } from "../../../domain/kernel/event-store.ts";
import { tcpProxy } from "../../../scripts/faults/tcp-proxy.ts";
import { eventStoreUrl } from "../../support/engines.ts";
import { anyBook, newEvent, newEvents } from "../../support/new-events.ts";

const server = new URL(await eventStoreUrl());
const line = await tcpProxy(server.hostname, Number(server.port));
const TIMEOUT_MS = 1_000;
const store = connectEventStore(server.href.replace(server.host, `127.0.0.1:${line.port}`), {
  timeoutMs: TIMEOUT_MS,
});

afterEach(() => {
  line.refuse(false);
  line.hold(false);
});
afterAll(async () => {
  await store.dispose();
  await line.close();
});

/** As the command handler does: the same again, until the store tells. */
async function settled(stream: string, events: readonly NewEvent[], expected: bigint): Promise<AppendResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await store.append(stream, events, expected);
    if (result.outcome !== "unknown" || attempt === 20) return result;
    await sleep(20);
  }
}

/** `cut` breaks the line while the appends are under way. Afterwards each must be stored once, whatever was answered. */
async function appendedThrough(
  cut: () => Promise<void>,
  count: number,
  data: object,
): Promise<readonly string[]> {
  const book = anyBook();
  const work = Array.from({ length: count }, (_, index) => ({
    stream: `${book}.item-${index}`,
    events: [newEvent(data), newEvent(data)],
  }));
  const first = work.map(({ stream, events }) => store.append(stream, events, NO_EVENTS));
  await cut();
  const outcomes = (await Promise.all(first)).map(({ outcome }) => outcome);
  // One after the other: all at once they would be up to 20 MB against a short time-out, on a busy machine for ever.
  for (const { stream, events } of work) {
    expect(await settled(stream, events, NO_EVENTS)).toMatchObject({ outcome: "appended", revision: 1n });
    expect((await store.read(stream, 0n)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  }
  return outcomes;
}

test("a line that is cut while appends are in flight: appended or unknown, and the repeat settles each once", async () => {
  await settled(`${anyBook()}.item-a`, newEvents(1), NO_EVENTS);
  const outcomes = new Set<string>();
  for (const delay of [0, 1, 2, 4, 8, 16, 32, 64]) {
    const cut = async () => {
      await sleep(delay);
      line.cut();
    };
    for (const outcome of await appendedThrough(cut, 100, {})) outcomes.add(outcome);
  }
  expect(outcomes).toContain("unknown");
  expect(outcomes).not.toContain("conflict");
});

/** More than any buffer takes, so that the client's writes queue when the line breaks. */
test("a line that is cut behind full buffers", async () => {
  const cut = async () => {
    line.hold(true);
    await sleep(100);
    line.cut();
    line.hold(false);
  };
  const outcomes = await appendedThrough(cut, 200, { text: "x".repeat(50_000) });
  expect(new Set(outcomes)).toEqual(new Set(["unknown"]));
});

test("no answer in time is an unknown outcome, and the answer that comes late hurts nobody", async () => {
  const stream = `${anyBook()}.item-a`;
  const events = newEvents(2);
  await settled(stream, newEvents(1), NO_EVENTS);
  line.hold(true);
  const begun = Date.now();
  expect(await store.append(stream, events, 0n)).toEqual({ outcome: "unknown" });
  expect(Date.now() - begun).toBeLessThan(TIMEOUT_MS + 500);
  line.hold(false);
  expect(await settled(stream, events, 0n)).toMatchObject({ outcome: "appended", revision: 2n });
  expect(await store.read(stream, 0n)).toHaveLength(3);
});

test("a read is tried again while the line is down, and throws when it stays down", async () => {
  const stream = `${anyBook()}.item-a`;
  await settled(stream, newEvents(3), NO_EVENTS);
  line.cut();
  line.refuse(true);
  const reading = store.read(stream, 0n);
  await sleep(250);
  line.refuse(false);
  expect(await reading).toHaveLength(3);
  line.cut();
  line.refuse(true);
  await expect(store.read(stream, 0n)).rejects.toThrow();
});

test("a read that stands still is given up, and tried again", async () => {
  const stream = `${anyBook()}.item-a`;
  await settled(stream, newEvents(3), NO_EVENTS);
  line.hold(true);
  const reading = store.read(stream, 0n);
  await sleep(TIMEOUT_MS + 100);
  line.hold(false);
  expect(await reading).toHaveLength(3);
});

test("a subscription throws when the line is cut; whoever goes on from what it has seen misses nothing", async () => {
  const book = anyBook();
  const sent: string[] = [];
  const writing = (async () => {
    for (let at = 0; at < 150; at += 1) {
      const events = newEvents(2);
      expect(await settled(`${book}.item-${at}`, events, NO_EVENTS)).toMatchObject({ outcome: "appended" });
      sent.push(...events.map(({ id }) => id));
    }
  })();
  const seen: string[] = [];
  let position = LOG_START;
  let failures = 0;
  while (seen.length < 300) {
    const cutting = failures < 5 ? setTimeout(() => line.cut(), 40) : undefined;
    try {
      for await (const { events } of store.subscribe(`${book}.`, position, new AbortController().signal)) {
        seen.push(...events.map(({ id }) => id));
        position = events.at(-1)?.position ?? position;
        if (seen.length >= 300) break;
      }
    } catch {
      failures += 1;
    }
    clearTimeout(cutting);
  }
  await writing;
  expect(seen).toEqual(sent);
  expect(failures).toBeGreaterThanOrEqual(3);
});

test.each(["left", "aborted"])(
  "a subscription that is %s is cancelled: the server sends no more",
  async (how) => {
    const book = anyBook();
    await settled(`${book}.item-a`, newEvents(1), NO_EVENTS);
    const abort = new AbortController();
    for await (const { caughtUp } of store.subscribe(`${book}.`, LOG_START, abort.signal)) {
      if (caughtUp && how === "left") break;
      if (caughtUp) abort.abort();
    }
    const before = line.received();
    for (let at = 0n; at < 10n; at += 1n)
      expect(await settled(`${book}.item-a`, [newEvent({ text: "x".repeat(5_000) })], at)).toHaveProperty(
        "revision",
      );
    expect(line.received() - before).toBeLessThan(10_000);
  },
);

test("a subscription throws when there is no server, and when its connection is disposed of", async () => {
  const pull = () =>
    store.subscribe("none.", LOG_START, new AbortController().signal)[Symbol.asyncIterator]();
  line.cut();
  line.refuse(true);
  await expect(pull().next()).rejects.toThrow();
  line.refuse(false);
  await settled(`${anyBook()}.item-a`, newEvents(1), NO_EVENTS);
  const subscription = pull();
  while (!(await subscription.next()).value?.caughtUp);
  const next = expect(subscription.next()).rejects.toThrow("disposed");
  await store.dispose();
  await next;
});
