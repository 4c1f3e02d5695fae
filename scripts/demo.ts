/**
 * The main job as a story, printed as it happens: movements through HTTP into the log, and out of Postgres as figures. In a
 * temporary folder, on embedded engines. Served for a look afterwards, unless `--exit` is said.
 */
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "../api/config.ts";
import { logger, type Server, serve } from "../api/server.ts";
import { tell } from "./demo/story.ts";

const { values } = parseArgs({
  options: { exit: { type: "boolean", default: false }, port: { type: "string" } },
});

const home = await mkdtemp(join(tmpdir(), "perpetual-demo-"));
await chmod(home, 0o755); // as root, Postgres runs as another account
let server: Server | undefined;

async function end(code: number): Promise<never> {
  await server?.stop().catch(() => {});
  // As root, below a folder that only root may enter, the data lies elsewhere, and a link leads there.
  const data = await realpath(join(home, "postgres")).catch(() => home);
  for (const folder of [data, home]) await rm(folder, { recursive: true, force: true });
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(0));
try {
  console.log("Starting an embedded PostgreSQL and an embedded event store in a temporary folder …");
  // The demo is a book of its own, whatever engines the environment names.
  const config = readConfig({ PERPETUAL_HOME: home, PORT: values.port ?? "0", LOG_LEVEL: "error" });
  server = await serve(config, logger(config.logLevel));
  await tell(server.url, console.log);
  if (values.exit) await end(0);
  console.log(`\nHave a look: ${server.url}/docs/ describes and tries every route.`);
  console.log(`  curl '${server.url}/v1/balances?asOf=2026-02-28'`);
  console.log("Ctrl-C ends it, and removes the folder.");
} catch (error) {
  console.error(error);
  await end(1);
}
