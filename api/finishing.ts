/**
 * Commands that a crash cut short between two appends, and that nobody touches again: the projecting process finishes
 * them (COSTING §6), after a while in which whoever began them may still be at it.
 */
import type { Pool } from "../read-models/schema.ts";
import { waitingStreams } from "../read-models/waiting.ts";
import type { Chore } from "./chores.ts";
import { companyStream } from "./company.ts";

const PATIENCE_S = 5;
const LOOK_EVERY_MS = 1_000;

type Completer = Readonly<{ complete: (stream: string) => Promise<void> }>;

/** No document of another category is longer than one append. */
export const finishing = (
  pool: Pool,
  book: string,
  {
    companies,
    items,
    refresh,
  }: Readonly<{
    companies: Completer;
    items: Completer;
    refresh: () => Promise<void>;
  }>,
): Chore => ({
  when: (now) => now.state === "projecting" && now.waits,
  everyMs: LOOK_EVERY_MS,
  async look() {
    const streams = await waitingStreams(pool, book, PATIENCE_S);
    if (streams.length > 0) await refresh(); // they are decided again by the periods that the log has
    for (const stream of streams) await (stream === companyStream(book) ? companies : items).complete(stream);
  },
});
