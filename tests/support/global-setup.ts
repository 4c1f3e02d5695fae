/**
 * One Postgres and one event store for the whole run, unless DATABASE_URL and EVENTSTORE_URL name others. They belong to
 * the runner, because the process of a test file ends with the file; `engines.ts` asks for them.
 */
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedNode } from "../../api/engines/node/node.ts";
import { startEmbeddedPostgres } from "../../api/engines/postgres/postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    engines: string;
  }
}

type Engine = Readonly<{ url: string; stop(): Promise<void> }>;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), "perpetual-tests-"));
  // As root, Postgres runs as another account: below a folder it can't enter, its data would lie elsewhere.
  await chmod(home, 0o755);
  const started: Engine[] = [];
  const start = async (engine: Promise<Engine>) => {
    started.push(await engine);
    return (await engine).url;
  };
  const postgres = first(async () => process.env["DATABASE_URL"] ?? start(startEmbeddedPostgres({ home })));
  const eventStore = first(
    async () =>
      process.env["EVENTSTORE_URL"] ?? start(startEmbeddedNode({ home, databaseUrl: await postgres() })),
  );

  const server = createServer((request, response) => {
    const url = request.url === "/postgres" ? postgres() : eventStore();
    url.then(
      (text) => response.end(text),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  project.provide("engines", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return async () => {
    server.closeAllConnections();
    server.close();
    for (const engine of started.reverse()) await engine.stop();
    await rm(home, { recursive: true, force: true });
  };
}

/** Called many times, done once. */
function first(work: () => Promise<string>): () => Promise<string> {
  let done: Promise<string> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
