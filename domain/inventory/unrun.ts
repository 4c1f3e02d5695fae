/** A movement as it enters an item's history: in its place and its turn, and yet to be run. */
import type { EffectiveDate } from "../kernel/event.ts";
import { type InTurn, withMovement } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { Registered } from "./item-refusals.ts";
import { placeIn } from "./place-in.ts";
import { planned, rerun, rewind } from "./running.ts";
import { isFrozen, turnOf } from "./turn.ts";

/** `events`: the revision of its event. */
type Before = Pick<Registered, "history"> & Readonly<{ events: number | bigint }>;

/** `day`: on which it counts. */
export function unrun(item: Before, move: MovementCommand, day: EffectiveDate): InTurn {
  // What was drawn under `freeze` was drawn in its own place, also where it counts on a later day.
  return isFrozen(item.history.policy)
    ? inPlace(item, move, placeIn(item, move, move.data.effectiveDate), day)
    : inPlace(item, move, placeIn(item, move, day), day);
}

/**
 * A recorded one. Where its day was closed by then, it comes after all of closed time: if others there yield to it (a count, an
 * issue that may go short) and it can't be done any more, it stands where it was decided.
 */
export function entering(item: Registered, move: MovementCommand, day: EffectiveDate): InTurn {
  const own = unrun(item, move, day);
  if (day === move.data.effectiveDate || isFrozen(item.history.policy)) return own;
  const history = planned(item.history, item);
  const [turn, entry] = own;
  const from = rewind(history, turn);
  const run = rerun(withMovement(history, turn, entry, item), { ...from, later: [own, ...from.later] }, item);
  return "ran" in run ? own : inPlace(item, move, placeIn(item, move, move.data.effectiveDate), day);
}

function inPlace(
  { history: { policy }, events }: Before,
  move: MovementCommand,
  place: string,
  day: EffectiveDate,
): InTurn {
  const turn = turnOf(policy, place, events);
  const entry = { move, day, legs: [], booked: undefined };
  if (turn === place) return [turn, entry];
  return [turn, { ...entry, place, ...(isFrozen(policy) && { frozen: true }) }];
}
