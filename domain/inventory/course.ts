/** What the movements before a point of the costing order have done, for those after it that take something of it back. */
import type { Entry, History } from "./history.ts";
import type { MovementCommand } from "./item-events.ts";
import type { Leg } from "./leg.ts";

export type Course = Readonly<{
  /** The legs of a movement. */
  legsOf: (movement: string) => readonly Leg[];
  /** Units of an issue that came back. */
  returnedOf: (issue: string) => bigint;
  /** The course goes on by a movement that did this. */
  went: (move: MovementCommand, legs: readonly Leg[]) => void;
}>;

/** By issue and place, so that those of an issue lie together, in order. Ids hold no space. */
export const returnKey = (issue: string, place: string): string => `${issue} ${place}`;

/** Units of an issue that came back before a place, or ever. */
export function returnedIn(returns: History["returns"], issue: string, before?: string): bigint {
  let units = 0n;
  for (const [key, back] of returns.entries(returnKey(issue, ""))) {
    if (!key.startsWith(`${issue} `)) break;
    if (before !== undefined && key >= returnKey(issue, before)) break;
    units += back;
  }
  return units;
}

/** The returns of an issue, by name. */
export function returnsOf({ returns, movements }: History, issue: string): readonly string[] {
  const names: string[] = [];
  for (const [key] of returns.entries(returnKey(issue, ""))) {
    if (!key.startsWith(`${issue} `)) break;
    const back = movements.get(key.slice(issue.length + 1));
    if (back) names.push(back.move.data.movement);
  }
  return names;
}

export function courseFrom({ movements, places, returns }: History, start: string): Course {
  const run = new Map<string, readonly Leg[]>();
  const returned = new Map<string, bigint>();

  function entryOf(movement: string): Entry | undefined {
    const place = places.get(movement);
    return place === undefined ? undefined : movements.get(place);
  }
  function returnedOf(issue: string): bigint {
    const units = returned.get(issue) ?? returnedIn(returns, issue, start);
    returned.set(issue, units);
    return units;
  }

  return {
    legsOf: (movement) => run.get(movement) ?? entryOf(movement)?.legs ?? [],
    returnedOf,
    went(move, legs) {
      run.set(move.data.movement, legs);
      if (move.type !== "ReturnGoods") return;
      const units = legs.reduce((sum, leg) => sum + leg.units, 0n);
      returned.set(move.data.issue, returnedOf(move.data.issue) + units);
    },
  };
}
