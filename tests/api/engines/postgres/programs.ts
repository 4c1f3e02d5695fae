/** Programs that use an embedded server, as processes of their own, and the end of all they leave. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type Account, canReach } from "../../../../api/engines/postgres/account.ts";
import { runningPostmaster, stopPostmaster } from "../../../../api/engines/postgres/postmaster.ts";
import { openSession } from "../../../../read-models/database.ts";

export const isRoot = process.getuid?.() === 0;
const nobody: Account = { uid: 65534, gid: 65534 };

/** As root every test runs as root and as an ordinary user; else as who we are. */
export const accounts: readonly (readonly [string, Account | undefined])[] = isRoot
  ? [
      ["root", undefined],
      ["an ordinary user", nobody],
    ]
  : [["an ordinary user", undefined]];

export type Running = Readonly<{ url: string; pid: number; port: number; folder: string }>;

export type Program = Readonly<{
  process: ChildProcess;
  /** Where its server is; rejects with what it printed when it got none. */
  server: Promise<Running>;
  say(word: "stop" | "exit"): void;
  ended: Promise<unknown>;
}>;

const homes: string[] = [];
const programs: Program[] = [];

/** A folder of the account's own; as root, one that all may pass. */
export function newHome(account: Account | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), "perpetual-postgres-"));
  if (account) chownSync(folder, account.uid, account.gid);
  else if (isRoot) chmodSync(folder, 0o755);
  homes.push(join(folder, "home"));
  return join(folder, "home");
}

export function startProgram(home: string, account?: Account): Program {
  const file = join(checkoutFor(account), "dist/tests/api/engines/postgres/program.js");
  const env = { PATH: process.env["PATH"], HOME: home };
  const child = spawn(process.execPath, [file, home], { ...account, env, cwd: "/" });
  const printed = text(child.stderr);
  const server = once(createInterface(child.stdout), "line").then(([line]) => JSON.parse(line));
  const failed = once(child, "exit").then(async () => Promise.reject(new Error(await printed)));
  failed.catch(() => {});
  const program = {
    process: child,
    server: Promise.race([server, failed]),
    say: (word: string) => child.stdin.write(`${word}\n`),
    ended: once(child, "exit"),
  };
  programs.push(program);
  return program;
}

let copy: string | undefined;

/** A checkout that only root may enter is of no use to an ordinary user. */
function checkoutFor(account: Account | undefined): string {
  const here = resolve(".");
  if (canReach(realpathSync(here), account)) return here;
  if (!copy) {
    copy = mkdtempSync(join(tmpdir(), "perpetual-checkout-"));
    chmodSync(copy, 0o755);
    for (const name of ["package.json", "dist", "node_modules"])
      cpSync(join(here, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}

export async function query(url: string, sql: string): Promise<readonly object[]> {
  const session = await openSession(url, { onLost: () => {} });
  try {
    return await session.query(sql);
  } finally {
    await session.close();
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/** By pid, whatever state the test left them in; also data that lies elsewhere, behind the link. */
export async function removeAll(): Promise<void> {
  for (const { process: child, ended } of programs.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await ended;
  }
  for (const home of homes.splice(0)) {
    const folder = join(home, "postgres");
    if (existsSync(folder)) {
      await stopPostmaster(join(folder, "cluster"));
      if (runningPostmaster(join(folder, "cluster"))) throw new Error(`a server is left in ${folder}`);
      rmSync(realpathSync(folder), { recursive: true, force: true });
    }
    rmSync(join(home, ".."), { recursive: true, force: true });
  }
}

export function removeCopy(): void {
  if (copy) rmSync(copy, { recursive: true, force: true });
}
