import type { Readable } from "node:stream";

/** A server that searches says now and then that it does: nothing comes, and nothing stands still. */
export const SEARCHING = "searching";
export type Searching = Readonly<{ checkpointInterval: number; checkpointReached: () => Promise<void> }>;

/**
 * All that comes until the event, which may be told of before the last of it is. Rejects when nothing does for so long.
 * Stopped in any case: a call that is left open counts against the hundred of its connection.
 */
export async function collected<T>(
  call: Readable,
  until: "end" | "caughtUp",
  timeoutMs: number,
  stop: () => Promise<unknown>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let standstill: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      standstill = setTimeout(() => reject(new Error("the read stands still")), timeoutMs);
      const end = () => {
        if (call.readableLength === 0) resolve();
        else if (!call.destroyed) setImmediate(end);
      };
      call.on(until, end).on("error", reject);
      call.on(SEARCHING, () => standstill?.refresh());
      call.on("data", (each: T) => {
        all.push(each);
        standstill?.refresh();
      });
    });
    return all;
  } finally {
    clearTimeout(standstill);
    stop().catch(() => {}); // over already, or its connection is
  }
}
