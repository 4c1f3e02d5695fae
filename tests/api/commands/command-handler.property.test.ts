/**
 * Goal: whatever the store, the trail and a second process do, a command counts once, and no answer is a lie.
 * Method: two handlers over one scripted log, random commands of one or more events, keys sent again, answers lost, a
 * trail that lags; then the log is read by a simulation that shares nothing with the handler but the decider.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { commandHandler } from "../../../api/commands/command-handler.ts";
import type { Outcome } from "../../../api/commands/handling.ts";
import { sha256 } from "../../../api/commands/idempotency.ts";
import type { Recorded } from "../../../domain/kernel/event.ts";
import { type Fault, laggingTrail, scriptedStore } from "../../support/scripted-store.ts";
import { add, type TallyCommand, type TallyEvent, type TallyRefusal, tally } from "../../support/tally.ts";

type Step = Readonly<{
  process: 0 | 1;
  stream: "s" | "t";
  key: number;
  amount: number;
  parts: number;
  /** Sends what the step so many before sent, and not this. */
  again: number;
  /** Waits for all that is under way. */
  settles: boolean;
  /** How far the trail moves on, and how often others get a turn, before it. */
  sees: number;
  ticks: number;
  completes: boolean;
  /** The store falls silent after so many appends of it, until it is answered. */
  crashes: number | undefined;
}>;
type History = Readonly<{
  steps: readonly Step[];
  faults: readonly (Fault | undefined)[];
  pauses: readonly number[];
  bytesMax: number;
}>;

const step: fc.Arbitrary<Step> = fc.record({
  process: fc.constantFrom(0, 1),
  stream: fc.constantFrom("s", "s", "s", "t"),
  key: fc.nat(11),
  amount: fc.constantFrom(3, 2, 1, -1, -2, -3),
  parts: fc.constantFrom(1, 1, 1, 2, 3, 5),
  again: fc.constantFrom(0, 0, 0, 1, 2, 5),
  settles: fc.nat(4).map((n) => n === 0),
  sees: fc.constantFrom(0, 0, 1, 2, 9),
  ticks: fc.constantFrom(0, 0, 0, 1, 3),
  completes: fc.nat(5).map((n) => n === 0),
  crashes: fc.nat(14).map((after) => (after < 3 ? after : undefined)),
});
const histories: fc.Arbitrary<History> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 24, size: "max" }),
  faults: fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: fc.nat(3).map((n): (Fault | undefined)[] => Array(n)) },
        { weight: 2, arbitrary: fc.constantFrom<Fault[]>(["before"], ["after"], ["conflict"]) },
        // Twice is what nobody can find out; in the midst of a command it is a crash.
        { weight: 4, arbitrary: fc.constantFrom<Fault[]>(["before", "before"], ["after", "after"]) },
      ),
      { maxLength: 16, size: "max" },
    )
    .map((faults) => faults.flat()),
  pauses: fc.array(
    fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.constantFrom(1, 2, 9) }),
    { minLength: 1, maxLength: 40, size: "max" },
  ),
  /** Of one event, of two or three, of all. */
  bytesMax: fc.constantFrom(1, 1, 1_450, 2_000, 900_000),
});

type Sent = Readonly<{
  request: Readonly<{
    commandId: string;
    commandHash: string;
    actor: string;
    stream: string;
    command: TallyCommand;
  }>;
  outcome: Outcome<TallyRefusal>;
  /** Of the log, when it was sent and when it was answered. */
  from: number;
  to: number;
}>;

const tick = () => new Promise<void>((resolve) => void setImmediate(resolve));
async function ticks(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await tick();
}

async function played({ steps, faults, pauses, bytesMax }: History) {
  const scripted = scriptedStore();
  const { log, store } = scripted;
  const { trail, see } = laggingTrail(log);
  let calls = 0;
  scripted.pauseAt(() => ticks(pauses[calls++ % pauses.length] ?? 0));
  scripted.faults.push(...faults);
  let clock = 0;
  const now = () => new Date(Date.UTC(2026, 2, 31) + 1_000 * clock++);
  const processes = [0, 1].map(() => commandHandler(tally, { store, trail, now, appendBytesMax: bytesMax }));
  const sent: Sent[] = [];
  const under: Promise<unknown>[] = [];
  const requests: Sent["request"][] = [];

  async function send(process: number, request: Sent["request"]): Promise<void> {
    const from = log.length;
    const outcome = await processes[process]?.handle(request);
    if (outcome) sent.push({ request, outcome, from, to: log.length });
  }
  let seen = 0;
  for (const [index, { process, stream, key, amount, parts, again, ...more }] of steps.entries()) {
    seen += more.sees;
    see(seen);
    const command = add(amount, parts);
    const before = again > 0 ? requests[index - again] : undefined;
    const hash = sha256([stream, command]);
    const fresh = { commandId: `${key}`, commandHash: hash, actor: `${process}`, stream, command };
    const request = before ?? fresh;
    requests.push(request);
    if (more.crashes !== undefined) {
      await Promise.all(under);
      scripted.fail(scripted.appends.length + more.crashes);
      await send(process, request);
      scripted.fail(Number.POSITIVE_INFINITY);
    } else under.push(send(process, request));
    // It may meet a conflict or an unknown outcome, and says so.
    if (more.completes) under.push(...processes.map((each) => each.complete(stream).catch(() => {})));
    await ticks(more.ticks);
    if (more.settles) await Promise.all(under);
  }
  await Promise.all(under);
  // The faults are over: whatever nobody knew is found out, by either process.
  scripted.faults.length = 0;
  const during = sent.length;
  for (const process of [0, 1]) for (const request of requests) await send(process, request);
  for (const stream of ["s", "t"]) await processes[0]?.complete(stream);
  return { log, sent, during };
}

