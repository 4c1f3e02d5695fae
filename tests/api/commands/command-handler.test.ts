import { beforeEach, describe, expect, test } from "vitest";
import { bytesOf } from "../../../api/commands/appends.ts";
import { commandHandler } from "../../../api/commands/command-handler.ts";
import type { Outcome } from "../../../api/commands/handling.ts";
import { newEvents, sha256 } from "../../../api/commands/idempotency.ts";
import { item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { decimal } from "../../../domain/kernel/decimal.ts";
import { laggingTrail, scriptedStore } from "../../support/scripted-store.ts";
import { add, type TallyCommand, tally } from "../../support/tally.ts";

const NOON = new Date("2026-03-31T12:00:00Z");
const today = "2026-03-31";
const ROD = "main.item-rod";

const scripted = scriptedStore();
const { log, faults, appends, reads, store } = scripted;
let lagging = laggingTrail(log);
const parts = () => ({ store, trail: lagging.trail, now: () => NOON });
/** Two processes on one log, each with a cache of its own. */
const start = () => commandHandler(item, parts());
let processes = [start(), start()] as const;

const about = (movement: string, quantity: string, effectiveDate: string) => {
  const none = { time: null, lot: null };
  return { item: "rod", movement, effectiveDate, ...none, quantity: decimal(quantity), location: "A" };
};
const receive = (movement: string, day = "2026-03-01", quantity = "10"): ItemCommand => {
  const data = { ...about(movement, quantity, day), value: decimal("100"), reference: null };
  return { type: "ReceiveGoods", data, today };
};
const issue = (movement: string, quantity: string, day = "2026-03-02"): ItemCommand => {
  const data = { ...about(movement, quantity, day), purpose: "sale", reference: "SO-1" } as const;
  return { type: "IssueGoods", data, today };
};
const registration: ItemCommand = {
  type: "RegisterItem",
  data: { item: "rod", name: "Rod", unit: "m", quantityScale: 2, valueScale: 2, costBy: "fifo" },
  today,
};

const requestOf = (command: ItemCommand, stream = ROD, bulk = false) => {
  const commandId = "movement" in command.data ? command.data.movement : "registration";
  return { commandId, commandHash: sha256([stream, command]), actor: "ada", stream, command, bulk };
};
/** A movement is named after its command, as the edge does it. */
const send = (command: ItemCommand, process: 0 | 1 = 0, stream = ROD) =>
  processes[process].handle(requestOf(command, stream));

const short = (onHand: string, requested: string) => ({
  status: "refused",
  refusal: { name: "InsufficientStock", location: "A", onHand, reserved: "0", requested },
});
const unavailable = { status: "unavailable" };
const accepted = (outcome: Outcome<unknown>) => {
  if (outcome.status !== "accepted") throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
  return outcome.answer;
};

beforeEach(async () => {
  scripted.clear();
  lagging = laggingTrail(log);
  processes = [start(), start()];
  await send(registration);
  await send(receive("R"));
});

describe("a key", () => {
  /**
   * Goal: a command counts once, however often it is sent, to whichever process, whatever the trail has seen.
   * Method: the answer to the first sending against that to the second, each way the second can come to know.
   */
  test.each([
    ["from this process's memory", 0, 0],
    ["from the stream's tail, in another process", 1, 0],
    ["from the stream's tail, beyond what the trail has", 1, 2],
    ["from the trail", 1, 99],
    ["from memory, when the trail has it too", 0, 99],
  ] as const)("and the same request are answered as the first time, %s", async (_how, process, seen) => {
    const first = await send(issue("I", "4"));
    expect(first).toMatchObject({ status: "accepted", answer: { revision: 2n, position: 207n } });
    await send(issue("J", "1"));
    lagging.see(seen);
    const before = structuredClone(log);
    expect(await send(issue("I", "4"), process)).toStrictEqual(first);
    expect(await send(issue("I", "5"), process)).toStrictEqual({ status: "key-reused" });
    expect(log).toStrictEqual(before);
  });

  test("is known when it would be refused by now", async () => {
    const first = await send(issue("I", "10"));
    expect(await send(issue("I", "10"), 1)).toStrictEqual(first);
    expect(await send(issue("I", "10"), 0)).toStrictEqual(first);
  });

  test("is free again after a refusal", async () => {
    expect(await send(issue("I", "11"))).toStrictEqual(short("10", "11"));
    accepted(await send(issue("I", "3")));
  });

  test("on another stream is caught once the trail has it", async () => {
    const other = "main.item-bar";
    await processes[0].handle({ ...requestOf(registration, other), commandId: "other" });
    accepted(await send(issue("I", "1")));
    expect(await send(issue("I", "1"), 0, other)).toMatchObject({ status: "refused" });
    lagging.see();
    expect(await send(issue("I", "1"), 0, other)).toStrictEqual({ status: "key-reused" });
    expect(await send(receive("I"), 1, other)).toStrictEqual({ status: "key-reused" });
  });

  test("that both streams have, from before the trail knew, is each stream's own", async () => {
    const other = "main.item-bar";
    await processes[0].handle({ ...requestOf(registration, other), commandId: "other" });
    const [here, there] = [await send(receive("S")), await send(receive("S"), 0, other)];
    accepted(there);
    lagging.see();
    processes = [start(), start()];
    expect(await send(receive("S"), 1, other)).toStrictEqual(there);
    expect(await send(receive("S"), 1)).toStrictEqual(here);
  });

  test("sent twice at once is one event and one answer", async () => {
    const answers = await Promise.all([0, 0, 1, 1, 0].map((p) => send(issue("I", "4"), p as 0 | 1)));
    const [first] = answers;
    expect(accepted(first as Outcome<unknown>).revision).toBe(2n);
    for (const answer of answers) expect(answer).toStrictEqual(first);
    expect(log.length).toBe(3);
  });

  test("sent twice at once with two requests: one counts, the other is told", async () => {
    const answers = await Promise.all([
      send(issue("I", "4")),
      send(issue("I", "5")),
      send(issue("I", "6"), 1),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(["accepted", "key-reused", "key-reused"]);
    expect(log.length).toBe(3);
  });

  test("is asked of the trail once for all that arrive together, on whatever stream", async () => {
    const streams = ["a", "b", "c", "d"].map((name) => `main.item-${name}`);
    lagging.asked.length = 0;
    await Promise.all(
      streams.map((stream) => processes[0].handle({ ...requestOf(registration, stream), commandId: stream })),
    );
    expect(lagging.asked).toEqual([streams]);
  });
});

test("what is stored says who asked, for what, when, and which part it is", () => {
  const [, received] = log;
  const { commandHash } = requestOf(receive("R"));
  const caller = { commandId: "R", commandHash, actor: "ada", correlationId: "R", causationId: "R" };
  expect(received?.metadata).toEqual({ ...caller, part: 1, of: 1, recordedAt: NOON.toISOString() });
});

test("an event's id says which command, where, and what came of it, not when or by whom", () => {
  const caller = { commandId: "I", commandHash: "h", actor: "ada" };
  const data = { item: "rod", name: "Rod" };
  const idsOf = (by: object, stream = "s", of: object = {}, at = "2026-03-31T12:00:00.000Z") => {
    const event = { type: "ItemRenamed", data: { ...data, ...of } } as const;
    return newEvents({ ...caller, ...by }, stream, [event, event], at).map(({ id }) => id);
  };
  const ids = [
    ...idsOf({}),
    ...idsOf({ commandHash: "g" }),
    ...idsOf({ commandId: "J" }),
    ...idsOf({}, "t"),
    ...idsOf({}, "s", { name: "rod" }),
  ];
  expect(new Set(ids).size).toBe(10);
  expect(idsOf({ actor: "bob" }, "s", {}, "2027-01-01T00:00:00.000Z")).toEqual(idsOf({}));
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

describe("a refusal", () => {
  test("is never given on a stale state, whether that is of memory or of the trail", async () => {
    await send(receive("R2", "2026-03-03"), 1);
    expect(await send(issue("I", "20", "2026-03-03"), 0)).toMatchObject({ status: "accepted" });
    expect(await send(issue("J", "1", "2026-03-03"), 1)).toStrictEqual(short("0", "1"));
    lagging.see(2);
    processes = [start(), start()];
    expect(await send(issue("J", "1", "2026-03-03"), 1)).toStrictEqual(short("0", "1"));
  });

  test("tells the facts of the state that it was given on", async () => {
    await send(issue("I", "7"), 1);
    expect(await send(issue("J", "7"), 0)).toStrictEqual(short("3", "7"));
  });

  test("costs one read, and none where an append proves the state", async () => {
    reads.length = 0;
    expect(await send(issue("I", "11"))).toStrictEqual(short("10", "11"));
    expect(reads).toEqual([{ stream: ROD, revision: 2n }]);
    await new Promise(setImmediate);
    reads.length = 0;
    const commands = [issue("K", "1"), issue("L", "99"), issue("N", "10")];
    const answers = await Promise.all(commands.map((command) => send(command)));
    expect(answers).toMatchObject([{ status: "accepted" }, short("9", "99"), short("9", "10")]);
    expect(reads).toEqual([]);
  });

  test("waits for a conflict to be resolved: of two at once that fit only apart, the second is refused", async () => {
    const answers = await Promise.all([send(issue("I", "6"), 0), send(issue("J", "6"), 1)]);
    expect(answers).toMatchObject([{ status: "accepted" }, short("4", "6")]);
  });
});

test("two processes at once never oversell, nor refuse what could be done", async () => {
  const sent = Array.from({ length: 16 }, (_, n) => send(issue(`I${n}`, "2"), n % 2 ? 1 : 0));
  const outcomes = await Promise.all(sent);
  expect(outcomes.filter(({ status }) => status === "accepted").length).toBe(5);
  expect(outcomes.filter(({ status }) => status === "refused")).toEqual(
    Array.from({ length: 11 }, () => short("0", "2")),
  );
  expect(log.length).toBe(7);
});

describe("an answer of the store's that is lost", () => {
  test.each(["before", "after"] as const)("once, %s it wrote, is found out", async (when) => {
    faults.push(when);
    expect(await send(issue("I", "4"))).toMatchObject({ status: "accepted", answer: { revision: 2n } });
    expect(log.length).toBe(3);
  });

  test.each([
    ["before", "before", 2],
    ["after", "after", 3],
    ["before", "after", 3],
  ] as const)("twice (%s, %s) is said to be; the same again is safe", async (once, twice, length) => {
    faults.push(once, twice);
    expect(await send(issue("I", "4"))).toStrictEqual(unavailable);
    expect(log.length).toBe(length);
    const answer = await send(issue("I", "4"));
    expect(answer).toMatchObject({ status: "accepted", answer: { revision: 2n, position: 207n } });
    expect(await send(issue("I", "4"), 1)).toStrictEqual(answer);
    expect(log.length).toBe(3);
  });

  test("leaves no state behind that was never stored", async () => {
    faults.push("before", "before");
    expect(await send(issue("I", "10"))).toStrictEqual(unavailable);
    accepted(await send(issue("J", "10")));
    expect(await send(issue("I", "10"))).toStrictEqual(short("0", "10"));
  });

  test("takes with it all that were appended together, and each is safe to send again", async () => {
    const commands = [issue("I", "1"), issue("J", "1"), issue("K", "99"), issue("L", "1")];
    faults.push("after", "after");
    const outcomes = await Promise.all(commands.map((command) => send(command)));
    expect(outcomes).toEqual([unavailable, unavailable, unavailable, unavailable]);
    const again = await Promise.all(commands.toReversed().map((command) => send(command, 1)));
    expect(again.map(({ status }) => status)).toEqual(["accepted", "refused", "accepted", "accepted"]);
    expect(log.map(({ metadata }) => metadata.commandId)).toEqual(["registration", "R", "I", "J", "L"]);
  });
});

test("conflicts without end are not waited for", async () => {
  faults.push(...Array.from({ length: 8 }, () => "conflict" as const));
  expect(await send(issue("I", "1"))).toStrictEqual(unavailable);
  accepted(await send(issue("I", "1")));
});

test("a store or a trail that breaks fails the command, and the next is dealt with", async () => {
  scripted.pauseAt((when) => (when === "read" ? Promise.reject(new Error("no connection")) : undefined));
  await expect(send(issue("I", "11"))).rejects.toThrow("no connection");
  scripted.pauseAt(() => undefined);
  expect(await send(issue("I", "11"))).toStrictEqual(short("10", "11"));
  const commands = lagging.trail.commands.bind(lagging.trail);
  lagging.trail.commands = () => Promise.reject(new Error("no database"));
  await expect(send(issue("I", "1"))).rejects.toThrow("no database");
  lagging.trail.commands = commands;
  accepted(await send(issue("I", "1")));
});

describe("commands that wait on one stream", () => {
  test("are appended together, each answered with its own revision and position", async () => {
    const sent = Array.from({ length: 9 }, (_, n) => send(issue(`I${n}`, "1")));
    const outcomes = await Promise.all(sent);
    expect(appends.slice(2).map(({ length }) => length)).toEqual([9]);
    for (const [n, outcome] of outcomes.entries()) {
      const { revision, position, events } = accepted(outcome);
      expect({ revision, position }).toEqual({
        revision: BigInt(n + 2),
        position: BigInt((n + 2) * 100 + 7),
      });
      expect(events).toEqual([{ type: "GoodsIssued", data: log[n + 2]?.data }]);
    }
    lagging.see();
    processes = [start(), start()];
    for (const [n, outcome] of outcomes.entries())
      expect(await send(issue(`I${n}`, "1"), n % 2 ? 1 : 0)).toStrictEqual(outcome);
  });

  test("see what those before them did", async () => {
    const outcomes = await Promise.all([
      send(issue("I", "8")),
      send(issue("J", "8")),
      send(receive("R2", "2026-03-03")),
      send(issue("K", "8", "2026-03-03")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["accepted", "refused", "accepted", "accepted"]);
  });

  test("in bulk spare the read, and answer with a position that shows them too", async () => {
    reads.length = 0;
    const commands = Array.from({ length: 5 }, (_, n) => issue(`I${n}`, "1"));
    const outcomes = await Promise.all(
      commands.map((command) => processes[0].handle(requestOf(command, ROD, true))),
    );
    expect(reads).toEqual([]);
    const answers = outcomes.map(accepted);
    expect(answers.map(({ revision }) => revision)).toEqual([2n, 3n, 4n, 5n, 6n]);
    expect(answers.map(({ position }) => position)).toEqual([607n, 607n, 607n, 607n, 607n]);
  });

  test("one of which conflicts are decided again, on what is there by then", async () => {
    scripted.pauseAt((when) => {
      if (when !== "append") return undefined;
      scripted.pauseAt(() => undefined);
      return send(issue("X", "7"), 1).then(() => {});
    });
    const outcomes = await Promise.all([send(issue("I", "2")), send(issue("J", "2")), send(issue("K", "1"))]);
    expect(outcomes).toMatchObject([{ status: "accepted" }, short("1", "2"), { status: "accepted" }]);
    expect(log.slice(2).map(({ metadata }) => metadata.commandId)).toEqual(["X", "I", "K"]);
  });
});

describe("the current state", () => {
  test("is the log's, whoever wrote", async () => {
    await processes[0].current(ROD);
    await send(issue("I", "4"), 1);
    for (const process of processes)
      expect(item.decide(issue("J", "7"), await process.current(ROD))).toMatchObject({
        refusal: { onHand: "6", requested: "7" },
      });
    expect(await processes[0].current("main.item-none")).toEqual({ status: "Unregistered" });
  });
});

describe("memory", () => {
  test("of ten thousand streams; those longest unused are loaded again", async () => {
    const handler = commandHandler(tally, parts());
    const loaded: string[] = [];
    lagging.trail.stream = (name) => {
      loaded.push(name);
      return Promise.resolve([]);
    };
    const touch = (name: string) => handler.current(name);
    for (let n = 0; n < 10_000; n += 1) await touch(`main.item-${n}`);
    await touch("main.item-0");
    expect(loaded.length).toBe(10_000);
    await touch("main.item-new"); // the eldest is 1 by now
    await touch("main.item-0");
    expect(loaded.length).toBe(10_001);
    await touch("main.item-1");
    expect(loaded.slice(10_000)).toEqual(["main.item-new", "main.item-1"]);
  });

  /**
   * Goal: no answer is forgotten that only memory has, and memory does not grow by those that the trail has.
   * Method: more commands than it holds, the trail half-way; then each again, and which of them the trail is asked for.
   */
  test("of answers: what the trail has is let go, what it lacks is kept", async () => {
    const handler = commandHandler(tally, parts());
    const stream = "main.item-x";
    const request = (n: number) => ({
      ...{ commandId: `c${n}`, commandHash: "h", actor: "ada", stream },
      command: add(1),
    });
    const first = await Promise.all(Array.from({ length: 700 }, (_, n) => handler.handle(request(n))));
    lagging.see();
    first.push(
      ...(await Promise.all(Array.from({ length: 700 }, (_, n) => handler.handle(request(n + 700))))),
    );
    lagging.asked.length = 0;
    const length = log.length;
    const second = await Promise.all(Array.from({ length: 1_400 }, (_, n) => handler.handle(request(n))));
    expect(second).toStrictEqual(first);
    expect(log.length).toBe(length);
    const asked = lagging.asked.flat();
    expect(asked).toEqual(Array.from({ length: 700 }, (_, n) => `c${n}`));
  });
});

describe("a command of several appends", () => {
  const stream = "main.item-tally";
  const caller = { commandId: "c", commandHash: "0".repeat(64), actor: "ada" };
  const event = { type: "ItemRenamed", data: { item: "x".repeat(40), name: "1 1 1 1" } } as const;
  /** Room for one event, and not for two. */
  const appendBytesMax = newEvents(caller, stream, [event], NOON.toISOString()).reduce(
    (sum, each) => sum + 1.5 * bytesOf(each),
    0,
  );
  const begin = (bytesMax = appendBytesMax) =>
    commandHandler(tally, { ...parts(), appendBytesMax: bytesMax });
  const request = (commandId: string, command: TallyCommand) => {
    return { commandId, commandHash: sha256([command]), actor: "ada", stream, command };
  };
  const onStream = () => log.filter((recorded) => recorded.stream === stream);
  const shape = () => onStream().map(({ metadata: { commandId, part, of } }) => `${commandId} ${part}/${of}`);

  beforeEach(() => {
    appends.length = 0;
  });

  test("is answered once, with the place of its last event and all of its events", async () => {
    const answer = accepted(await begin().handle(request("c", add(5, 4))));
    expect(appends.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
    expect(answer.revision).toBe(3n);
    expect(answer.position).toBe(onStream().at(-1)?.position);
    expect(answer.events).toEqual(onStream().map(({ type, data }) => ({ type, data })));
  });

  test.each([1, 2, 3])("goes on where it was when a conflict is met after %i", async (after) => {
    faults.push(...Array(after), "conflict");
    const answer = accepted(await begin().handle(request("c", add(5, 4))));
    expect(shape()).toEqual(["c 1/4", "c 2/4", "c 3/4", "c 4/4"]);
    expect([answer.revision, answer.events.length]).toEqual([3n, 4]);
  });

  /** Each way to finish it gives the same log, as if nothing had happened. */
  const whole = async () => {
    await begin().handle(request("c", add(-2, 4)));
    return onStream();
  };
  const crashed = async (after: number) => {
    const handler = begin();
    await handler.handle(request("start", add(8)));
    scripted.fail(appends.length + after);
    expect(await handler.handle(request("c", add(-2, 4)))).toStrictEqual(unavailable);
    scripted.fail(Number.POSITIVE_INFINITY);
    expect(shape().length).toBe(1 + after);
    return handler;
  };
  const all = ["start 1/1", "c 1/4", "c 2/4", "c 3/4", "c 4/4"];

  test.each([1, 2, 3])("cut short after %i is completed before anything else is decided", async (after) => {
    await crashed(after);
    const other = begin();
    const refusal = { name: "TooLittle", tally: 0 };
    expect(await other.handle(request("d", add(-1)))).toStrictEqual({ status: "refused", refusal });
    expect(shape()).toEqual(all);
    accepted(await other.handle(request("e", add(1))));
    expect(shape()).toEqual([...all, "e 1/1"]);
  });

  test.each([1, 2, 3])("cut short after %i is completed by who is asked to", async (after) => {
    await crashed(after);
    await begin().complete(stream);
    expect(shape()).toEqual(all);
    await begin().complete(stream);
    expect(shape()).toEqual(all);
  });

  test("is completed with the very events that it would have had", async () => {
    const handler = begin();
    await handler.handle(request("start", add(8)));
    const expected = (await whole()).map(({ id, data, metadata }) => ({ id, data, metadata }));
    scripted.clear();
    await crashed(2);
    lagging.see();
    await begin(100_000).complete(stream);
    expect(onStream().map(({ id, data, metadata }) => ({ id, data, metadata }))).toEqual(expected);
    expect(appends.map(({ length }) => length)).toEqual([1, 1, 1, 2]);
  });

  test.each([0, 1, 2, 3])(
    "cut short after %i and sent again is answered as if it were not",
    async (after) => {
      const handler = await crashed(after);
      const again = await handler.handle(request("c", add(-2, 4)));
      expect(accepted(again)).toEqual({
        revision: 4n,
        position: onStream().at(-1)?.position,
        events: onStream()
          .slice(1)
          .map(({ type, data }) => ({ type, data })),
      });
      expect(shape()).toEqual(all);
      expect(await begin().handle(request("c", add(-2, 4)))).toStrictEqual(again);
      lagging.see();
      expect(await begin().handle(request("c", add(-2, 4)))).toStrictEqual(again);
      expect(await begin().handle(request("c", add(-2, 3)))).toStrictEqual({ status: "key-reused" });
    },
  );

  test("that was completed by another process is answered as if it were its own", async () => {
    await crashed(2);
    const [one, two] = [begin(), begin()];
    accepted(await one.handle(request("d", add(1))));
    const answer = accepted(await two.handle(request("c", add(-2, 4))));
    expect(answer.revision).toBe(4n);
    expect(answer.position).toBe(onStream()[4]?.position);
  });

  test("is no state for anyone while it is half: the current one is read with what is there", async () => {
    await crashed(2);
    // `current` completes nothing: only who decides does.
    await begin().current(stream);
    expect(shape()).toEqual(all.slice(0, 3));
  });

  test("among small ones is cut alone; those share", async () => {
    const handler = begin(appendBytesMax * 2);
    const first = handler.handle(request("a", add(1)));
    const others = [add(1), add(1), add(3, 5), add(-17), add(-18), add(1)].map((command, n) =>
      handler.handle(request(`${n}`, command)),
    );
    const outcomes = await Promise.all([first, ...others]);
    expect(appends.map(({ length }) => length)).toEqual([3, 3, 2, 2]);
    expect(shape()).toEqual([
      ...["a 1/1", "0 1/1", "1 1/1", "2 1/5", "2 2/5", "2 3/5", "2 4/5", "2 5/5", "3 1/1", "5 1/1"],
    ]);
    expect(outcomes[5]).toStrictEqual({ status: "refused", refusal: { name: "TooLittle", tally: 1 } });
    for (const [n, at] of [0, 1, 2, 7, 8, undefined, 9].entries()) {
      if (at === undefined) continue;
      const { revision, position } = accepted(outcomes[n] as Outcome<unknown>);
      expect({ revision, position }).toEqual({ revision: BigInt(at), position: onStream()[at]?.position });
    }
  });

  /**
   * Goal: two that complete the same command never write an event of it twice.
   * Method: one is held before its second append, until the other has completed all and written on.
   */
  test("that two processes complete at once is completed once", async () => {
    await crashed(1);
    const [one, two] = [begin(), begin()];
    let answers = 0;
    scripted.pauseAt((when) => {
      if (when !== "answer" || ++answers !== 2) return undefined; // the read, then the first append's answer
      scripted.pauseAt(() => undefined);
      return two.handle(request("d", add(3))).then(() => {});
    });
    await one.complete(stream);
    expect(shape()).toEqual([...all, "d 1/1"]);
    expect(await begin().current(stream)).toBe(3);
  });

  test("that can't be completed as begun stops its stream, loudly", async () => {
    await crashed(2);
    const [, , second] = onStream();
    if (second) Object.assign(second, { id: "00000000-0000-8000-a000-000000000000" });
    await expect(begin().complete(stream)).rejects.toThrow("otherwise than begun");
    await expect(begin().handle(request("d", add(1)))).rejects.toThrow("otherwise than begun");
    expect(shape()).toEqual(all.slice(0, 3));
  });
});
