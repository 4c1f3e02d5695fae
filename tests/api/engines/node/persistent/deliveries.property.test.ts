import fc from "fast-check";
import { expect, test } from "vitest";
import { Consumer, deliveries, type Message } from "../../../../../api/engines/node/persistent/deliveries.ts";
import { Progress } from "../../../../../api/engines/node/persistent/progress.ts";
import type { Settings, Strategy } from "../../../../../api/engines/node/persistent/settings.ts";
import { recordedEvent } from "../../../../../api/engines/node/wire.ts";

const strategies: readonly Strategy[] = ["DispatchToSingle", "RoundRobin", "Pinned", "PinnedByCorrelation"];

type Step =
  | Readonly<{ does: "offer"; of: string }>
  | Readonly<{ does: "join"; size: number }>
  | Readonly<{ does: "leave"; who: number }>
  | Readonly<{ does: "late"; who: number }>
  | Readonly<{ does: "answer"; who: number; which: number; outcome: "done" | "retry" | "park" }>;

const who = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ does: fc.constant("offer"), of: fc.constantFrom("a", "b", "c") }), weight: 4 },
  { arbitrary: fc.record({ does: fc.constant("join"), size: fc.integer({ min: 1, max: 3 }) }), weight: 1 },
  { arbitrary: fc.record({ does: fc.constantFrom("leave", "late"), who }), weight: 1 },
  {
    arbitrary: fc.record({
      does: fc.constant("answer"),
      who,
      which: fc.nat(2),
      outcome: fc.constantFrom("done", "done", "done", "retry", "park"),
    }),
    weight: 6,
  },
) as fc.Arbitrary<Step>;

const settingsWith = (strategy: Strategy): Settings => ({
  ...{ resolveLinks: false, extraStatistics: false, messageTimeout: 1, maxRetries: 2, checkpointAfter: 0 },
  ...{
    checkpointMin: 1,
    checkpointMax: 1,
    consumersMax: 0,
    liveBuffer: 1,
    readBatch: 1,
    history: 1,
    strategy,
  },
});

function messageOf(stream: string, number: number, of: Progress): Message {
  const id = `00000000-0000-4000-8000-${`${number}`.padStart(12, "0")}`;
  const event = { id, type: "T", contentType: "", data: new Uint8Array(), metadata: new Uint8Array() };
  const place = { stream: Buffer.from(stream), revision: number, position: number, created: "0" };
  const entry = { position: number, recorded: recordedEvent(event, place) };
  return { entry, event: undefined, id, retries: 0, step: of.begin(number), of };
}

/**
 * Goal: whatever consumers do, no event is with two of them, none has more than it asked for, none is lost, and the place
 * that is kept never lies beyond an event that is not done. Method: drawn histories against sets of numbers; in the end a
 * consumer that takes all, after which every event must be done or parked.
 */
test("an event is with one consumer at a time until it is done, and all before the place that is kept are", () =>
  fc.assert(
    fc.property(fc.constantFrom(...strategies), fc.array(step, { maxLength: 60 }), (strategy, steps) => {
      const progress = new Progress(-1);
      const finished = new Set<number>();
      const parked: number[] = [];
      const group = deliveries(settingsWith(strategy), (message, _reason) => {
        parked.push(message.entry.position);
        finished.add(message.entry.position);
        group.finish(message);
      });
      let offered = 0;
      const consumers: Consumer[] = [];
      const join = (size: number) => {
        const consumer = new Consumer(size, {
          send: ({ retries }) => expect(retries).toBeLessThanOrEqual(2),
          drop: () => {},
          reads: () => true,
        });
        consumers.push(consumer);
        group.join(consumer);
      };
      const check = () => {
        const held = group.consumers.flatMap(({ inFlight }) => [...inFlight.keys()]);
        expect(new Set(held).size).toBe(held.length);
        for (const { free, size } of group.consumers) expect(free >= 0 && free <= size).toBe(true);
        const firstOpen = Array.from({ length: offered }, (_, n) => n).find((n) => !finished.has(n));
        expect(progress.done).toBe((firstOpen ?? offered) - 1);
        const { fresh, again, inFlight } = group.counts();
        expect(fresh + again + inFlight).toBe(offered - finished.size);
      };
      for (const each of steps) {
        if (each.does === "offer") group.offer([messageOf(each.of, offered++, progress)]);
        else if (each.does === "join") join(each.size);
        else if (each.does === "answer") {
          const consumer = consumers[each.who];
          const [id, sent] = [...(consumer?.inFlight ?? [])][each.which] ?? [];
          if (!consumer || !id || !sent) continue;
          if (each.outcome === "done") finished.add(sent.message.entry.position);
          group.answer(consumer, [id, "unknown"], each.outcome);
        } else {
          const consumer = consumers[each.who];
          if (each.does === "late") group.expire(Date.now() + 10);
          else if (consumer) group.leave(consumer);
        }
        check();
      }
      join(offered + 1);
      for (let left = offered + 1; left > 0 && group.consumers.length > 0; left--)
        for (const consumer of [...group.consumers]) {
          for (const { message } of consumer.inFlight.values()) finished.add(message.entry.position);
          group.answer(consumer, [...consumer.inFlight.keys()], "done");
        }
      check();
      expect(progress.done).toBe(offered - 1);
      expect(new Set(parked).size).toBe(parked.length);
    }),
    { numRuns: 2_000 },
  ));

/** Goal: `done` is the last place up to which all is. Method: against a scan of all places after each step. */
test("progress, of things done in any order", () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("begin", "pass", "finish"), fc.nat(20))), (steps) => {
      const progress = new Progress(-1);
      const open: ReturnType<Progress["begin"]>[] = [];
      let next = 0;
      for (const [does, which] of steps) {
        if (does === "begin") open.push(progress.begin(next++));
        else if (does === "pass") progress.pass(next++);
        else for (const taken of open.splice(which % (open.length || 1), 1)) progress.finish(taken);
        expect(progress.done).toBe(Math.min(next, ...open.map(({ place }) => place)) - 1);
      }
    }),
    { numRuns: 1_000 },
  ));
