/** A movement as it enters an item's history: in its place and its turn, and yet to be run. */
import type { InTurn } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { Registered } from "./item-refusals.ts";
import { placeIn } from "./place-in.ts";
import { turnOf } from "./turn.ts";

/** `events`: the revision of its event. */
export function unrun(
  item: Pick<Registered, "history"> & Readonly<{ events: number | bigint }>,
  move: MovementCommand,
): InTurn {
  const { policy } = item.history;
  const place = placeIn(item, move);
  const turn = turnOf(policy, place, item.events);
  const entry = { move, legs: [], booked: undefined };
  return [turn, turn === place ? entry : { ...entry, place }];
}
