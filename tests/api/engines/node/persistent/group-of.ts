/** A group of the test's own, and consumers that do as they are told with each event. */
import {
  type EventStoreDBClient,
  type PersistentAction,
  type PersistentSubscriptionToStreamSettings,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from "@eventstore/db-client";
import { newStream, numberIn, type restartable, someEvents } from "../own-node.ts";

export type Client = EventStoreDBClient;
export const GROUP = "group";

export async function groupOn(
  client: Client,
  stream = newStream(),
  settings: Partial<PersistentSubscriptionToStreamSettings> = {},
): Promise<string> {
  const all = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...settings });
  await client.createPersistentSubscriptionToStream(stream, GROUP, all);
  return stream;
}

/** What tests of groups ask again and again, of a node that may be started again in between. */
export function askingOf(own: ReturnType<typeof restartable>) {
  const infoOf = (stream: string) => own.client.getPersistentSubscriptionToStreamInfo(stream, GROUP);
  return {
    append: (stream: string, count: number, from = 0) =>
      own.client.appendToStream(stream, someEvents(count, from)),
    infoOf,
    parkedOf: async (stream: string) => Number((await infoOf(stream)).stats.parkedMessageCount),
  };
}

/** `ack`, what else a consumer may say, or nothing. */
export type Answer = "ack" | PersistentAction | undefined;
type Decide = (number: number, retries: number) => Answer;

export type Seen = Readonly<{ number: number; retries: number }>;

/** Until `count` events have come, or it ends with an error; what it says stands by then. */
export function consumer(client: Client, stream: string, decide: Decide = () => "ack", bufferSize = 10) {
  const subscription = client.subscribeToPersistentSubscriptionToStream(stream, GROUP, { bufferSize });
  const seen: Seen[] = [];
  let failed: ((error: unknown) => void) | undefined;
  const error = new Promise<unknown>((resolve) => {
    failed = resolve;
  });
  subscription.on("error", (thrown) => failed?.(thrown));
  subscription.on("data", (resolved) => {
    const { retryCount: retries } = resolved;
    const number = numberIn(resolved);
    seen.push({ number, retries });
    const answer = decide(number, retries);
    if (answer === "ack") void subscription.ack(resolved);
    else if (answer) void subscription.nack(answer, "no good", resolved);
  });
  return {
    seen,
    error,
    numbers: () => seen.map(({ number }) => number),
    async until(count: number) {
      for (const deadline = Date.now() + 15_000; seen.length < count; ) {
        if (Date.now() > deadline) throw new Error(`only ${JSON.stringify(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return seen;
    },
    leave: () => subscription.unsubscribe(),
  };
}

/** Long enough for whatever should not come. */
export const aWhile = () => new Promise((resolve) => setTimeout(resolve, 300));

export async function eventually<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 10_000; ; ) {
    const answer = await ask();
    if (isSo(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
