/** The node's process. Its settings come by environment: any user of the machine can read arguments. */
import { renameSync, writeFileSync } from "node:fs";
import { startedAt } from "../processes.ts";
import type { Running } from "./launch.ts";
import { serveNode } from "./server.ts";

const env = process.env;
const host = env["EVENTSTORE_NODE_HOST"] ?? "127.0.0.1";
const file = env["EVENTSTORE_NODE_FILE"];
const databaseUrl = env["DATABASE_URL"];
if (!databaseUrl) throw new Error("DATABASE_URL has to name the Postgres that holds the log");

const report = (what: string): void => console.log(`${new Date().toISOString()} ${what}`);

const node = await serveNode({
  databaseUrl,
  host,
  port: Number(env["EVENTSTORE_NODE_PORT"] ?? 0),
  report,
  onSuperseded: () => {
    report("another node has taken the log: ending");
    process.exit(1);
  },
});
const { port } = node;
report(`listening on ${host}:${port}`);
if (file) {
  const running: Running = { pid: process.pid, started: startedAt(process.pid), port };
  // Renamed, so that it is whole when it is seen.
  writeFileSync(`${file}~`, JSON.stringify(running), { mode: 0o600 });
  renameSync(`${file}~`, file);
}

async function end(signal: NodeJS.Signals): Promise<void> {
  report(`ending on ${signal}`);
  try {
    await node.close();
    process.exit(0);
  } catch (error) {
    report(`could not end well: ${(error as Error).message}`);
    process.exit(1);
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, (received) => void end(received));
