/** The server's main process, as `postmaster.pid` tells of it: that file stays when the process is killed. */
import { readFileSync, readlinkSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, programOf } from "../processes.ts";

export type Postmaster = Readonly<{ pid: number; port: number; stopping: boolean }>;

const pidFileOf = (cluster: string): string => join(cluster, "postmaster.pid");

function readPidFile(cluster: string): string | undefined {
  try {
    return readFileSync(pidFileOf(cluster), "utf8");
  } catch {
    return undefined;
  }
}

function parse(pidFile: string): Postmaster {
  const [pid, , , port, , , , status = ""] = pidFile.split("\n");
  return { pid: Number(pid), port: Number(port ?? 0), stopping: status.startsWith("stopping") };
}

/** The one that runs on this data, whoever started it. It may not accept anybody yet, or no longer. */
export function runningPostmaster(cluster: string): Postmaster | undefined {
  const postmaster = parse(readPidFile(cluster) ?? "");
  return isPostmasterOf(cluster, postmaster.pid) ? postmaster : undefined;
}

/** The port of the last one, if it didn't end by itself. */
export const portBefore = (cluster: string): number | undefined =>
  parse(readPidFile(cluster) ?? "").port || undefined;

/** The pid alone proves nothing: after a crash or a reboot it may be another's. */
function isPostmasterOf(cluster: string, pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === "win32") return true;
  if (programOf(pid) !== "postgres") return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    // No /proc, or not allowed to look (root in a container): a postgres with this pid is the likelier case, and
    // its password will tell.
    return true;
  }
}

/**
 * PostgreSQL won't start while the pid in the file is alive, whoever's it is. When that isn't a server of this data, put ours
 * there: the parent's pid it takes for stale, and it still looks for orphans of the old server, by the rest of the file.
 */
export function disownPidFile(cluster: string): void {
  const pidFile = readPidFile(cluster);
  if (pidFile === undefined || runningPostmaster(cluster)) return;
  writeFileSync(pidFileOf(cluster), pidFile.replace(/^[^\n]*/, `${process.pid}`));
}

/** A fast shutdown (which ends all sessions), without waiting for it. */
export function signalStop(cluster: string, signal: NodeJS.Signals = "SIGINT"): void {
  const postmaster = runningPostmaster(cluster);
  if (!postmaster) return;
  try {
    process.kill(postmaster.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const FAST_MS = 20_000;
const IMMEDIATE_MS = 5_000;

/**
 * At once if it doesn't end in time: nothing committed is lost, the next start recovers it. The process is waited for,
 * not its file, which it removes a moment before it ends.
 */
export async function stopPostmaster(cluster: string): Promise<void> {
  const postmaster = runningPostmaster(cluster);
  if (!postmaster) return;
  signalStop(cluster);
  if (await ended(cluster, postmaster, FAST_MS)) return;
  signalStop(cluster, "SIGQUIT");
  await ended(cluster, postmaster, IMMEDIATE_MS);
}

async function ended(cluster: string, { pid }: Postmaster, patience: number): Promise<boolean> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(15))
    if (!isPostmasterOf(cluster, pid)) return true;
  return false;
}
