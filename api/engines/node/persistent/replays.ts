/** What was parked, told again: one replay after the other; it is parked no more when that is done. */
import { revisionIn } from "../recorded.ts";
import type { Memory } from "./memory.ts";
import { Progress } from "./progress.ts";

const AT_ONCE = 500;

type Way = Readonly<{
  isStopped: () => boolean;
  /** Whether there was anything behind the link. */
  offer: (link: Buffer, place: number, of: Progress) => Promise<boolean>;
}>;

export async function parkedReplays(memory: Memory, { isStopped, offer }: Way) {
  const progress = new Progress((await memory.parked()).first - 1);
  let told = progress.done;
  let kept = progress.done;
  let last: Promise<unknown> = Promise.resolve();

  async function tell(count: number): Promise<void> {
    const parked = await memory.parked();
    for (let left = Math.min(count, parked.last - told); left > 0 && !isStopped(); ) {
      const links = await memory.parkedFrom(told + 1, Math.min(left, AT_ONCE));
      if (links.length === 0) return;
      left -= links.length;
      for (const { recorded } of links) {
        const place = revisionIn(recorded);
        const isThere = await offer(recorded, place, progress);
        told = place;
        if (!isThere) progress.pass(place);
      }
    }
  }

  return {
    replay: (count: number): Promise<void> => {
      const mine = last.then(() => tell(count));
      last = mine.catch(() => {});
      return mine;
    },
    ended: () => last,
    /** What is done is not parked any more, also after a restart. */
    async keep(): Promise<void> {
      const { done } = progress;
      if (done === kept) return;
      await memory.truncateParked(done + 1);
      kept = done;
    },
    /** How many are parked, and not told again. */
    left: async (): Promise<number> => {
      const parked = await memory.parked();
      return parked.last - Math.max(parked.first - 1, told);
    },
  };
}
