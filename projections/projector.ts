/**
 * The log → all tables, for ever. Whatever breaks (Postgres, the log, the fence, a commit without an answer), all
 * memory is forgotten and it starts again from the tables. Only an event that can't be decoded ends it: skipping one
 * would falsify every figure.
 */
import { defer, Observable, retry, throwError, timer } from "rxjs";
import { UndecodableEvent } from "../domain/catalogue.ts";
import type { EventStore } from "../domain/kernel/event-store.ts";
import { openSession } from "../read-models/database.ts";
import { batchApplier } from "./apply-batch.ts";
import { type Checkpoint, SIGN_OF_LIFE_MS, takeFence } from "./fence.ts";

export type Progress = Readonly<{
  checkpoint: Checkpoint;
  /** All that was in the log when it was subscribed to has been applied. */
  caughtUp: boolean;
  /** Events lie aside whose command has no end yet. */
  waits: boolean;
}>;

/** `report` is told why it starts again; `standsBy`, that it can begin, and waits to be elected. */
export type Parts = Readonly<{
  databaseUrl: string;
  book: string;
  store: Pick<EventStore, "subscribe">;
  report: (error: unknown) => void;
  standsBy?: () => void;
}>;

const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MAX_MS = 10_000;

/** Subscribed to once. Emits after each transaction; unsubscribing ends it between two of them. */
export function project({ report, ...parts }: Parts): Observable<Progress> {
  const delay = (error: unknown, attempt: number) => {
    if (error instanceof UndecodableEvent) return throwError(() => error);
    report(error);
    return timer(Math.min(BACK_OFF_FIRST_MS * 2 ** attempt, BACK_OFF_MAX_MS));
  };
  return defer(() => once(parts)).pipe(retry({ delay, resetOnSuccess: true }));
}

function once({ databaseUrl, book, store, standsBy }: Omit<Parts, "report">): Observable<Progress> {
  return new Observable((subscriber) => {
    const stopped = new AbortController();
    let close: () => Promise<void> = async () => {};

    async function run(): Promise<void> {
      const session = await openSession(databaseUrl, { onLost: () => stopped.abort() });
      close = () => session.close();
      let signs: NodeJS.Timeout | undefined;
      try {
        if (stopped.signal.aborted) return;
        standsBy?.();
        const taken = await takeFence(session, book);
        signs = setInterval(() => void session.query("select").catch(() => {}), SIGN_OF_LIFE_MS);
        const applier = batchApplier(session, book, taken);
        const emit = (caughtUp: boolean) =>
          subscriber.next({ checkpoint: applier.checkpoint(), caughtUp, waits: applier.waits() });
        emit(false);
        const after = taken.checkpoint.reached;
        for await (const { caughtUp, ...batch } of store.subscribe(`${book}.`, after, stopped.signal)) {
          await applier.apply(batch);
          emit(caughtUp);
        }
      } finally {
        clearInterval(signs);
        await session.close().catch(() => {}); // the session may be what broke
      }
      if (!subscriber.closed) throw new Error("the projector's session or subscription ended");
    }

    run().catch((error: unknown) => subscriber.error(error));
    return () => {
      stopped.abort();
      void close().catch(() => {}); // ends a wait for the lock
    };
  });
}
