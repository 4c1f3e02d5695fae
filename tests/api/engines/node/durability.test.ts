/** What was acknowledged is there, once, whatever is killed. Needs `npx tsc -p .` first, as `npm test` does. */
import { randomUUID } from "node:crypto";
import {
  type AppendExpectedRevision,
  type AppendResult,
  excludeSystemEvents,
  NO_STREAM,
  START,
} from "@eventstore/db-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { openSession } from "../../../../read-models/database.ts";
import {
  byClients,
  clientOf,
  collect,
  newDatabase,
  newStream,
  nodeHere,
  nodeProcess,
  numbered,
  numberIn,
  someEvents,
  sql,
} from "./own-node.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const UNAVAILABLE = 14;
const unknown = ["unavailable", "cancelled", "deadline-exceeded"];

type Client = ReturnType<typeof clientOf>;

/** Closes last what was opened first. */
function clientFor(port: number): Client {
  const client = clientOf(port);
  onTestFinished(() => client.dispose());
  return client;
}

test("a restart changes nothing: streams go on, repeats are known, positions grow", async () => {
  const database = await newDatabase();
  const stream = newStream();
  const [first, second] = [someEvents(3), someEvents(2, 3)];
  const one = await nodeProcess(database);
  const before = clientOf(one.port);
  const written = await before.appendToStream(stream, first, { expectedRevision: NO_STREAM });
  await before.dispose();
  await one.kill("SIGTERM");

  const other = await nodeProcess(database, one.port);
  const client = clientFor(other.port);
  expect(await client.appendToStream(stream, first, { expectedRevision: NO_STREAM })).toEqual(written);
  expect(await client.appendToStream(stream, first)).toEqual(written);
  const { position } = await client.appendToStream(stream, second, { expectedRevision: 2n });
  expect(position?.commit).toBeGreaterThan(written.position?.commit ?? 0n);
  expect((await collect(client.readStream(stream))).map(numberIn)).toEqual([0, 1, 2, 3, 4]);
  expect(byClients(await collect(client.readAll())).map(numberIn)).toEqual([0, 1, 2, 3, 4]);
});

/**
 * Writers that append one after the other at the exact revision. An unknown outcome is tried again with the same ids
 * and the same revision until there is an answer. Each append must be told to be where it then is, once.
 */
async function writeThrough(client: Client, faults: Promise<unknown>) {
  const streams = Array.from({ length: 32 }, newStream);
  let unknowns = 0;
  let written = 0;
  let over = false;
  const ending = faults.finally(() => {
    over = true;
  });
  await Promise.all(
    streams.map(async (stream) => {
      let head: AppendExpectedRevision = NO_STREAM;
      for (let n = 0; !over; n++) {
        const events = [numbered(2 * n), numbered(2 * n + 1)];
        for (let answered = false; !answered; ) {
          try {
            const appended: Promise<AppendResult> = client.appendToStream(stream, events, {
              expectedRevision: head,
            });
            head = (await within(appended)).nextExpectedRevision;
            answered = true;
          } catch (error) {
            // The client passes on as it is what goes wrong when it asks for the server's features.
            const { type, code } = error as { type?: string; code?: number };
            expect(code === UNAVAILABLE || unknown.includes(type ?? "")).toBe(true);
            unknowns++;
            await sleep(20);
          }
        }
        expect(head).toBe(BigInt(2 * n + 1));
        written += 2;
      }
    }),
  );
  await ending;
  for (const stream of streams) {
    const numbers = (await collect(client.readStream(stream))).map(numberIn);
    expect(numbers).toEqual(numbers.map((_, n) => n));
  }
  const ids = byClients(await collect(client.readAll())).map(({ event }) => event?.id ?? "");
  expect(ids.length).toBe(written);
  expect(new Set(ids).size).toBe(written);
  return { unknowns, ids };
}

/** The client doesn't enforce deadlines itself. */
async function within<T>(answer: Promise<T>): Promise<T> {
  const late = sleep(5_000).then(() => Promise.reject({ type: "deadline-exceeded" }));
  late.catch(() => {});
  return Promise.race([answer, late]);
}

test("killed again and again with many appends in flight", async () => {
  const database = await newDatabase();
  let node = await nodeProcess(database);
  const client = clientFor(node.port);
  const killing = async () => {
    for (let kills = 0; kills < 4; kills++) {
      await sleep(400);
      await node.kill("SIGKILL");
      node = await nodeProcess(database, node.port);
    }
  };
  const { unknowns } = await writeThrough(client, killing());
  expect(unknowns).toBeGreaterThan(0);
});

