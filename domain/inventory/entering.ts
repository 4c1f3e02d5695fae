/** A movement as it enters an item's history, or leaves it as if it had never been: what it says of others comes and goes with it. */
import { draftOf, type SortedMap } from "../kernel/sorted-map.ts";
import { claimKey, claimOf } from "./claims.ts";
import type { Scales } from "./cost-row.ts";
import { isUninvoiced, uninvoicedKey } from "./exempt-units.ts";
import { bookedOf, countKey, type Entry, entryNamed, entryOf, type History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";

/** With a movement in its turn, and what it says of others; its legs and those after it have yet to be run. */
export function withMovement(history: History, turn: string, entry: Entry, scales: Scales): History {
  const [movements, turns] = [draftOf(history.movements), draftOf(history.turns)];
  const { move, place } = entry;
  movements.set(turn, entry);
  turns.set(move.data.movement, turn);
  if (move.type === "CompensateMovement") {
    const [undone, before] = entryOf(history, move.data.compensated);
    movements.set(undone, { ...before, compensated: move.data.movement });
  }
  return {
    ...{ ...history, movements, turns, ...saidBy(history, entry, turn, scales) },
    ...(place !== undefined && { turnsAt: withTurnAt(history, place, turn) }),
    entangled: history.entangled || isEntangling(move),
  };
}

/** Without it, as if it had never been. Its legs are still those that it had: running on from there moves them back. */
export function withoutMovement(history: History, turn: string, entry: Entry, scales: Scales): History {
  const movements = draftOf(history.movements);
  movements.set(turn, { ...entry, cancelled: true, booked: bookedOf(entry) });
  const { move } = entry;
  if (move.type === "CompensateMovement") {
    const [undone, { compensated: _compensated, ...before }] = entryOf(history, move.data.compensated);
    movements.set(undone, before);
  }
  return { ...history, movements, ...saidBy(history, entry, turn, scales, "gone") };
}

/** What a movement claims, or cuts, or leaves for others to bear. */
function saidBy(
  history: History,
  entry: Entry,
  turn: string,
  scales: Scales,
  is: "there" | "gone" = "there",
): Pick<History, "claims" | "counts" | "uninvoiced"> {
  const { move, place = turn } = entry;
  const claim = claimOf(move, (movement) => entryNamed(history, movement)?.move, scales);
  const { claims: before, counts: cut, uninvoiced: unbilled } = history;
  if (!claim && move.type !== "CountStock") return { claims: before, counts: cut, uninvoiced: unbilled }; // nearly all
  const [claims, counts, uninvoiced] = [draftOf(before), draftOf(cut), draftOf(unbilled)];
  if (claim && isUninvoiced({ move })) {
    const key = uninvoicedKey(claim.of, move.data.movement);
    if (is === "there") uninvoiced.set(key, true);
    else uninvoiced.delete(key);
  }
  if (claim && is === "there") claims.set(claimKey(claim.of, turn), claim.units);
  else if (claim) claims.delete(claimKey(claim.of, turn));
  if (move.type === "CountStock" && is === "there")
    counts.set(countKey(move.data.location, place), move.data.movement);
  else if (move.type === "CountStock") counts.delete(countKey(move.data.location, place));
  return { claims, counts, uninvoiced };
}

function withTurnAt(history: History, place: string, turn: string): SortedMap<string> {
  const turnsAt = draftOf(history.turnsAt);
  turnsAt.set(place, turn);
  return turnsAt;
}

const isEntangling = (move: MovementCommand): boolean =>
  (move.type === "IssueGoods" && move.data.mayGoShort !== undefined) || isUninvoiced({ move });
