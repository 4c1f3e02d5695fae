/** The node's process. Its settings come by environment: any user of the machine can read arguments. */
import { whenAbandoned } from "./abandoned.ts";
import { announce, placeIn } from "./place.ts";
import { type Node, serveNode } from "./server.ts";

const env = process.env;
const host = env["EVENTSTORE_NODE_HOST"] ?? "127.0.0.1";
const folder = env["EVENTSTORE_NODE_FOLDER"];
const databaseUrl = env["DATABASE_URL"];
if (!databaseUrl) throw new Error("DATABASE_URL has to name the Postgres that holds the log");

const report = (what: string): void => console.log(`${new Date().toISOString()} ${what}`);
let node: Node | undefined;

async function end(why: string): Promise<void> {
  report(`ending: ${why}`);
  try {
    await node?.close();
    process.exit(0);
  } catch (error) {
    report(`could not end well: ${(error as Error).message}`);
    process.exit(1);
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, (received) => void end(received));
if (folder) whenAbandoned(placeIn(folder), () => void end("nobody uses it"));
node = await serveNode({
  databaseUrl,
  host,
  port: Number(env["EVENTSTORE_NODE_PORT"] ?? 0),
  report,
  onSuperseded: () => {
    report("another node has taken the log: ending");
    process.exit(1);
  },
});
report(`listening on ${host}:${node.port}`);
if (folder) announce(placeIn(folder), node.port);
