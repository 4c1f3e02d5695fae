/** Where a case is measured: engines of its own in a folder that is removed, or the servers that the settings name. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEngines } from "../../api/engines/engines.ts";
import type { Environment } from "./worker.ts";

/** `env`: for children, so that they find the engines. `folder`: for files. */
export type Place = Readonly<{ env: Environment; folder: string; quick: boolean }>;

export async function withPlace<T>(quick: boolean, measure: (place: Place) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "perpetual-bench-"));
  // As root, Postgres runs as another account: below a folder it can't enter, its data would lie elsewhere.
  await chmod(folder, 0o755);
  try {
    const { DATABASE_URL, EVENTSTORE_URL } = process.env;
    const engines = await startEngines({
      home: folder,
      databaseUrl: DATABASE_URL || undefined,
      eventStoreUrl: EVENTSTORE_URL || undefined,
    });
    try {
      const { databaseUrl, eventStoreUrl } = engines;
      const urls = { DATABASE_URL: databaseUrl, EVENTSTORE_URL: eventStoreUrl };
      return await measure({ env: { LOG_LEVEL: "warn", ...process.env, ...urls }, folder, quick });
    } finally {
      await engines.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A server that the settings name may have books of earlier runs. */
export const newBook = (): string => `bench_${Date.now().toString(36)}_${(books++).toString(36)}`;
let books = 0;
