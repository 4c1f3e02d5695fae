/** What is committed: how far the log reaches, its youngest events in memory, and who waits for more. */
import { EventEmitter, once } from "node:events";

export type Entry = Readonly<{ position: number; recorded: Buffer }>;

export interface Log {
  /** The last committed event's position. */
  readonly head: number;
  /** Committed just now, in order. */
  publish(entries: readonly Entry[]): void;
  /** The log was read again: what lies before is in the tables. */
  restart(head: number): void;
  /** At most `max` events after a position, oldest first; nothing when memory doesn't reach back that far. */
  recent(after: number, max: number): readonly Entry[] | undefined;
  /** When there is more than that. Rejects when the signal aborts. */
  beyond(position: number, signal: AbortSignal): Promise<void>;
}

const MOVED = "moved";

/** `bytesMax` bounds what is kept. */
export function openLog(bytesMax: number): Log {
  const moves = new EventEmitter().setMaxListeners(0);
  let head = 0;
  /** All events after this position are in `ring`, from `start` on. */
  let reach = 0;
  let ring: Entry[] = [];
  let start = 0;
  let bytes = 0;

  return {
    get head() {
      return head;
    },
    publish(entries) {
      for (const entry of entries) {
        ring.push(entry);
        bytes += entry.recorded.length;
      }
      for (; bytes > bytesMax && start < ring.length; start++) {
        const { position = reach, recorded } = ring[start] ?? {};
        reach = position;
        bytes -= recorded?.length ?? 0;
      }
      if (start > ring.length / 2) {
        ring = ring.slice(start);
        start = 0;
      }
      head = entries.at(-1)?.position ?? head;
      moves.emit(MOVED);
    },
    restart(position) {
      if (position === head) return;
      head = reach = position;
      ring = [];
      start = bytes = 0;
      moves.emit(MOVED);
    },
    recent(after, max) {
      if (after < reach) return undefined;
      let low = start;
      for (let high = ring.length; low < high; ) {
        const middle = (low + high) >> 1;
        if ((ring[middle]?.position ?? 0) > after) high = middle;
        else low = middle + 1;
      }
      return ring.slice(low, low + max);
    },
    async beyond(position, signal) {
      while (head <= position) await once(moves, MOVED, { signal });
    },
  };
}
