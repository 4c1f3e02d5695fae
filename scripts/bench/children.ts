/** Every child process, so that none is left behind: who is told to stop ends them, and the rest falls down in order. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const END_MS = 15_000;
const children = new Set<ChildProcess>();
let stopping = false;

/** Resolves when it has ended. */
export async function watched(child: ChildProcess): Promise<void> {
  children.add(child);
  if (stopping) child.kill("SIGTERM");
  await once(child, "exit");
  children.delete(child);
}

/** Kills what does not end by itself, once it was asked to. */
export async function soon(child: ChildProcess, exited: Promise<void>): Promise<void> {
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await exited;
  clearTimeout(timer);
}

export function stopChildren(): void {
  stopping = true;
  for (const child of children) child.kill("SIGTERM");
}
