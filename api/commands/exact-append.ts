/** An append whose outcome is known, or a throw that says why not. */
import type { NewEvent } from "../../domain/kernel/event.ts";
import type { Appended, EventStore } from "../../domain/kernel/event-store.ts";

/** The store's answer did not come, twice: written or not, nobody knows. */
export class Unknown extends Error {}

/** The stream stands elsewhere; nothing was written. */
export class Conflict extends Error {}

export const exactAppend =
  (store: Pick<EventStore, "append">) =>
  async (stream: string, events: readonly NewEvent[], expected: bigint): Promise<Appended> => {
    const once = await store.append(stream, events, expected);
    // An answer got lost, or the events did: the same append again is safe, and tells.
    const result = once.outcome === "unknown" ? await store.append(stream, events, expected) : once;
    if (result.outcome === "appended") return result;
    throw result.outcome === "unknown" ? new Unknown(stream) : new Conflict(stream);
  };
