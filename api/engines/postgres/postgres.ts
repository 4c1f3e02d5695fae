/**
 * A real PostgreSQL for who has none, below PERPETUAL_HOME. It is a process of its own that all programs of the
 * machine share: the first one starts it, the last one out stops it, and who finds it dead starts it again.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { holderIn, takeLease } from "../leases.ts";
import { tryLock, withLock } from "../lock.ts";
import { binariesFor } from "./binaries.ts";
import { createCluster, USER, urlOf } from "./cluster.ts";
import { EmbeddedPostgresError, messageOf } from "./error.ts";
import { findOrStart, type Settings } from "./launch.ts";
import { type Place, placeIn } from "./place.ts";
import { runningPostmaster, signalStop, stopPostmaster } from "./postmaster.ts";

export { EmbeddedPostgresError } from "./error.ts";

export type EmbeddedPostgres = Readonly<{
  /** With the password: not for logs. */
  url: string;
  pid: number;
  port: number;
  /** Of data and log: below `home`, or where `home/postgres` leads to. */
  folder: string;
  /**
   * Lets go of it. The last one waits until the server has stopped. Who exits without asking lets go too, but only
   * signals the server.
   */
  stop(): Promise<void>;
}>;

type Options = Readonly<{
  /** PERPETUAL_HOME. */
  home: string;
  /** Besides ours, for who starts the server; those who find it running take it as it is. */
  settings?: Settings;
  patienceMs?: number;
}>;

/**
 * Rejects with an EmbeddedPostgresError that says how to mend it. Call it again when the server was lost (it comes
 * back on its old port if that is free), and then stop the one before.
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const { home, settings = {}, patienceMs = 60_000 } = options;
  const deadline = Date.now() + patienceMs;
  const place = placeIn(resolve(home));
  const binaries = await binariesFor(place.account);
  // Before the lock: the last one out, who stops the server under the lock, sees us there.
  const lease = takeLease(place.leases);
  try {
    const { pid, port } = await withLock(place.lock, deadline, async () => {
      await createCluster(place, binaries);
      return findOrStart(place, binaries, settings, deadline);
    });
    const atExit = () => {
      lease.release();
      stopSoon(place);
    };
    process.once("exit", atExit);
    const stop = async () => {
      lease.release();
      await stopUnused(place);
      // Not before: an impatient second Ctrl-C may end us while we wait for the lock.
      process.off("exit", atExit);
    };
    let stopped: Promise<void> | undefined;
    return {
      url: urlOf(place, port, USER),
      pid,
      port,
      folder: place.folder,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    lease.release();
    throw error instanceof EmbeddedPostgresError ? error : new EmbeddedPostgresError(messageOf(error));
  }
}

const STOP_PATIENCE_MS = 60_000;

/** Whether it is used is asked under the lock: who comes now takes a lease first, and then waits for the lock. */
async function stopUnused({ leases, lock, cluster }: Place): Promise<void> {
  await withLock(lock, Date.now() + STOP_PATIENCE_MS, async () => {
    if (holderIn(leases) === undefined) await stopPostmaster(cluster);
  });
}

const EXIT_PATIENCE_MS = 500;
const PAUSE_MS = 5;

/** The same without promises, for a process that is ending: until the server no longer accepts anybody. */
function stopSoon({ folder, leases, lock, cluster }: Place): void {
  if (!existsSync(folder) || holderIn(leases) !== undefined) return;
  const deadline = Date.now() + EXIT_PATIENCE_MS;
  const until = <T>(ask: () => T | undefined): T | undefined => {
    for (;;) {
      const answer = ask();
      if (answer || Date.now() > deadline) return answer;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  };
  const held = until(() => tryLock(lock));
  if (held && holderIn(leases) === undefined) {
    signalStop(cluster);
    until(() => runningPostmaster(cluster)?.stopping ?? true);
  }
  held?.release();
}
