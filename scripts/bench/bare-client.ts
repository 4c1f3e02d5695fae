/** The bound: the client of EventStoreDB alone, doing the same appends, or the same subscription. */
import { randomUUID } from "node:crypto";
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  streamNameFilter,
} from "@eventstore/db-client";
import { type Append, type Appending, appendsFor } from "./appends.ts";
import { secondsOf } from "./rounds.ts";
import { answer } from "./worker.ts";

const { EVENTSTORE_URL = "" } = process.env;
const client = EventStoreDBClient.connectionString(EVENTSTORE_URL);
let appends: readonly Append[] = [];

/** Revisions are known beforehand, and one connection keeps the order: nothing waits for the append before it. */
async function append({ stream, expected, events }: Append): Promise<void> {
  const expectedRevision = expected < 0n ? NO_STREAM : expected;
  await client.appendToStream(stream, events as never, { expectedRevision });
}

type Plain = Readonly<{ inFlight: number; together: number; appends: number; stream?: string }>;

/** As large as the program's usually are. */
const FILL = "x".repeat(300);
const plainEvents = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    ...jsonEvent({ type: "Plain", data: { n, fill: FILL } }),
    metadata: Buffer.from(JSON.stringify({ actor: "bench", fill: FILL.slice(0, 120) })),
  }));

function opened(what: "stream" | "all" | "subscription", events: number) {
  if (what === "stream") return client.readStream("bench-long", { maxCount: events });
  if (what === "all") return client.readAll({ maxCount: events });
  const filter = streamNameFilter({ prefixes: ["bench-"], checkpointReached: async () => {} });
  return client.subscribeToAll({ fromPosition: START, filter });
}

const jobs = {
  /** Answers with how many appends there are. */
  async prepare(asked: Appending): Promise<number> {
    appends = appendsFor(asked);
    return appends.length;
  },

  /** Seconds for those appends, so many under way at a time. */
  async append({ from, to, inFlight }: Readonly<{ from: number; to: number; inFlight: number }>) {
    const waiting = appends.slice(from, to).values();
    const one = async () => {
      for (const next of waiting) await append(next);
    };
    return secondsOf(() => Promise.all(Array.from({ length: inFlight }, one)));
  },

  /** Events of no meaning, on streams of their own unless one is named. */
  async appendPlain({ inFlight, together, appends: count, stream }: Plain) {
    const waiting = Array.from({ length: count }, () => plainEvents(together)).values();
    const one = async () => {
      for (const events of waiting) await client.appendToStream(stream ?? `bench-${randomUUID()}`, events);
    };
    return { seconds: await secondsOf(() => Promise.all(Array.from({ length: inFlight }, one))) };
  },

  /** `busy`: this process's share of a core meanwhile. */
  async read({
    what,
    times,
    events,
  }: Readonly<{ what: "stream" | "all" | "subscription"; times: number; events: number }>) {
    const before = process.cpuUsage();
    const seconds = await secondsOf(async () => {
      for (let time = 0; time < times; time++) {
        let left = events;
        const call = opened(what, events);
        for await (const _ of call) if (--left === 0) break;
        await ("unsubscribe" in call ? call.unsubscribe() : call.cancel());
        if (left > 0) throw new Error(`${left} events of ${what} are missing`);
      }
    });
    const { user, system } = process.cpuUsage(before);
    return { seconds, busy: (user + system) / 1e6 / seconds };
  },

  /** Of a connection of its own. */
  async firstAnswer() {
    const fresh = EventStoreDBClient.connectionString(EVENTSTORE_URL);
    for await (const _ of fresh.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
    await fresh.dispose();
  },

  /** Seconds until all events of a book have come. */
  async subscribe({ book, events }: Readonly<{ book: string; events: number }>): Promise<number> {
    const filter = streamNameFilter({
      prefixes: [`${book}.`],
      checkpointInterval: 8,
      checkpointReached: async () => {},
    });
    return secondsOf(async () => {
      let left = events;
      const subscription = client.subscribeToAll({ fromPosition: START, filter });
      await new Promise<void>((resolve, reject) => {
        subscription.on("error", reject);
        subscription.on("data", ({ event }) => {
          if (typeof event?.data === "object") left -= 1;
          if (left === 0) resolve();
        });
      });
      await subscription.unsubscribe();
    });
  },
};

export type BareClient = typeof jobs;
answer(jobs, () => client.dispose());
