/** What the movements before a point of the costing order have done, for those after it that go by it. */
import { claimedIn, claimsOn } from "./claims.ts";
import { type Entry, entryNamed, type History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { Leg, Settlement } from "./leg.ts";

type Gone = Pick<Entry, "move" | "day" | "legs">;

export type Course = Readonly<{
  /** A movement before this point. */
  entryOf: (movement: string) => Gone | undefined;
  /** Units of an issue's draws that came back: not those that it was short of. */
  returnedOf: (issue: string) => bigint;
  /** How an issue's deficit was settled so far. */
  settledOf: (issue: string) => readonly Settlement[];
  /** The last leg that came into a queue, or, with none, into any. */
  lastIn: (queue?: string) => Leg | undefined;
  /** The course goes on by a movement that did this. */
  went: (gone: Gone, settles: readonly Settlement[]) => void;
}>;

export function courseFrom(history: History, start: string): Course {
  const { movements } = history;
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
      for (const [place] of claimsOn(history, issue))
        if (place < start) units -= takenBack(movements.get(place)?.legs ?? []);
    returned.set(issue, units);
    return units;
  }
  const settledOf = (issue: string) =>
    settled.get(issue) ?? entryNamed(history, issue)?.settled?.filter(({ at }) => at < start) ?? [];
  const isIn = (queue: string | undefined) => (leg: Leg) =>
    leg.units > 0n && !leg.deficit && (queue === undefined || leg.queue === queue);

  return {
    entryOf,
    returnedOf,
    settledOf,
    lastIn(queue) {
      const last = arrived.findLast(isIn(queue));
      if (last) return last;
      for (const [place, { legs }] of movements.entriesReversed(start)) {
        const found = place < start ? legs.findLast(isIn(queue)) : undefined;
        if (found) return found;
      }
      return undefined;
    },
    went(gone, settles) {
      const { move, legs } = gone;
      run.set(move.data.movement, gone);
      arrived.push(...legs.filter(isIn(undefined)));
      for (const settlement of settles)
        settled.set(settlement.issue, [...settledOf(settlement.issue), settlement]);
      const issue = issueOf(move, entryOf);
      if (issue === undefined) return;
      const units = legs.reduce((sum, leg) => sum + leg.units, 0n) - takenBack(legs);
      returned.set(issue, returnedOf(issue) + units);
    },
  };
}

/** Whose goods come back, or went again. */
function issueOf(move: MovementCommand, entryOf: Course["entryOf"]): string | undefined {
  if (move.type === "ReturnGoods") return move.data.issue;
  if (move.type !== "CompensateMovement") return undefined;
  const undone = entryOf(move.data.compensated)?.move;
  return undone?.type === "ReturnGoods" ? undone.data.issue : undefined;
}

const takenBack = (legs: readonly Leg[]): bigint =>
  legs.reduce((sum, leg) => (leg.deficit ? sum + leg.units : sum), 0n);
