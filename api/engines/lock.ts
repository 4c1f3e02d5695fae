/**
 * One at a time, between processes and within one. It is a folder of leases: who finds its own alone has the lock,
 * all others give theirs back and try again. A lease is made before the others are looked at, so that of two at
 * once at most one sees itself alone; who dies holding the lock holds it no more; and nothing stale has to be broken.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { holderIn, type Lease, takeLease } from "./leases.ts";

const PAUSE_MS = 20;

/** Rejects when it doesn't get the lock before `deadline` (ms since 1970). */
export async function withLock<T>(folder: string, deadline: number, work: () => Promise<T>): Promise<T> {
  const lock = await waitForLock(folder, deadline);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function waitForLock(folder: string, deadline: number): Promise<Lease> {
  for (;;) {
    const lock = tryLock(folder);
    if (lock) return lock;
    if (Date.now() > deadline)
      throw new Error(`process ${holderIn(folder) ?? "(gone)"} holds the lock in ${folder} for too long`);
    // At random, or two that collided would collide again.
    await sleep(PAUSE_MS * Math.random());
  }
}

/** For a process that ends and can't wait for promises. Undefined: somebody else has it, or wants it right now. */
export function tryLock(folder: string): Lease | undefined {
  const lease = takeLease(folder);
  if (lease.isOnly()) return lease;
  lease.release();
  return undefined;
}
