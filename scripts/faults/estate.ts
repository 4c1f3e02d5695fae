/** All that can break: Postgres, the node, the lines to them, and two servers on one book; and a hand that mends it. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEngines } from "../../api/engines/engines.ts";
import { announced, placeOf } from "../../api/engines/node/place.ts";
import { placeIn } from "../../api/engines/postgres/place.ts";
import { runningPostmaster } from "../../api/engines/postgres/postmaster.ts";
import { isAlive } from "../../api/engines/processes.ts";
import { signal } from "./processes.ts";
import { startServer } from "./server.ts";
import { tcpProxy } from "./tcp-proxy.ts";

export type Estate = Awaited<ReturnType<typeof openEstate>>;

const DISK_MB = 1_500;
const AGAIN_MS = 60_000;

/** A disk of its own for the engines, which can be filled. Only root may have one. */
function ownDisk(folder: string): boolean {
  mkdirSync(folder, { mode: 0o755 });
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m,mode=0755`, "tmpfs", folder]);
  return status === 0;
}

export async function openEstate(book: string) {
  const folder = mkdtempSync(join(tmpdir(), "perpetual-faults-"));
  // As root, Postgres runs as another account, who must get there.
  chmodSync(folder, 0o755);
  const volume = join(folder, "volume");
  const hasDisk = ownDisk(volume);
  const home = join(volume, "home");
  const engines = await startEngines({ home, databaseUrl: undefined, eventStoreUrl: undefined });
  const { databaseUrl, eventStoreUrl } = engines;
  const portOf = (url: string) => Number(new URL(url.replace(/^esdb/, "http")).port);
  const lines = [
    await tcpProxy("127.0.0.1", portOf(databaseUrl)),
    await tcpProxy("127.0.0.1", portOf(eventStoreUrl)),
  ] as const;
  const [toPostgres, toNode] = lines;
  const through = new URL(databaseUrl);
  through.port = `${toPostgres.port}`;
  const environment = {
    BOOK: book,
    DATABASE_URL: through.href,
    EVENTSTORE_URL: `esdb://127.0.0.1:${toNode.port}?tls=false`,
    PERPETUAL_HOME: home,
  };
  const servers = [
    await startServer("one", folder, environment),
    await startServer("two", folder, environment),
  ] as const;
  const pids = new Set<number>();
  const pidOf = {
    postgres: () => runningPostmaster(placeIn(home).cluster)?.pid ?? 0,
    node: () => announced(placeOf(home, databaseUrl))?.pid ?? 0,
    one: () => servers[0].pid,
    two: () => servers[1].pid,
  };
  const ballast = join(volume, "ballast");

  /** Why it is not, if it isn't. */
  async function notReady(url: string): Promise<string | undefined> {
    try {
      const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      return response.ok ? undefined : await response.text();
    } catch (error) {
      return `${error as Error}`;
    }
  }

  const estate = {
    book,
    hasDisk,
    lines,
    servers,
    pidOf,
    /** For who looks behind the servers, past the lines. */
    direct: { BOOK: book, DATABASE_URL: databaseUrl, EVENTSTORE_URL: eventStoreUrl, PERPETUAL_HOME: home },
    fillDisk(): void {
      const { bavail, bsize } = statfsSync(volume);
      const chunk = Buffer.alloc(1 << 20);
      for (let left = bavail * bsize; left > 0; left -= chunk.length) {
        try {
          writeFileSync(ballast, chunk, { flag: "a" });
        } catch {
          return; // it is full
        }
      }
    },
    freeDisk: () => rmSync(ballast, { force: true }),
    /** Everything runs again. Answers with the milliseconds until both servers were ready. */
    async mend(): Promise<number> {
      const begun = Date.now();
      estate.freeDisk();
      for (const line of lines) {
        line.hold(false);
        line.refuse(false);
      }
      await engines.ensure();
      for (const server of servers) server.ensure();
      for (const pid of Object.values(pidOf)) pids.add(pid());
      for (const { url, name, output } of servers)
        for (let reason = await notReady(url); reason; reason = await notReady(url)) {
          if (Date.now() - begun > AGAIN_MS)
            throw new Error(
              `server ${name} is not ready again: ${reason}\n${readFileSync(output, "utf8").slice(-2_000)}`,
            );
          await sleep(25);
        }
      return Date.now() - begun;
    },
    /** Ends all of it; answers with the pids that are still there. */
    async close(): Promise<readonly number[]> {
      await Promise.all(servers.map((server) => server.stop()));
      await engines.stop();
      for (const line of lines) await line.close();
      const left = [...pids].filter(isAlive);
      signal(left, "SIGKILL");
      if (hasDisk) spawnSync("umount", ["-l", volume]);
      rmSync(folder, { recursive: true, force: true });
      return left;
    },
  };
  return estate;
}
