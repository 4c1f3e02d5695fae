/**
 * A day with a count, when a movement of it is as if it had never been: what the count cut is no longer cut, so the movements of
 * that day find their places again, in the order in which they were recorded. Under `replay`, where that may be.
 */
import type { EffectiveDate } from "../kernel/event.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import type { Scales } from "./cost-row.ts";
import { withMovement } from "./entering.ts";
import { bookedOf, countKey, type Entry, type History, type InTurn, least } from "./history.ts";
import { revisionIn } from "./place-in.ts";
import { rewind } from "./running.ts";
import { turnFrom } from "./turn.ts";
import { unrun } from "./unrun.ts";

export const hasCount = ({ counts }: History, day: EffectiveDate): boolean =>
  [...counts.entries()].some(([key]) => isOf(endOf(key), day));

/** All from that day on have yet to be run again; what is booked of them is as it was. */
export function rePlaced(history: History, day: EffectiveDate, scales: Scales): History {
  const begin = turnFrom(history.policy, day);
  const { stock, later } = rewind(history, begin);
  const [movements, turns, turnsAt] = [
    draftOf(history.movements),
    draftOf(history.turns),
    draftOf(history.turnsAt),
  ];
  const [claims, counts, apart] = [draftOf(history.claims), draftOf(history.counts), draftOf(history.apart)];
  for (const [key] of history.claims.entries()) if (isOf(endOf(key), begin)) claims.delete(key);
  const ofTheDay: InTurn[] = [];
  for (const [turn, entry] of later) {
    const { move, place = turn } = entry;
    const bare = withoutLegs(entry, begin);
    if (isOf(turn, begin) && !entry.cancelled) {
      movements.delete(turn);
      turns.delete(move.data.movement);
      turnsAt.delete(place);
      if (move.type === "CountStock") counts.delete(countKey(move.data.location, place));
      ofTheDay.push([place, bare]);
    } else movements.set(turn, bare);
  }
  for (const [turn, entry] of history.movements.entries()) {
    if (turn >= begin) break;
    if (!entry.settled?.some(({ at }) => at >= begin)) continue;
    movements.set(turn, unsettled(entry, begin));
    apart.set(turn, true);
  }
  const queues = stock.close();
  let placed: History = { ...history, movements, turns, turnsAt, claims, counts, apart, queues };
  for (const [place, entry] of ofTheDay.sort(([a], [b]) => (revisionIn(a) < revisionIn(b) ? -1 : 1))) {
    const events = BigInt(revisionIn(place));
    const [turn, { place: own }] = unrun({ events, history: placed }, entry.move);
    const { place: _place, ...others } = entry;
    placed = withMovement(placed, turn, own === undefined ? others : { ...others, place: own }, scales);
  }
  return { ...placed, stale: least(history.stale, begin), settledAt: null };
}

/** Of a key that ends with a place or a turn. */
const endOf = (key: string): string => key.slice(key.indexOf(" ") + 1);
const isOf = (place: string, day: EffectiveDate): boolean => place.startsWith(`${day}/`);

function withoutLegs(entry: Entry, begin: string): Entry {
  const { settles: _settles, ...others } = unsettled(entry, begin);
  return { ...others, legs: [] };
}

const unsettled = (entry: Entry, begin: string): Entry => ({
  ...entry,
  booked: bookedOf(entry),
  ...(entry.settled && { settled: entry.settled.filter(({ at }) => at < begin) }),
});