describe("the writing connection is lost", () => {
  const backends =
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()";
  const others = `${backends} and pid <> pg_backend_pid()`;

  test("while nothing happens: appends go on", async () => {
    const database = await newDatabase();
    const node = await nodeHere(database);
    onTestFinished(() => node.close());
    const client = clientFor(node.port);
    const stream = newStream();
    for (let n = 0; n < 3; n++) {
      await client.appendToStream(stream, [numbered(n)], {
        expectedRevision: n === 0 ? NO_STREAM : BigInt(n - 1),
      });
      await sql(database, others);
      await sleep(100);
    }
    expect((await collect(client.readStream(stream))).map(numberIn)).toEqual([0, 1, 2]);
  });

  test("again and again under load: each append is there once, and subscribers miss nothing", async () => {
    const database = await newDatabase();
    const reports: string[] = [];
    const node = await nodeHere(database, { report: (what) => reports.push(what) });
    onTestFinished(() => node.close());
    const client = clientFor(node.port);
    const told: string[] = [];
    const subscription = client.subscribeToAll({ fromPosition: START, filter: excludeSystemEvents() });
    subscription.on("data", ({ event }) => told.push(event?.id ?? ""));
    subscription.on("error", () => {});
    const cutting = async () => {
      for (let cuts = 0; cuts < 10; cuts++) {
        await sleep(100);
        await sql(database, `${others} and query ilike '%epochs%'`);
      }
    };
    const { ids } = await writeThrough(client, cutting());
    expect(reports.join()).toContain("the writing connection was lost");
    while (told.length < ids.length) await sleep(20);
    expect(told).toEqual(ids);
    await subscription.unsubscribe();
  });

  test("in the middle of a commit: its outcome is unknown, what waits behind it goes on", async () => {
    const database = await newDatabase();
    const node = await nodeHere(database);
    onTestFinished(() => node.close());
    const client = clientFor(node.port);
    const stream = newStream();
    await client.appendToStream(stream, [numbered(0)]);
    const blocker = await openSession(database, { onLost: () => {} });
    await blocker.query("begin; select from eventstore_node.fence for update");
    const caught = client.appendToStream(stream, [numbered(1)], { expectedRevision: 0n });
    await sleep(100);
    const behind = client.appendToStream(newStream(), [numbered(2)], { expectedRevision: NO_STREAM });
    const ended = expect(caught).rejects.toMatchObject({ type: "deadline-exceeded" });
    await blocker.query(`${others} and wait_event_type = 'Lock'`);
    await ended;
    await blocker.close();
    await behind;
    await client.appendToStream(stream, [numbered(3)], { expectedRevision: 0n });
    expect(byClients(await collect(client.readAll())).map(numberIn)).toEqual([0, 2, 3]);
  });
});

describe("two nodes on one database", () => {
  test("the second waits until the first has gone, then goes on where it stopped", async () => {
    const database = await newDatabase();
    const first = await nodeHere(database);
    const stream = newStream();
    const client = clientOf(first.port);
    await client.appendToStream(stream, [numbered(0)]);
    const reports: string[] = [];
    let serves = false;
    const waiting = nodeHere(database, { report: (what) => reports.push(what) }).then((node) => {
      serves = true;
      return node;
    });
    await sleep(500);
    expect(serves).toBe(false);
    expect(reports).toEqual(["can't open the log, and waits: another node has it"]);
    await client.dispose();
    await first.close();
    const second = await waiting;
    onTestFinished(() => second.close());
    const next = clientFor(second.port);
    await next.appendToStream(stream, [numbered(1)], { expectedRevision: 0n });
    expect(byClients(await collect(next.readAll())).map(numberIn)).toEqual([0, 1]);
  });

  test("one that was taken for dead writes nothing any more, and refuses nothing either", async () => {
    const database = await newDatabase();
    const node = await nodeHere(database);
    onTestFinished(() => node.close());
    const client = clientFor(node.port);
    const stream = newStream();
    await client.appendToStream(stream, [numbered(0)]);
    const epoch = async () => {
      const [fence] = await sql<{ epoch: bigint }>(database, "select epoch from eventstore_node.fence");
      return fence?.epoch ?? 0n;
    };
    // At the right revision and at a wrong one, each after another node has raised the epoch.
    for (const expectedRevision of [0n, 7n]) {
      await sql(database, "update eventstore_node.fence set epoch = epoch + 1");
      const append = client.appendToStream(stream, [numbered(1)], { expectedRevision });
      await expect(append).rejects.toMatchObject({ type: "deadline-exceeded" });
      // The lock is free, so it is elected again, with the epoch that comes next.
      while ((await epoch()) % 2n === 0n) await sleep(10);
    }
    expect((await collect(client.readStream(stream))).map(numberIn)).toEqual([0]);
    await client.appendToStream(stream, [numbered(1)], { expectedRevision: 0n });
    expect(await epoch()).toBe(5n);
  });
});

test("an event's id is not lost in a stream of any name", async () => {
  const node = await nodeHere(await newDatabase());
  onTestFinished(() => node.close());
  const client = clientFor(node.port);
  const id = randomUUID().toUpperCase();
  await client.appendToStream("x".repeat(5_000), [numbered(1, id)]);
  const [only] = await collect(client.readStream("x".repeat(5_000)));
  expect(only?.event?.id).toBe(id.toLowerCase());
});
