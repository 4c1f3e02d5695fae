/**
 * Commands that a crash cut short between two appends, and that nobody touches again: the projecting process finishes
 * them (COSTING §6), after a while in which whoever began them may still be at it.
 */
import {
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  map,
  type Observable,
  type Subscription,
  switchMap,
  timer,
} from "rxjs";
import type { Pool } from "../read-models/schema.ts";
import { waitingStreams } from "../read-models/waiting.ts";
import { companyStream } from "./company.ts";
import type { Projecting } from "./projecting.ts";

const PATIENCE_S = 5;
const LOOK_EVERY_MS = 1_000;

type Completer = Readonly<{ complete: (stream: string) => Promise<void> }>;

export function finishing(
  moves: Observable<Projecting>,
  pool: Pool,
  book: string,
  { companies, items }: Readonly<{ companies: Completer; items: Completer }>,
  report: (error: unknown) => void,
): Subscription {
  async function finish(): Promise<void> {
    for (const stream of await waitingStreams(pool, book, PATIENCE_S))
      await (stream === companyStream(book) ? companies : items).complete(stream);
  }
  return moves
    .pipe(
      map((now) => now.state === "projecting" && now.waits),
      distinctUntilChanged(),
      switchMap((waits) => (waits ? timer(0, LOOK_EVERY_MS) : EMPTY)),
      exhaustMap(() => finish().catch(report)),
    )
    .subscribe();
}
