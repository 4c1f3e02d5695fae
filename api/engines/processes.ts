/** Other processes of this machine: are they alive, and are they still who they were? */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * No zombie counts: where nobody reaps (containers), a server that died would be taken for a live one for ever.
 * A process of another user does.
 */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" && !isZombie(pid);
  }
  return !isZombie(pid);
}

/** Tells a pid that was given to a new process from the process that had it before. Empty: there is none. */
export function startedAt(pid: number): string {
  if (process.platform === "linux") return linuxStat(pid)[19] ?? "";
  if (process.platform === "win32") return "";
  return `${Date.parse(ps(pid, "lstart=")) || ""}`;
}

function isZombie(pid: number): boolean {
  if (process.platform === "win32") return false;
  const state = process.platform === "linux" ? linuxStat(pid)[0] : ps(pid, "stat=");
  return /^[ZX]/.test(state ?? "");
}

/** State, parent, …: what follows the name, which may hold spaces and parentheses itself. */
function linuxStat(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    return [];
  }
}

/** macOS has no /proc. */
function ps(pid: number, column: string): string {
  const env = { PATH: process.env["PATH"], LC_ALL: "C" };
  return spawnSync("ps", ["-o", column, "-p", `${pid}`], { encoding: "utf8", env }).stdout?.trim() ?? "";
}

/** The name of its program, without the folder. */
export function programOf(pid: number): string {
  if (process.platform !== "linux") return ps(pid, "comm=").replace(/^.*\//, "");
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
