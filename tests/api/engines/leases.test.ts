import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../../../api/engines/free-port.ts";
import { takeLease } from "../../../api/engines/leases.ts";
import { tryLock, withLock } from "../../../api/engines/lock.ts";
import { isAlive, startedAt } from "../../../api/engines/processes.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "perpetual-leases-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the last one out is told so", () => {
  const first = takeLease(folder);
  const second = takeLease(folder);
  expect(first.release()).toBe(false);
  expect(second.release()).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

test("the lease of a process that died, and of one whose pid was given away, ends", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  const before = startedAt(child.pid ?? 0);
  await once(child, "exit");
  writeFileSync(join(folder, `${child.pid}-${before}-a`), "");
  writeFileSync(join(folder, `${process.pid}-1-a`), "");
  expect(takeLease(folder).release()).toBe(true);
});

test("the lease of another process that lives counts", () => {
  writeFileSync(join(folder, `${process.ppid}-${startedAt(process.ppid)}-a`), "");
  expect(takeLease(folder).release()).toBe(false);
});

test("a zombie is not alive", async () => {
  // The shell doesn't wait for the first child, and then becomes a program that never will.
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
  const [line] = await once(parent.stdout, "data");
  const zombie = Number(line);
  while (isAlive(zombie)) await sleep(10);
  expect(() => process.kill(zombie, 0)).not.toThrow();
  expect(isAlive(parent.pid ?? 0)).toBe(true);
  parent.kill();
});

test("one at a time holds the lock", async () => {
  let inside = 0;
  const work = async () => {
    inside += 1;
    await sleep(1);
    expect(inside).toBe(1);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => withLock(folder, Date.now() + 60_000, work)));
});

test("who waits for the lock too long is told who holds it", async () => {
  const lock = tryLock(folder);
  await expect(withLock(folder, Date.now() + 50, async () => {})).rejects.toThrow(
    `process ${process.pid} holds`,
  );
  lock?.release();
});

test("a free port, and the preferred one only while it is free", async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  const { createServer } = await import("node:net");
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  expect(await freePort(port)).not.toBe(port);
  server.close();
});
