/**
 * States of long streams, kept for who folds them next. Each is of one trail, one fold, and one knowledge of what its events
 * count as: with any other it is not there. Whatever goes wrong with them, a stream is folded from its beginning.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SnapshotRow, SnapshotTable } from "../../read-models/snapshots.ts";
import { sha256, sha256OfText } from "./idempotency.ts";
import { stateOf, textOf } from "./state-text.ts";

/** `counting`: what `Folding.countingAt` said of the position. */
export type Snapshot<S> = Readonly<{ state: S; revision: bigint; position: bigint; counting: bigint }>;

export interface Snapshots<S> {
  /** Of this trail, and of this program's fold. */
  latest(stream: string): Promise<Snapshot<S> | undefined>;
  /** In the background, if so much was folded since the last one that it is worth it; or answers that it is not begun. */
  keep(stream: string, snapshot: Snapshot<S>, folded: number): boolean;
  close(): void;
}

type Options = Readonly<{
  /** Counts on whenever other states come of the same events. */
  fold: number;
  report: (error: unknown) => void;
  /** Whoever asked has the answer by then, the trail has the events, and of several in a row one is kept. */
  afterMs?: number;
  foldedMin?: number;
}>;

/** Of a stream: less than this is folded as quickly as the rest is read. */
const PART = 10;

export function snapshots<S>(
  table: SnapshotTable,
  { fold, report, afterMs = 5_000, foldedMin = 1_000 }: Options,
): Snapshots<S> {
  const closing = new AbortController();
  let isBusy = false;

  async function keeping(stream: string, { state, ...at }: Snapshot<S>): Promise<void> {
    await sleep(afterMs, undefined, { ref: false, signal: closing.signal });
    const hash = await table.hashAt({ stream, ...at });
    if (hash === undefined) return; // the trail lags: another time
    const row = { stream, fold, hash, ...at, state: await textOf(state) };
    await table.keep({ ...row, seal: sealOf(row) });
  }

  return {
    async latest(stream) {
      try {
        const row = await table.find(stream, fold);
        if (!row) return undefined;
        const { revision, position, counting, state, seal } = row;
        if (seal !== sealOf(row)) throw new Error(`the snapshot of ${stream} is not as it was written`);
        return { revision, position, counting, state: stateOf(state) as S };
      } catch (error) {
        report(error);
        return undefined;
      }
    },

    keep(stream, snapshot, folded) {
      if (isBusy || folded < foldedMin || BigInt(folded * PART) < snapshot.revision) return false;
      isBusy = true;
      void keeping(stream, snapshot)
        .catch((error) => closing.signal.aborted || report(error))
        .finally(() => {
          isBusy = false;
        });
      return true;
    },

    close: () => closing.abort(),
  };
}

/** Over all that is in the row. */
function sealOf({
  stream,
  fold,
  revision,
  position,
  hash,
  counting,
  state,
}: Omit<SnapshotRow, "seal">): string {
  const numbers = [revision, position, counting].map(String);
  return sha256([stream, fold, ...numbers, hash, sha256OfText(state)]);
}
