/** The bound: the client of EventStoreDB alone, doing the same appends, or the same subscription. */
import { EventStoreDBClient, NO_STREAM, START, streamNameFilter } from "@eventstore/db-client";
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
