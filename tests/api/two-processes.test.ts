/**
 * Goal: two servers on one log are as right as one.
 * Method: two processes race on one item over the real engines, each with its own cache and projector; then each sends
 * what the other had sent; then the log is replayed from scratch, and compared with every answer and with the trail.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openBook } from "../../api/book.ts";
import { sha256 } from "../../api/commands/idempotency.ts";
import { companyStream } from "../../api/company.ts";
import { type Item, item, itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../domain/inventory/item-events.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { trail as trailOf } from "../../read-models/trail.ts";
import { databaseUrl, eventStoreUrl } from "../support/engines.ts";
import { answerOf } from "../support/given.ts";
import { anyBook } from "../support/new-events.ts";
import type { Raced } from "../support/racer.ts";

const DAYS = 28;
/** Ten a day. */
const RACES = 10 * DAYS;
const name = anyBook();
const engines = { databaseUrl: await databaseUrl(), eventStoreUrl: await eventStoreUrl() };
const ROD = itemStream(name, "rod");

const book = await openBook(
  { book: name, home: "/nowhere", ...engines },
  { report: () => {}, projects: false },
);
afterAll(() => book.close());

beforeAll(async () => {
  const company = {
    name: "X",
    baseCurrency: "EUR",
    valueScale: 2,
    timeZone: "UTC",
    fiscalYearStart: "01-01",
  };
  const by = (commandId: string) => ({ commandId, commandHash: sha256(commandId), actor: "ada" });
  await book.companies.handle({
    ...{ ...by("found"), stream: companyStream(name) },
    command: { type: "FoundCompany", data: { ...company, company: name } },
  });
  const data = {
    item: "rod",
    name: "Rod",
    unit: "m",
    quantityScale: 0,
    valueScale: 2,
    costBy: "fifo",
  } as const;
  const command: ItemCommand = { type: "RegisterItem", data, today: "" };
  await book.items.handle({ ...by("register"), stream: ROD, command });
});

/** Needs `npx tsc -p .` first. */
async function racer(number: number) {
  const env = { DATABASE_URL: engines.databaseUrl, EVENTSTORE_URL: engines.eventStoreUrl, BOOK: name };
  const child: ChildProcess = spawn(process.execPath, ["dist/tests/support/racer.js"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env, RACER: `${number}`, RACES: `${RACES}` },
  });
  const ended = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));
  if (!child.stdout || !child.stdin) throw new Error("a child without pipes");
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("ready");
  return {
    async told(what: `race ${number}` | "swap"): Promise<readonly Raced[]> {
      stdin.write(`${what}\n`);
      const answers: Raced[] = [];
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`racer ${number} is gone`);
        const said = JSON.parse(value) as Raced & Readonly<{ done?: string; seen?: boolean }>;
        if (said.done === undefined) answers.push(said);
        else {
          expect(said).toEqual({ done: what, seen: true });
          return answers;
        }
      }
    },
    async stop(): Promise<void> {
      stdin.end("stop\n");
      expect(await ended).toEqual([0, null]);
    },
  };
}

const eventOf = ({ type, data }: Recorded) => ({ type, data }) as ItemEvent;

type Command = readonly [Recorded, ...Recorded[]];

/** The events of each command, which stand together. */
function commandsOf(log: readonly Recorded[]): readonly Command[] {
  const commands: [Recorded, ...Recorded[]][] = [];
  for (const recorded of log)
    if (recorded.metadata.part === 1) commands.push([recorded]);
    else commands.at(-1)?.push(recorded);
  return commands;
}

/** The stock after each command of the log, and that each was the decision on what stood before. */
function replayed(commands: readonly Command[]) {
  const stands = [{ position: -1n, onHand: 0n }];
  let state: Item = item.initial;
  for (const recorded of commands) {
    const events = recorded.map(eventOf);
    expect(answerOf(item.decide(item.recall(eventOf(recorded[0])), state))).toEqual({ events });
    state = events.reduce(item.evolve, state);
    const rows = events.flatMap(({ data }) => ("rows" in data ? data.rows : []));
    const moved = rows.map(({ quantity }) => BigInt(quantity)).reduce((a, b) => a + b, 0n);
    const onHand = (stands.at(-1)?.onHand ?? 0n) + moved;
    expect(onHand).toBeGreaterThanOrEqual(0n);
    stands.push({ position: (recorded.at(-1) ?? recorded[0]).position, onHand });
  }
  return stands;
}

