/** For who asks once and leaves: waits until the tables hold all that the log has of the book now. */
import { defer, filter, firstValueFrom, map, merge } from "rxjs";
import type { EventStore } from "../domain/kernel/event-store.ts";
import { progress } from "../read-models/progress.ts";
import type { Book } from "./book.ts";

const FOREVER_MS = 2 ** 31 - 1;

/** Whoever projects, this process or another. Rejects where an event can't be decoded. */
export async function catchUp({ name, pool, store, projecting, seen }: Book): Promise<void> {
  if (!projecting) throw new Error("Invariant broken: a book that does not project can't catch up");
  const { reached } = await progress(pool, name);
  const last = await lastPosition(store, name, reached);
  // Another's projector that stops lets go, and this process's stops at the same event.
  const stopped = projecting.pipe(
    filter((now) => now.state === "stopped"),
    map(({ reason }) => {
      throw new Error(`the read models stand still: ${reason}`);
    }),
  );
  await firstValueFrom(
    merge(
      stopped,
      defer(() => seen(last, FOREVER_MS)),
    ),
  );
}

/** Of the book's last event after a position, or that position. */
async function lastPosition(
  store: Pick<EventStore, "subscribe">,
  book: string,
  after: bigint,
): Promise<bigint> {
  let last = after;
  for await (const { events, caughtUp } of store.subscribe(`${book}.`, after, new AbortController().signal)) {
    last = events.at(-1)?.position ?? last;
    if (caughtUp) break;
  }
  return last;
}
