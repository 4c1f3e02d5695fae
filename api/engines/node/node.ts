/**
 * The embedded node for who has no EventStoreDB. It is a process of its own that all programs of the machine share: the
 * first one starts it, the last one out stops it, and who finds it dead starts it again, on the same port.
 */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { takeLease } from "../leases.ts";
import { tryLock, withLock } from "../lock.ts";
import { findOrStart, HOST, signalNode, stopNode } from "./launch.ts";
import { placeOf } from "./place.ts";

export type EmbeddedNode = Readonly<{
  /** For any EventStoreDB client. */
  url: string;
  /** Starts the node again, on its old port, if it has died. */
  ensure(): Promise<void>;
  /** Lets go of it. The last one waits until it has stopped. */
  stop(): Promise<void>;
}>;

type Options = Readonly<{
  /** PERPETUAL_HOME. */
  home: string;
  /** Of the Postgres that holds the log, in schema eventstore_node. */
  databaseUrl: string;
  patienceMs?: number;
}>;

/** Rejects when there is no node after `patienceMs`, with what its log says. */
export async function startEmbeddedNode(options: Options): Promise<EmbeddedNode> {
  const { home, databaseUrl, patienceMs = 60_000 } = options;
  const place = placeOf(resolve(home), databaseUrl);
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  // Before the lock: the last one out, who stops the node under the lock, sees us there.
  const lease = takeLease(place.leases);
  const find = () => {
    const deadline = Date.now() + patienceMs;
    return withLock(place.lock, deadline, () => findOrStart(place, databaseUrl, deadline));
  };
  const port = await find().catch((error: unknown) => {
    lease.release();
    throw error;
  });
  const atExit = () => {
    if (!lease.release()) return;
    const lock = tryLock(place.lock);
    if (lock && lease.isOnly()) signalNode(place);
    lock?.release();
  };
  process.once("exit", atExit);
  const stop = async () => {
    lease.release();
    await withLock(place.lock, Date.now() + patienceMs, async () => {
      if (lease.isOnly()) await stopNode(place);
    });
    process.off("exit", atExit);
  };
  let stopped: Promise<void> | undefined;
  return {
    url: `esdb://${HOST}:${port}?tls=false`,
    async ensure() {
      const found = await find();
      if (found !== port) throw new Error(`the node had to move from port ${port} to ${found}`);
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
