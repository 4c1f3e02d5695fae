/** An item's movements in costing order, in whatever order they run. */
import { invariant } from "../kernel/assert.ts";
import type { Entry, History } from "./history.ts";
import { isInPlace } from "./turn.ts";

type Recorded = Pick<History, "movements" | "turnsAt">;
export type AtPlace = Readonly<{ place: string; turn: string; entry: Entry }>;

/** Upwards from a place. */
export const placesFrom = (history: Recorded, place: string): Iterable<AtPlace> =>
  merged(
    inTheirs(history.movements.entries(place)),
    others(history, history.turnsAt.entries(place)),
    (a, b) => a.place < b.place,
  );

/** Downwards from a place. */
export const placesBefore = (history: Recorded, place: string): Iterable<AtPlace> =>
  merged(
    inTheirs(history.movements.entriesReversed(place)),
    others(history, history.turnsAt.entriesReversed(place)),
    (a, b) => a.place > b.place,
  );

/** Those that run in their places. */
function* inTheirs(entries: Iterable<readonly [turn: string, entry: Entry]>): Generator<AtPlace> {
  for (const [turn, entry] of entries) {
    if (!isInPlace(turn)) return;
    yield { place: turn, turn, entry };
  }
}

function* others(
  { movements }: Recorded,
  turns: Iterable<readonly [place: string, turn: string]>,
): Generator<AtPlace> {
  for (const [place, turn] of turns) {
    const entry = movements.get(turn);
    invariant(entry !== undefined, `nothing runs in the turn of ${place}`);
    yield { place, turn, entry };
  }
}

function* merged(
  some: Iterator<AtPlace>,
  others: Iterator<AtPlace>,
  isSooner: (a: AtPlace, b: AtPlace) => boolean,
): Generator<AtPlace> {
  let [one, other] = [some.next(), others.next()];
  while (!one.done || !other.done)
    if (!one.done && (other.done || isSooner(one.value, other.value))) {
      yield one.value;
      one = some.next();
    } else if (!other.done) {
      yield other.value;
      other = others.next();
    }
}
