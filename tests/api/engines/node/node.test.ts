/** The node's process, shared by programs. Needs `npx tsc -p .` first, as `npm test` does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventStoreDBClient, NO_STREAM } from "@eventstore/db-client";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { startEmbeddedNode } from "../../../../api/engines/node/node.ts";
import { isAlive } from "../../../../api/engines/processes.ts";
import { collect, newDatabase, newStream, numberIn, someEvents } from "./own-node.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "perpetual-node-"));
  const folder = home;
  // Last of all: what is in it tells which node to stop.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const start = async (databaseUrl: string) => {
  const node = await startEmbeddedNode({ home, databaseUrl });
  onTestFinished(() => node.stop());
  return node;
};
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
const pids = (): readonly number[] =>
  filesIn(home)
    .filter((name) => name.endsWith("running.json"))
    .map((name) => JSON.parse(readFileSync(name, "utf8")).pid);

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("the first starts it, the others share it, the last one out stops it", async () => {
  const database = await newDatabase();
  const nodes = await Promise.all([start(database), start(database), start(database)]);
  expect(new Set(nodes.map(({ url }) => url)).size).toBe(1);
  const [pid = 0] = pids();
  await nodes[0]?.stop();
  await nodes[1]?.stop();
  expect(isAlive(pid)).toBe(true);
  await nodes[2]?.stop();
  expect(isAlive(pid)).toBe(false);
});

test("one that was killed comes back on its port, with what it had acknowledged", async () => {
  const node = await start(await newDatabase());
  const [pid = 0] = pids();
  const stream = newStream();
  const events = someEvents(3);
  const write = async () => {
    const client = EventStoreDBClient.connectionString(node.url);
    const { nextExpectedRevision } = await client.appendToStream(stream, events, {
      expectedRevision: NO_STREAM,
    });
    const numbers = (await collect(client.readStream(stream))).map(numberIn);
    await client.dispose();
    return { nextExpectedRevision, numbers };
  };
  const written = await write();
  process.kill(pid, "SIGKILL");
  await gone(pid);
  await Promise.all([node.ensure(), node.ensure()]);
  expect(pids()).not.toEqual([pid]);
  expect(await write()).toEqual(written);
  await node.ensure();
});

test("one that serves another database is not adopted", async () => {
  const [one, other] = [await start(await newDatabase()), await start(await newDatabase())];
  expect(one.url).not.toBe(other.url);
  expect(new Set(pids()).size).toBe(2);
});

test("a program that ends without a word, as the last one, stops it", async () => {
  const database = await newDatabase();
  const program = `
    const { startEmbeddedNode } = await import("./dist/api/engines/node/node.js");
    await startEmbeddedNode({ home: process.env.HOME_FOLDER, databaseUrl: process.env.DATABASE_URL });
    process.exit();`;
  const env = { ...process.env, HOME_FOLDER: home, DATABASE_URL: database };
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { env, stdio: "inherit" });
  expect(await once(child, "exit")).toEqual([0, null]);
  const [pid = 0] = pids();
  await gone(pid);
});

test("when all who used it were killed, it ends by itself", async () => {
  const program = `
    const { startEmbeddedNode } = await import("./dist/api/engines/node/node.js");
    await startEmbeddedNode({ home: process.env.HOME_FOLDER, databaseUrl: process.env.DATABASE_URL });
    process.kill(process.pid, "SIGKILL");`;
  const env = { ...process.env, HOME_FOLDER: home, DATABASE_URL: await newDatabase() };
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { env, stdio: "inherit" });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  const [pid = 0] = pids();
  expect(isAlive(pid)).toBe(true);
  await gone(pid);
});

test("the password is in no file and no argument", async () => {
  const secret = "s3cr3t-of-a-test";
  const database = new URL(await newDatabase());
  if (!database.password) database.password = secret;
  await start(database.href);
  const [pid = 0] = pids();
  if (process.platform === "linux")
    expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain(database.password);
  for (const file of filesIn(home)) expect(readFileSync(file, "utf8")).not.toContain(database.password);
});

test("a database that isn't there is told of, and nothing stays behind", async () => {
  const databaseUrl = "postgres://nobody:s3cr3t@127.0.0.1:1/none";
  const failing = startEmbeddedNode({ home, databaseUrl, patienceMs: 1_500 });
  await expect(failing).rejects.toThrow(/could not start[\s\S]*ECONNREFUSED/);
  await expect(failing).rejects.not.toThrow(/s3cr3t/);
  expect(filesIn(join(home, "node")).filter((file) => file.includes("leases"))).toEqual([]);
});
