import type { Recorded } from "../../domain/kernel/event.ts";
import { type EventStore, LOG_START } from "../../domain/kernel/event-store.ts";

/** All that the log has of a book, in order. */
export async function logOf(
  book: string,
  store: Pick<EventStore, "subscribe">,
): Promise<readonly Recorded[]> {
  const log: Recorded[] = [];
  for await (const { events, caughtUp } of store.subscribe(
    `${book}.`,
    LOG_START,
    new AbortController().signal,
  )) {
    log.push(...events);
    if (caughtUp) break;
  }
  return log;
}
