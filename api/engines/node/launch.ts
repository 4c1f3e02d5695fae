/** Finds the node's process, starts and stops it. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";
import { announced, isRunning, type Place } from "./place.ts";

export const HOST = "127.0.0.1";

const LOOK_EVERY_MS = 20;
/** A node that takes longer to stop is killed: what it has acknowledged is committed. */
const STOP_MS = 10_000;
const OLD_PORT_MS = 5_000;

/** Under the lock. Answers with the port once the node accepts us there. */
export async function findOrStart(place: Place, databaseUrl: string, deadline: number): Promise<number> {
  const before = announced(place);
  if (before && isRunning(before) && (await accepts(before.port))) return before.port;
  if (before && isRunning(before)) await stopNode(place);
  fs.rmSync(place.running, { force: true });
  const attempt = launch(place, databaseUrl, await portLike(before?.port));
  for (; ; await sleep(LOOK_EVERY_MS)) {
    const running = announced(place);
    if (running && (await accepts(running.port))) return running.port;
    if (!attempt.hasEnded() && Date.now() < deadline) continue;
    attempt.kill();
    throw new Error(`the embedded event store could not start:\n${attempt.output()}`);
  }
}

/** The old one: clients know it. A process that was killed may hold it for a moment after it is seen dead. */
async function portLike(before: number | undefined): Promise<number> {
  const deadline = Date.now() + OLD_PORT_MS;
  for (;;) {
    const port = await freePort(before);
    if (before === undefined || port === before || Date.now() > deadline) return port;
    await sleep(LOOK_EVERY_MS);
  }
}

function launch({ folder, log }: Place, databaseUrl: string, port: number) {
  const file = fs.openSync(log, "a", 0o600);
  const { size } = fs.fstatSync(file);
  let ended = false;
  // Detached, it gets neither our terminal's Ctrl-C nor our end. The URL holds a password, so it is no argument.
  const child = spawn(process.execPath, ["--enable-source-maps", mainProgram()], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", file, file],
    env: {
      ...process.env,
      NODE_OPTIONS: "",
      DATABASE_URL: databaseUrl,
      EVENTSTORE_NODE_HOST: HOST,
      EVENTSTORE_NODE_PORT: `${port}`,
      EVENTSTORE_NODE_FOLDER: folder,
    },
  });
  child.once("exit", () => {
    ended = true;
  });
  child.once("error", (error) => {
    fs.appendFileSync(log, `${error}\n`);
    ended = true;
  });
  child.unref();
  fs.closeSync(file);
  return {
    hasEnded: () => ended,
    output: () => fs.readFileSync(log).subarray(size).toString(),
    kill: () => child.kill("SIGKILL"),
  };
}

/** What is built, also when we run from the sources. */
function mainProgram(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!fs.existsSync(join(root, "package.json"))) root = dirname(root);
  return join(root, "dist/api/engines/node/main.js");
}

/** Under the lock. */
export async function stopNode(place: Place): Promise<void> {
  const running = announced(place);
  if (!running || !isRunning(running)) return;
  process.kill(running.pid, "SIGTERM");
  for (const deadline = Date.now() + STOP_MS; isRunning(running); await sleep(LOOK_EVERY_MS))
    if (Date.now() > deadline) process.kill(running.pid, "SIGKILL");
}

/** For a program that ends and can't wait. */
export function signalNode(place: Place): void {
  const running = announced(place);
  if (running && isRunning(running)) process.kill(running.pid, "SIGTERM");
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, HOST);
    const end = (accepted: boolean) => () => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", end(true)).once("error", end(false));
  });
