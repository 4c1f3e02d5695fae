/** Needs `npx tsc -p .` first, as `npm test` does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { clientOf, newDatabase, newStream, nodeHere, someEvents } from "../own-node.ts";
import { GROUP, groupOn } from "./group-of.ts";

const EVENTS = 20_000;
const KILLS = 100;
const AT_ONCE = 500;

/**
 * Goal: whatever is killed, each event is seen. Method: a consumer in a process of its own, killed a hundred times at random
 * moments while the events are written; what it has seen is in a file.
 */
test("a consumer that is killed again and again has seen each event at least once", async () => {
  const node = await nodeHere(await newDatabase());
  const client = clientOf(node.port);
  const folder = mkdtempSync(join(tmpdir(), "consumer-"));
  const file = join(folder, "seen");
  writeFileSync(file, "");
  const stream = newStream();
  await groupOn(client, stream, { messageTimeout: 60_000, historyBufferSize: 1_000 });
  const url = `esdb://127.0.0.1:${node.port}?tls=false`;
  const program = "dist/tests/api/engines/node/persistent/consumer-program.js";
  const start = () => {
    const child = spawn(process.execPath, [program, url, stream, GROUP, file], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ended = once(child, "exit");
    return async () => {
      child.kill("SIGKILL");
      await ended;
    };
  };
  let kill = start();
  onTestFinished(async () => {
    await kill();
    await client.dispose();
    await node.close();
    rmSync(folder, { recursive: true });
  });
  const writing = (async () => {
    for (let written = 0; written < EVENTS; written += AT_ONCE)
      await client.appendToStream(stream, someEvents(AT_ONCE, written));
  })();
  const numbers = () => readFileSync(file, "utf8").trimEnd().split("\n").map(Number);
  const bytes = () => statSync(file).size;
  for (let kills = 0; kills < KILLS; kills++) {
    const before = bytes();
    const enough = before + 300 + Math.random() * 700; // some hundred numbers at most, of five digits each
    for (let waited = 0; bytes() < enough && waited < 5_000; waited += 2) await sleep(2);
    await kill();
    kill = start();
  }
  const afterKills = new Set(numbers()).size;
  await writing;
  const deadline = Date.now() + 60_000;
  while (new Set(numbers()).size < EVENTS && Date.now() < deadline) await sleep(100);
  expect(new Set(numbers())).toEqual(new Set(Array.from({ length: EVENTS }, (_, n) => n)));
  expect(afterKills).toBeLessThan(EVENTS); // they were killed while there was something to do
}, 240_000);
