/** What the projecting process sees to besides projecting: looked at again and again while there may be something to do. */
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
import type { Projecting } from "./projecting.ts";

export type Chore = Readonly<{
  when: (now: Projecting) => boolean;
  everyMs: number;
  look: () => Promise<void>;
}>;

export const whileProjecting = ({ state }: Projecting): boolean => state === "projecting";

/** One look at a time; what it rejects with is reported, unless nobody looks any more, and it is tried again. */
export function seeTo(
  { when, everyMs, look }: Chore,
  moves: Observable<Projecting>,
  report: (error: unknown) => void,
): Subscription {
  const seeing: Subscription = moves
    .pipe(
      map(when),
      distinctUntilChanged(),
      switchMap((may) => (may ? timer(0, everyMs) : EMPTY)),
      exhaustMap(() =>
        look().catch((error) => {
          if (!seeing.closed) report(error);
        }),
      ),
    )
    .subscribe();
  return seeing;
}
