/** What movements have done up to a turn, for those after it that go by it. */
import { placesBefore, placesFrom } from "./by-place.ts";
import { type CameBack, cameBack, claimingBefore, issueOf } from "./came-back.ts";
import { countKey, type Entry, entryNamed, type History, entryOf as named } from "./history.ts";
import { areaOf, freeBeside, type Leg, queueName, type Settlement } from "./leg.ts";

type Gone = Pick<Entry, "move" | "legs">;

export type Course = Readonly<{
  /** A movement before this turn. */
  entryOf: (movement: string) => Gone | undefined;
  /** Of an issue's draws: not of what it was short of. */
  cameBackOf: (issue: string) => CameBack;
  /** How an issue's deficit was settled so far, or what a count found otherwise. */
  settledOf: (movement: string) => readonly Settlement[];
  /** The last leg before a place that came into a queue, or, with none, into any. */
  lastIn: (place: string, queue?: string) => Leg | undefined;
  /** Units that movements placed after a place have moved in a free queue and those beside it, of those before a turn. */
  movedAfter: (free: string, place: string, turn: string) => bigint;
  /** The first count in a free queue, and of those beside it, that is placed after a place, of those before a turn. */
  countAfter: (
    queue: string,
    place: string,
    turn: string,
  ) => Readonly<{ place: string; count: Gone }> | undefined;
  /** The course goes on by a movement that did this. */
  went: (gone: Gone, settles: readonly Settlement[]) => void;
}>;

export function courseFrom(history: History, start: string): Course {
  const { turnsAt } = history;
  const run = new Map<string, Gone>();
  const arrived: Leg[] = [];
  const back = new Map<string, readonly Gone[]>();
  const settled = new Map<string, readonly Settlement[]>();

  const entryOf = (movement: string): Gone | undefined => run.get(movement) ?? entryNamed(history, movement);
  const settledOf = (movement: string) =>
    settled.get(movement) ?? entryNamed(history, movement)?.settled?.filter(({ at }) => at < start) ?? [];
  const isIn = (queue: string | undefined) => (leg: Leg) =>
    leg.units > 0n && !leg.deficit && (queue === undefined || leg.queue === queue);

  function recordedIn(before: string, queue: string | undefined): Leg | undefined {
    for (const { place, turn, entry } of placesBefore(history, before)) {
      if (place >= before || turn >= start) continue;
      const found = [...entry.legs, ...settledOf(entry.move.data.movement)].findLast(isIn(queue));
      if (found) return found;
    }
    return undefined;
  }

  return {
    entryOf,
    cameBackOf: (issue) =>
      cameBack([...claimingBefore(history, issue, start), ...(back.get(issue) ?? [])], entryOf),
    settledOf,
    lastIn(before, queue) {
      const isBefore = (leg: Leg) => leg.place < before && isIn(queue)(leg);
      if (turnsAt.size === 0) return arrived.findLast(isBefore) ?? recordedIn(start, queue);
      // They may have run in another order than they lie.
      const last = arrived.filter(isBefore).reduce<Leg | undefined>(laterOf, undefined);
      const recorded = recordedIn(before, queue);
      return last && recorded ? laterOf(last, recorded) : (last ?? recorded);
    },
    movedAfter(free, place, now) {
      let units = 0n;
      for (const { turn, entry } of placesFrom(history, place)) {
        if (turn >= now) continue;
        const { movement } = entry.move.data;
        const { legs } = run.get(movement) ?? entry;
        for (const leg of [...legs, ...settledOf(movement)])
          if (freeBeside(leg.queue) === free) units += leg.units;
      }
      return units;
    },
    countAfter(queue, place, now) {
      const area = areaOf(queue);
      for (const [key, movement] of history.counts.entries(countKey(area, place))) {
        if (!key.startsWith(countKey(area, ""))) break;
        const [turn, entry] = named(history, movement);
        if (turn < now && queueName(area, entry.move.data.lot) === queue)
          return { place: key.slice(countKey(area, "").length), count: run.get(movement) ?? entry };
      }
      return undefined;
    },
    went(gone, settles) {
      const { move, legs } = gone;
      run.set(move.data.movement, gone);
      arrived.push(...[...legs, ...settles].filter(isIn(undefined)));
      for (const settlement of settles) settled.set(settlement.of, [...settledOf(settlement.of), settlement]);
      const issue = issueOf(move, entryOf);
      if (issue !== undefined) back.set(issue, [...(back.get(issue) ?? []), gone]);
    },
  };
}

const laterOf = (a: Leg | undefined, b: Leg): Leg => (a && a.place > b.place ? a : b);
