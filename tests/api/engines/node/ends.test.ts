/** What subscribers to a stream are told when it is deleted, or ends. */
import { StreamDeletedError, type StreamSubscription } from "@eventstore/db-client";
import { expect, test } from "vitest";
import { newStream, numbered, restartable, someEvents } from "./own-node.ts";

const own = restartable();

/** What it says, until it ends with an error or has been silent for a while. */
async function story(
  subscription: StreamSubscription,
  onceCaughtUp: () => Promise<unknown> = async () => {},
) {
  const said: string[] = [];
  const error = await new Promise<unknown>((resolve, reject) => {
    const silence = setTimeout(() => resolve(undefined), 500);
    const say = (what: string) => {
      said.push(what);
      silence.refresh();
    };
    subscription.on("error", resolve);
    subscription.on("confirmation", () => say("confirmation"));
    subscription.on("caughtUp", () => {
      say("caughtUp");
      onceCaughtUp().catch(reject);
    });
    subscription.on("data", ({ event }) => say(`${event?.revision} ${event?.type}`));
  });
  await subscription.unsubscribe();
  return { said, error };
}

async function withEvents(count: number): Promise<string> {
  const stream = newStream();
  await own.client.appendToStream(stream, someEvents(count));
  return stream;
}

test("a deletion is no event of the stream, and what comes after it comes", async () => {
  const stream = await withEvents(1);
  const deleted = async () => {
    await own.client.deleteStream(stream);
    await own.client.appendToStream(stream, [numbered(1)]);
  };
  const { said, error } = await story(own.client.subscribeToStream(stream), deleted);
  expect(said).toEqual(["confirmation", "0 Counted", "caughtUp", "1 Counted"]);
  expect(error).toBeUndefined();
  const later = await story(own.client.subscribeToStream(stream));
  expect(later.said).toEqual(["confirmation", "1 Counted", "caughtUp"]);
});

test("of what a stream hides, a subscriber is told nothing", async () => {
  const stream = await withEvents(5);
  await own.client.setStreamMetadata(stream, { maxCount: 2 });
  expect((await story(own.client.subscribeToStream(stream))).said).toEqual([
    "confirmation",
    "3 Counted",
    "4 Counted",
    "caughtUp",
  ]);
  await own.client.deleteStream(stream);
  expect((await story(own.client.subscribeToStream(stream))).said).toEqual(["confirmation", "caughtUp"]);
});

test("a tombstone is the last event, and then the end", async () => {
  const stream = await withEvents(1);
  const ended = await story(own.client.subscribeToStream(stream), () => own.client.tombstoneStream(stream));
  expect(ended.said).toEqual(["confirmation", "0 Counted", "caughtUp", `${2n ** 63n - 1n} $streamDeleted`]);
  expect(ended.error).toBeInstanceOf(StreamDeletedError);
  expect(ended.error).toMatchObject({ streamName: stream });
  const later = await story(own.client.subscribeToStream(stream));
  expect(later.said).toEqual([]);
  expect(later.error).toBeInstanceOf(StreamDeletedError);
});
