/** What a stream shows, as readers need to know it: looked up once, and forgotten when a write may change it. */
import type { Pages } from "./pages.ts";
import { createdIn, dataIn } from "./recorded.ts";
import { isDeleted, LAST_SHOWN, metadataOf, type Retention, retentionOf } from "./retention.ts";
import { describedBy, metastreamOf, originalOf } from "./streams.ts";
import { TOMBSTONE } from "./wire.ts";
import type { Row } from "./writer.ts";

export type Shown = Readonly<{
  /** There is no such stream for its readers, or no more; of a tombstone they are told. */
  is: "there" | "deleted" | "tombstoned";
  /** The first revision that is. */
  first: number;
  /** Whether an event is that has such a revision, where age matters. */
  isYoung: ((recorded: Buffer) => boolean) | undefined;
}>;

export interface Shows {
  of: (stream: string) => Promise<Shown>;
  /** By what was committed; by anything, when that isn't known. */
  changed: (rows: readonly Row[] | undefined) => void;
}

type Described = Readonly<{ tombstoned: boolean; retention: Retention }>;

const REMEMBERED_MAX = 100_000;

export function openShows(pages: Pick<Pages, "describe" | "head">): Shows {
  const remembered = new Map<string, Described>();
  let changes = 0;

  async function described(original: string): Promise<Described> {
    for (;;) {
      const known = remembered.get(original);
      if (known) return known;
      const before = changes;
      const { head, last } = await pages.describe(original, metastreamOf(original));
      if (before !== changes) continue; // it may be about this one
      const retention = retentionOf(metadataOf(last && dataIn(last)));
      const found = { tombstoned: head === TOMBSTONE, retention };
      if (remembered.size === REMEMBERED_MAX) remembered.clear();
      remembered.set(original, found);
      return found;
    }
  }

  return {
    async of(stream) {
      const { tombstoned, retention: itsOwn } = await described(originalOf(stream));
      const retention = describedBy(stream) === undefined ? itsOwn : LAST_SHOWN;
      const { maxCount, maxAge, truncateBefore } = retention;
      const byCount = maxCount === undefined || tombstoned ? 0 : (await pages.head(stream)) + 1 - maxCount;
      const oldest = maxAge === undefined ? undefined : Date.now() - maxAge;
      return {
        is: tombstoned ? "tombstoned" : isDeleted(retention) ? "deleted" : "there",
        first: Math.max(truncateBefore, byCount),
        isYoung: oldest === undefined ? undefined : (recorded) => createdIn(recorded) >= oldest,
      };
    },
    changed(rows) {
      if (!rows) remembered.clear();
      for (const { stream, revision } of rows ?? []) {
        if (revision !== TOMBSTONE && describedBy(stream) === undefined) continue;
        remembered.delete(originalOf(stream));
        changes++;
      }
      if (!rows) changes++;
    },
  };
}
