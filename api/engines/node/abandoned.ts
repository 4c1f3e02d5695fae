/** Programs that are killed stop nothing behind them: a node that nobody uses any more ends by itself. */
import { existsSync } from "node:fs";
import { holderIn } from "../leases.ts";
import { tryLock } from "../lock.ts";
import { announced, type Place } from "./place.ts";

const LOOK_EVERY_MS = 5_000;

/**
 * Calls `end` once. By then the lock is ours, and goes when the process does: a program that comes now waits for it,
 * and starts another node.
 */
export function whenAbandoned(place: Place, end: () => void): void {
  const timer = setInterval(() => {
    const inPlace = announced(place)?.pid ?? process.pid;
    if (inPlace === process.pid && (isUsed(place) || !isOurToEnd(place))) return;
    clearInterval(timer);
    end();
  }, LOOK_EVERY_MS).unref();
}

const isUsed = ({ leases }: Place): boolean => holderIn(leases) !== undefined;

/** Looks again under the lock, because a program may have come meanwhile. A folder that was removed has no lock. */
function isOurToEnd(place: Place): boolean {
  if (!existsSync(place.folder)) return true;
  const held = tryLock(place.lock);
  if (held && !isUsed(place)) return true;
  held?.release();
  return false;
}
