/** What a real subscription does only now and then: each order of arrivals, checkpoints and pulls. */
import { expect, test } from "vitest";
import { pullQueue } from "../../../api/event-store/pull-queue.ts";
import type { Recorded } from "../../../domain/kernel/event.ts";
import { newEvent } from "../../support/new-events.ts";

const at = (position: number, data: object = {}): Recorded => ({
  ...newEvent(data),
  stream: "main.item-a",
  revision: BigInt(position),
  position: BigInt(position),
});

function queue(bounds = { events: 3, bytes: 10_000 }) {
  const source = {
    readableLength: 0,
    paused: false,
    pause() {
      source.paused = true;
    },
    resume() {
      source.paused = false;
    },
  };
  const pulls = pullQueue(source, bounds);
  const arrive = (event: Recorded) => pulls.arrived(event, event.position);
  /** Positions, `reached`, `caughtUp`; or "waits". */
  const pulled = async () => {
    const nothing = new Promise<undefined>((resolve) => setTimeout(resolve, 20, undefined));
    const batch = await Promise.race([pulls.pull(), nothing]);
    if (!batch) return "waits";
    return [batch.events.map(({ position }) => Number(position)), batch.reached, batch.caughtUp];
  };
  return { ...pulls, source, arrive, pulled };
}

test("one pull takes all that arrived, and stands where it ends", async () => {
  const { arrive, pulled } = queue();
  arrive(at(10));
  arrive(at(20));
  expect(await pulled()).toEqual([[10, 20], 20n, false]);
  expect(await pulled()).toBe("waits");
});

test("who waits is woken once for what one turn of the event loop brings", async () => {
  const { arrive, pulled } = queue();
  const next = pulled();
  await Promise.resolve();
  arrive(at(10));
  await Promise.resolve();
  arrive(at(20));
  expect(await next).toEqual([[10, 20], 20n, false]);
});

test("pauses the source at either bound, until the next pull", async () => {
  const { arrive, pulled, source } = queue();
  for (const position of [1, 2]) arrive(at(position));
  expect(source.paused).toBe(false);
  arrive(at(3));
  expect(source.paused).toBe(true);
  await pulled();
  expect(source.paused).toBe(false);
  arrive(at(4, { text: "x".repeat(10_000) }));
  expect(source.paused).toBe(true);
});

/** It runs ahead of events that the client has parsed, and nobody has seen: to store it would skip them. */
test("a checkpoint is not told while events before it wait in the source's buffer", async () => {
  const { arrive, checkpoint, pulled, source } = queue();
  arrive(at(10));
  source.readableLength = 1;
  checkpoint(500n);
  expect(await pulled()).toEqual([[10], undefined, false]);
  expect(await pulled()).toBe("waits");
  source.readableLength = 0;
  arrive(at(20));
  expect(await pulled()).toEqual([[20], 500n, false]);
});

test("an event after the checkpoint stands for itself", async () => {
  const { arrive, checkpoint, pulled } = queue();
  checkpoint(500n);
  arrive(at(600));
  expect(await pulled()).toEqual([[600], 600n, false]);
});

test("nothing is delivered that is not new: without events, a new position or having caught up", async () => {
  const { arrived, caughtUp, checkpoint, pulled } = queue();
  checkpoint(500n);
  expect(await pulled()).toEqual([[], 500n, false]);
  checkpoint(500n);
  expect(await pulled()).toBe("waits");
  arrived(undefined, 510n);
  expect(await pulled()).toEqual([[], 510n, false]);
  caughtUp();
  expect(await pulled()).toEqual([[], 510n, true]);
  caughtUp();
  expect(await pulled()).toBe("waits");
});

test("it has caught up when what was in the buffer at that time is delivered, and then for good", async () => {
  const { arrive, caughtUp, pulled, source } = queue();
  arrive(at(10));
  source.readableLength = 2;
  caughtUp();
  expect(await pulled()).toEqual([[10], undefined, false]);
  arrive(at(20));
  expect(await pulled()).toEqual([[20], undefined, false]);
  arrive(at(30));
  expect(await pulled(), "later events may wait").toEqual([[30], undefined, true]);
  source.readableLength = 0;
  arrive(at(40));
  expect(await pulled()).toEqual([[40], 40n, true]);
});

test("the first end counts, and wakes who waits", async () => {
  const failed = queue();
  const next = expect(failed.pull()).rejects.toThrow("lost");
  failed.end({ error: new Error("lost") });
  await next;
  failed.end({});
  await expect(failed.pull()).rejects.toThrow("lost");
  const aborted = queue();
  aborted.arrive(at(10));
  aborted.end({});
  aborted.end({ error: new Error("lost") });
  expect(await aborted.pull()).toBeUndefined();
});
