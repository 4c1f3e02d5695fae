/** What movements have done up to a turn, for those after it that go by it. */
import { placesBefore, placesFrom } from "./by-place.ts";
import { claimedIn, claimsOn } from "./claims.ts";
import { countKey, type Entry, entryNamed, type History, entryOf as named } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import { areaOf, type Leg, queueName, type Settlement } from "./leg.ts";

type Gone = Pick<Entry, "move" | "legs">;

export type Course = Readonly<{
  /** A movement before this turn. */
  entryOf: (movement: string) => Gone | undefined;
  /** Units of an issue's draws that came back: not those that it was short of. */
  returnedOf: (issue: string) => bigint;
  /** Of an issue's draw of a layer, by its place: the units that have come back and bear what invoices differ by. */
  borneBack: (issue: string, from: string) => bigint;
  /** How an issue's deficit was settled so far, or what a count found otherwise. */
  settledOf: (movement: string) => readonly Settlement[];
  /** The last leg before a place that came into a queue, or, with none, into any. */
  lastIn: (place: string, queue?: string) => Leg | undefined;
  /** Units that movements placed after a place have moved in a queue, of those before a turn. */
  movedAfter: (queue: string, place: string, turn: string) => bigint;
  /** The first count in a queue that is placed after a place, of those before a turn. */
  countAfter: (
    queue: string,
    place: string,
    turn: string,
  ) => Readonly<{ place: string; count: Gone }> | undefined;
  /** The course goes on by a movement that did this. */
  went: (gone: Gone, settles: readonly Settlement[]) => void;
}>;

export function courseFrom(history: History, start: string): Course {
  const { movements, turnsAt } = history;
  const run = new Map<string, Gone>();
  const arrived: Leg[] = [];
  const returned = new Map<string, bigint>();
  const settled = new Map<string, readonly Settlement[]>();

  const entryOf = (movement: string): Gone | undefined => run.get(movement) ?? entryNamed(history, movement);
  function returnedOf(issue: string): bigint {
    const known = returned.get(issue);
    if (known !== undefined) return known;
    let units = claimedIn(history, issue, start);
    if (entryNamed(history, issue)?.legs.some(({ deficit }) => deficit))
      for (const [turn] of claimsOn(history, issue))
        if (turn < start) units -= takenBack(movements.get(turn)?.legs ?? []);
    returned.set(issue, units);
    return units;
  }
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
    returnedOf,
    borneBack(issue, from) {
      let units = 0n;
      for (const [turn] of claimsOn(history, issue)) {
        const recorded = movements.get(turn);
        const gone =
          recorded && (run.get(recorded.move.data.movement) ?? (turn < start ? recorded : undefined));
        if (!gone) continue;
        const undone = gone.move.type === "CompensateMovement" ? gone.move.data.compensated : undefined;
        const back = undone === undefined ? gone : entryOf(undone);
        for (const leg of back?.legs ?? [])
          if (leg.from === from && leg.borne)
            units += undone === undefined ? leg.borne.units : -leg.borne.units;
      }
      return units < 0n ? 0n : units;
    },
    settledOf,
    lastIn(before, queue) {
      const isBefore = (leg: Leg) => leg.place < before && isIn(queue)(leg);
      if (turnsAt.size === 0) return arrived.findLast(isBefore) ?? recordedIn(start, queue);
      // They may have run in another order than they lie.
      const last = arrived.filter(isBefore).reduce<Leg | undefined>(laterOf, undefined);
      const recorded = recordedIn(before, queue);
      return last && recorded ? laterOf(last, recorded) : (last ?? recorded);
    },
    movedAfter(queue, place, now) {
      let units = 0n;
      for (const { turn, entry } of placesFrom(history, place)) {
        if (turn >= now) continue;
        const { movement } = entry.move.data;
        const { legs } = run.get(movement) ?? entry;
        for (const leg of [...legs, ...settledOf(movement)]) if (leg.queue === queue) units += leg.units;
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
      if (issue === undefined) return;
      const units = legs.reduce((sum, leg) => sum + leg.units, 0n) - takenBack(legs);
      returned.set(issue, returnedOf(issue) + units);
    },
  };
}

const laterOf = (a: Leg | undefined, b: Leg): Leg => (a && a.place > b.place ? a : b);

/** Whose goods come back, or went again. */
function issueOf(move: MovementCommand, entryOf: Course["entryOf"]): string | undefined {
  if (move.type === "ReturnGoods") return move.data.issue;
  if (move.type !== "CompensateMovement") return undefined;
  const undone = entryOf(move.data.compensated)?.move;
  return undone?.type === "ReturnGoods" ? undone.data.issue : undefined;
}

const takenBack = (legs: readonly Leg[]): bigint =>
  legs.reduce((sum, leg) => (leg.deficit ? sum + leg.units : sum), 0n);
