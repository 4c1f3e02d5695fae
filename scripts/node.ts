/**
 * `npm run node -- --port 2113`: the embedded event store alone, in the foreground, for any EventStoreDB client. Its log
 * is in the Postgres of DATABASE_URL; without one, in the embedded Postgres below PERPETUAL_HOME.
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { serveNode } from "../api/engines/node/server.ts";
import { startEmbeddedPostgres } from "../api/engines/postgres/postgres.ts";

const { DATABASE_URL, PERPETUAL_HOME = join(homedir(), ".perpetual") } = process.env;

type Settings = Readonly<{ host: string; port: number }>;

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("a port is a number up to 65535");
  return port;
}

async function main({ host, port }: Settings): Promise<void> {
  const report = (what: string): void => console.error(what);
  const ended = new Promise<undefined>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(undefined));
  });
  const postgres = DATABASE_URL ? undefined : await startEmbeddedPostgres({ home: PERPETUAL_HOME });
  const serving = serveNode({
    databaseUrl: DATABASE_URL || (postgres?.url ?? ""),
    host,
    port,
    report,
    onSuperseded: () => {
      report("another node has taken the log: ending");
      process.exit(1);
    },
  });
  const node = await Promise.race([serving, ended]).catch(async (error: unknown) => {
    report(`the node can't serve: ${(error as Error).message}`);
    await postgres?.stop();
    process.exit(1);
  });
  if (node) {
    report(`esdb://${host}:${node.port}?tls=false`);
    await ended;
    await node.close();
  }
  await postgres?.stop();
  process.exit(0);
}

await new Command("node")
  .description("the embedded event store, for any EventStoreDB client")
  .option("--port <port>", "port to listen on", portOf, 2113)
  .option("--host <host>", "address to listen on; there is no access control", "127.0.0.1")
  .action(main)
  .parseAsync();
