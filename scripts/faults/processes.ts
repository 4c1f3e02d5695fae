/** Processes of this machine, by pid: to freeze all of one server, and to see that none is left. */
import { readdirSync, readFileSync } from "node:fs";
import { isAlive } from "../../api/engines/processes.ts";

/** A process and its children. Linux only: elsewhere the process alone. */
export function familyOf(pid: number): readonly number[] {
  if (process.platform !== "linux") return [pid];
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
  return [pid, ...children];
}

function parentOf(pid: string): number | undefined {
  try {
    // What follows the name, which may hold spaces and parentheses itself: state, parent.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(parent);
  } catch {
    return undefined; // it has ended since
  }
}

export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** Resolves when it is gone. */
export async function kill(pid: number): Promise<void> {
  signal([pid], "SIGKILL");
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}
