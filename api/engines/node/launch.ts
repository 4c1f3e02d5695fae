/** Finds the node's process, starts and stops it. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";
import { isAlive, startedAt } from "../processes.ts";

export const HOST = "127.0.0.1";

export type Place = Readonly<{
  folder: string;
  /** One a program that uses the node. */
  leases: string;
  /** Held by who starts or stops it. */
  lock: string;
  /** Written by the node once it serves; it stays when the node is killed. */
  running: string;
  log: string;
}>;

/** What a node writes about itself. */
export type Running = Readonly<{ pid: number; started: string; port: number }>;

const LOOK_EVERY_MS = 20;
/** A node that takes longer to stop is killed: what it has acknowledged is committed. */
const STOP_MS = 10_000;
const OLD_PORT_MS = 5_000;

/** A folder a database: a node that serves another one is not ours. Its name tells no password. */
export function placeOf(home: string, databaseUrl: string): Place {
  const database = new URL(databaseUrl);
  database.password = "";
  const name = createHash("sha256").update(database.href).digest("hex").slice(0, 16);
  const folder = join(home, "node", name);
  const at = (file: string) => join(folder, file);
  return { folder, leases: at("leases"), lock: at("lock"), running: at("running.json"), log: at("node.log") };
}

/** Under the lock. Answers with the port once the node accepts us there. */
export async function findOrStart(place: Place, databaseUrl: string, deadline: number): Promise<number> {
  const before = written(place);
  if (before && isNode(before) && (await accepts(before.port))) return before.port;
  if (before && isNode(before)) await stopNode(place);
  fs.rmSync(place.running, { force: true });
  const attempt = launch(place, databaseUrl, await portLike(before?.port));
  for (; ; await sleep(LOOK_EVERY_MS)) {
    const running = written(place);
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

function launch({ folder, running, log }: Place, databaseUrl: string, port: number) {
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
      EVENTSTORE_NODE_FILE: running,
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
  const running = written(place);
  if (!running || !isNode(running)) return;
  process.kill(running.pid, "SIGTERM");
  for (const deadline = Date.now() + STOP_MS; isNode(running); await sleep(LOOK_EVERY_MS))
    if (Date.now() > deadline) process.kill(running.pid, "SIGKILL");
}

/** For a program that ends and can't wait. */
export function signalNode(place: Place): void {
  const running = written(place);
  if (running && isNode(running)) process.kill(running.pid, "SIGTERM");
}

function written({ running }: Place): Running | undefined {
  try {
    return JSON.parse(fs.readFileSync(running, "utf8"));
  } catch {
    return undefined;
  }
}

const isNode = ({ pid, started }: Running): boolean => isAlive(pid) && startedAt(pid) === started;

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, HOST);
    const end = (accepted: boolean) => () => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", end(true)).once("error", end(false));
  });
