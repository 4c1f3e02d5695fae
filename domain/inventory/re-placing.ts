/**
 * A day with a count, when a movement of it is as if it had never been: what the count cut is no longer cut, so the movements of
 * that day find their places again, in the order in which they were recorded.
 */
import type { EffectiveDate } from "../kernel/event.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import type { Scales } from "./cost-row.ts";
import { bookedOf, type Entry, type History, least, type Placed, withMovement } from "./history.ts";
import { placeIn, revisionIn } from "./place-in.ts";
import { rewind } from "./running.ts";

export const hasCount = ({ counts }: History, day: EffectiveDate): boolean =>
  [...counts.entries()].some(([key]) => isOf(placeOfKey(key), day));

/** All from that day on have yet to be run again; what is booked of them is as it was. */
export function rePlaced(history: History, day: EffectiveDate, scales: Scales): History {
  const { stock, later } = rewind(history, day);
  const [movements, places] = [draftOf(history.movements), draftOf(history.places)];
  const [claims, counts, apart] = [draftOf(history.claims), draftOf(history.counts), draftOf(history.apart)];
  for (const [key] of history.claims.entries()) if (isOf(placeOfKey(key), day)) claims.delete(key);
  for (const [key] of history.counts.entries()) if (isOf(placeOfKey(key), day)) counts.delete(key);
  const ofTheDay: Placed[] = [];
  for (const [place, entry] of later) {
    const unrun = withoutLegs(entry, day);
    if (isOf(place, day) && !entry.cancelled) {
      movements.delete(place);
      places.delete(entry.move.data.movement);
      ofTheDay.push([place, unrun]);
    } else movements.set(place, unrun);
  }
  for (const [place, entry] of history.movements.entries()) {
    if (place >= day) break;
    if (!entry.settled?.some(({ at }) => at >= day)) continue;
    movements.set(place, unsettled(entry, day));
    apart.set(place, true);
  }
  const queues = stock.close();
  let placed: History = { ...history, movements, places, claims, counts, apart, queues };
  for (const [place, entry] of ofTheDay.sort(([a], [b]) => (revisionIn(a) < revisionIn(b) ? -1 : 1))) {
    const events = BigInt(revisionIn(place));
    placed = withMovement(placed, placeIn({ events, history: placed }, entry.move, day), entry, scales);
  }
  return { ...placed, stale: least(history.stale, day), settledAt: null };
}

/** Of a key that ends with one. */
const placeOfKey = (key: string): string => key.slice(key.indexOf(" ") + 1);
const isOf = (place: string, day: EffectiveDate): boolean => place.startsWith(`${day}/`);

function withoutLegs(entry: Entry, day: EffectiveDate): Entry {
  const { settles: _settles, ...others } = unsettled(entry, day);
  return { ...others, legs: [] };
}

const unsettled = (entry: Entry, day: EffectiveDate): Entry => ({
  ...entry,
  booked: bookedOf(entry),
  ...(entry.settled && { settled: entry.settled.filter(({ at }) => at < day) }),
});