test("two processes never oversell, refuse nothing that could be done, and each answer holds for both", async () => {
  const racers = await Promise.all([racer(0), racer(1)]);
  const raced: Raced[] = [];
  for (let day = 1; day <= DAYS; day += 1)
    raced.push(...(await Promise.all(racers.map((each) => each.told(`race ${day}`)))).flat());
  const between = await book.store.read(ROD, 0n);
  const swapped = (await Promise.all(racers.map((each) => each.told("swap")))).flat();
  await Promise.all(racers.map((each) => each.stop()));

  const log = await book.store.read(ROD, 0n);
  expect(log.map(({ revision }) => revision)).toEqual(log.map((_, index) => BigInt(index)));
  const [, ...commands] = commandsOf(log);
  const stands = replayed(commandsOf(log));
  expect(raced.length).toBe(2 * RACES);
  expect(swapped.length).toBe(2 * RACES);

  const acknowledged = new Map<string, Raced>();
  for (const answer of [...raced, ...swapped]) {
    if (answer.status === "accepted") {
      const { since: _, ...said } = answer;
      const { since: __, ...first } = acknowledged.get(answer.key) ?? answer;
      expect(said).toEqual(first);
      acknowledged.set(answer.key, answer);
      continue;
    }
    expect(answer.status).toBe("refused");
    expect(answer.refusal).toMatchObject({ name: "InsufficientStock" });
    const { onHand, requested } = answer.refusal ?? {};
    expect(Number(requested)).toBeGreaterThan(Number(onHand));
    if (swapped.includes(answer)) continue; // it comes late by then, and finds what lay there on its day
    // So much, and no more, lay there at some moment after all that this process had been answered.
    const from = stands.findIndex(({ position }) => position >= BigInt(answer.since));
    expect(stands.slice(from).map((each) => `${each.onHand}`)).toContain(onHand);
  }
  const kinds = new Set(raced.map(({ status, refusal }) => refusal?.name ?? status));
  expect(kinds).toContain("accepted");
  expect(kinds).toContain("InsufficientStock");
  // What was accepted in the race, and answered by the other.
  expect(
    swapped.filter(({ key }) => raced.some((one) => one.key === key && one.status === "accepted")).length,
  ).toBe(commandsOf(between).length - 1);
  // Receipts stand before the issues of their day, which the other process has recorded meanwhile.
  expect(log.map(({ type }) => type)).toContain("MovementsRecosted");

  expect(commands.map(([{ metadata }]) => metadata.commandId).toSorted()).toEqual(
    [...acknowledged.keys()].toSorted(),
  );
  for (const recorded of commands) {
    const { revision, position } = recorded.at(-1) ?? recorded[0];
    const answer = acknowledged.get(recorded[0].metadata.commandId);
    expect(answer).toMatchObject({
      ...{ revision: `${revision}`, position: `${position}` },
      events: recorded.map(eventOf),
    });
  }
  // Both wrote, and by turns: there was a race.
  const actors = log.slice(1, between.length).map(({ metadata }) => metadata.actor);
  const turns = actors.filter((actor, index) => index > 0 && actor !== actors[index - 1]).length;
  expect(turns).toBeGreaterThan(5);

  const trail = trailOf(book.pool, name);
  expect(await trail.stream(ROD)).toEqual(log);
  expect(await trail.stream(companyStream(name))).toEqual(await book.store.read(companyStream(name), 0n));
  const last = log.at(-1)?.position ?? 0n;
  expect(await book.seen(last, 1_000)).toBe(true);
  expect(await book.known(BigInt(log.length + 1), 1_000)).toBe(true);
});