const eventsOf = (recorded: readonly Recorded[]) =>
  recorded.map(({ type, data }) => ({ type, data }) as TallyEvent);

/** A stream cut into its commands, whole and once each; or why that can't be. */
function commandsOf(log: readonly Recorded[], stream: string): readonly (readonly Recorded[])[] {
  const commands: Recorded[][] = [];
  for (const [index, event] of log.filter((each) => each.stream === stream).entries()) {
    expect(event.revision).toBe(BigInt(index));
    const { part, commandId } = event.metadata;
    if (part === 1) commands.push([]);
    const command = commands.at(-1) ?? [];
    command.push(event);
    expect([command.length, command[0]?.metadata.commandId]).toEqual([part, commandId]);
  }
  for (const command of commands) expect(command.length).toBe(command[0]?.metadata.of);
  const ids = commands.map(([first]) => first?.metadata.commandId);
  expect(new Set(ids).size).toBe(ids.length);
  return commands;
}

/** What the tally was after each command, by the log's length then. */
function statesOf(
  log: readonly Recorded[],
  stream: string,
): readonly Readonly<{ at: number; state: number }>[] {
  const states = [{ at: 0, state: tally.initial }];
  for (const command of commandsOf(log, stream)) {
    const state = states.at(-1)?.state ?? 0;
    const events = eventsOf(command);
    const [first] = events;
    if (!first) throw new Error("a command of no events");
    expect(tally.decide(tally.recall(first), state)).toStrictEqual({ ok: true, events });
    const last = command.at(-1);
    states.push({ at: log.indexOf(last as Recorded) + 1, state: events.reduce(tally.evolve, state) });
  }
  return states;
}

function check({ log, sent, during }: Awaited<ReturnType<typeof played>>): void {
  const streams = new Map(["s", "t"].map((name) => [name, commandsOf(log, name)] as const));
  const states = new Map(["s", "t"].map((name) => [name, statesOf(log, name)] as const));
  const answers = new Map<string, Outcome<TallyRefusal>>();
  for (const [index, { request, outcome, from, to }] of sent.entries()) {
    const { stream, commandId, commandHash, command } = request;
    const stored = streams.get(stream)?.find(([first]) => first?.metadata.commandId === commandId) ?? [];
    switch (outcome.status) {
      case "accepted": {
        const last = stored.at(-1);
        expect(last?.metadata.commandHash).toBe(commandHash);
        expect(outcome.answer).toStrictEqual({
          revision: last?.revision,
          position: last?.position,
          events: eventsOf(stored),
        });
        expect(log.indexOf(last as Recorded)).toBeLessThan(to);
        const name = JSON.stringify([stream, commandId, commandHash]);
        expect(outcome).toStrictEqual(answers.get(name) ?? outcome);
        answers.set(name, outcome);
        break;
      }
      case "refused": {
        // As the log stood at some moment between question and answer: what was before `from` is what was last there.
        const all = states.get(stream) ?? [];
        const standing = all.findLast(({ at }) => at <= from);
        const some = [standing, ...all.filter(({ at }) => at > from && at <= to)];
        const refusals = some.flatMap((each) => (each ? [tally.decide(command, each.state)] : []));
        expect(refusals).toContainEqual({ ok: false, refusal: outcome.refusal });
        // And not though the key had been answered on that stream, before it was asked.
        const first = stored.at(-1);
        if (first) expect(log.indexOf(first)).toBeGreaterThanOrEqual(from);
        break;
      }
      case "key-reused": {
        const others = log.slice(0, to).filter(({ metadata }) => metadata.commandId === commandId);
        expect(others.some(({ metadata }) => metadata.commandHash !== commandHash)).toBe(true);
        // Of two streams that both took a key, the one that the trail knows first may be named to who asks of the other.
        if (others.every((each) => each.stream === stream))
          expect(stored[0]?.metadata.commandHash).not.toBe(commandHash);
        break;
      }
      case "unavailable":
        expect(index).toBeLessThan(during);
    }
  }
  // Nothing is there that nobody asked for.
  for (const { stream, metadata } of log)
    expect(
      sent.some(
        ({ request }) =>
          request.stream === stream &&
          request.commandId === metadata.commandId &&
          request.commandHash === metadata.commandHash,
      ),
    ).toBe(true);
}

test("every accepted command is in the log once; every answer is true; nothing unknown is doubled", async () => {
  const met = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const outcome = await played(history);
      for (const {
        outcome: { status },
      } of outcome.sent)
        met.set(status, (met.get(status) ?? 0) + 1);
      for (const { metadata } of outcome.log) if (metadata.of > 1) met.set("cut", (met.get("cut") ?? 0) + 1);
      check(outcome);
    }),
    { numRuns: 1_200 },
  );
  // The histories are worth something.
  for (const kind of ["accepted", "refused", "key-reused", "unavailable", "cut"])
    expect(met.get(kind), kind).toBeGreaterThan(500);
});

/** The same, where it is hardest: a crash in the midst of a command, and then both processes find it at once. */
test("a command that a crash cut short is completed once, whoever comes to it", () =>
  fc.assert(
    fc.asyncProperty(
      histories,
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { minLength: 1, maxLength: 4 }),
      async ({ pauses }, crashes, others) => {
        const none = { again: 0, settles: false, sees: 0, ticks: 0, crashes: undefined } as const;
        const cut = { process: 0, stream: "s", key: 99, amount: 1, parts: 5 } as const;
        const steps = others.map((each) => ({ ...each, ...none, stream: "s", completes: true }) as const);
        const first = { ...cut, ...none, crashes, completes: true };
        check(await played({ steps: [first, ...steps], faults: [], pauses, bytesMax: 1 }));
      },
    ),
    { numRuns: 1_000 },
  ));
