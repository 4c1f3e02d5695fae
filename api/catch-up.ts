/** For who asks once and leaves: waits until the tables hold all that the log has of the book now. */
import { filter, firstValueFrom, map, race, timer } from "rxjs";
import type { EventStore } from "../domain/kernel/event-store.ts";
import { progress } from "../read-models/progress.ts";
import type { Book } from "./book.ts";
import type { Projecting } from "./projecting.ts";

const ELECTION_MS = 500;
const FOREVER_MS = 2 ** 31 - 1;

/** Rejects where an event can't be decoded. */
export async function catchUp({ name, pool, store, projecting, seen }: Book): Promise<void> {
  if (!projecting) throw new Error("Invariant broken: a book that does not project can't catch up");
  const settled = projecting.pipe(filter((now) => now.state === "stopped" || isCaughtUp(now)));
  const other = timer(ELECTION_MS).pipe(
    filter(() => projecting.value.state === "standby"),
    map((): Projecting => ({ state: "standby" })),
  );
  const now = await firstValueFrom(race(settled, other));
  if (now.state === "stopped") throw new Error(`the read models stand still: ${now.reason}`);
  if (now.state !== "standby") return;
  // Another process projects: it is waited for up to where the log ends now.
  const { reached } = await progress(pool, name);
  await seen(await lastPosition(store, name, reached), FOREVER_MS);
}

const isCaughtUp = (now: Projecting): boolean => now.state === "projecting" && now.caughtUp;

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
