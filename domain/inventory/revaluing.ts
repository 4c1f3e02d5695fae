/**
 * A receipt at another value (COSTING §7): every draw of it has its share of the new one, and so have the layers that those
 * brought, on all their way. Quantities stay, and with them all that drew on other layers.
 */
import { share } from "../kernel/decimal.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import { cameBack, claimingBefore } from "./came-back.ts";
import { bookedOf, type Entry, entryNamed, type History } from "./history.ts";
import type { Leg } from "./leg.ts";
import { isOutbound } from "./outbound.ts";
import { referredBy } from "./place-in.ts";
import { returnLegs } from "./returning.ts";
import type { Onward } from "./running-on.ts";
import { openStock } from "./stock.ts";

/** A layer whose value has changed, by the turn that is looked at. */
type Revalued = { queue: string; layer: string; units: bigint; before: bigint; after: bigint };

/** `worth`: of the one layer that the movement in that turn brings. Touches nothing but what it changes. */
export function revalued(history: History, turn: string, entry: Entry, worth: bigint): Onward {
  const movements = draftOf(history.movements);
  const changed: string[] = [];
  /** Of issues, and whatever else took goods, at another cost: what they took. */
  const gone = new Map<string, readonly Leg[]>();
  const open = new Map<string, Revalued>();

  function change(at: string, before: Entry, legs: readonly Leg[]): void {
    movements.set(at, { ...before, legs, booked: bookedOf(before) });
    if (isOutbound(before.move)) gone.set(before.move.data.movement, legs);
    changed.push(at);
  }
  function arrive(leg: Leg, after: bigint): Leg {
    if (after === leg.worth) return leg;
    const { queue, layer, units, worth: before } = leg;
    open.set(leg.place, { queue, layer, units, before, after });
    return { ...leg, worth: after };
  }
  function draw(leg: Leg): Leg {
    const layer = open.get(leg.place);
    if (!layer) return leg;
    const units = -leg.units;
    const taken = units === layer.units ? layer.after : share(layer.after, units, layer.units);
    const left = { units: layer.units - units, before: layer.before + leg.worth, after: layer.after - taken };
    // A layer that is worth what it was, or is used up, changes nothing from here on.
    if (left.before === left.after) open.delete(leg.place);
    else open.set(leg.place, { ...layer, ...left });
    return taken === -leg.worth ? leg : { ...leg, worth: -taken };
  }

  /** What comes back is worth what it cost to go. */
  function comeBack(at: string, back: Entry, of: string, issued: readonly Leg[]): void {
    const { movement } = back.move.data;
    const units = back.legs.reduce((sum, leg) => sum + leg.units, 0n);
    const came = cameBack(claimingBefore(history, of, at), (name) => entryNamed(history, name));
    const rest = { units, came, exempt: () => 0n };
    const worths = returnLegs(issued, rest, { movement, place: at, queue: "" });
    const legs = back.legs.map((leg, index) => arrive(leg, worths[index]?.worth ?? leg.worth));
    if (legs.some((leg, index) => leg !== back.legs[index])) change(at, back, legs);
  }

  movements.set(turn, entry);
  const [own] = entry.legs;
  if (own && own.worth !== worth) change(turn, entry, [arrive(own, worth)]);
  for (const [at, later] of history.movements.entries(turn)) {
    if (open.size === 0 && (gone.size === 0 || history.claims.size === 0)) break;
    if (at === turn) continue;
    const of = later.legs.every(({ units }) => units > 0n) ? referredBy(later.move) : undefined;
    const issued = of === undefined ? undefined : gone.get(of);
    if (of !== undefined && issued) {
      comeBack(at, later, of, issued);
      continue;
    }
    if (!later.legs.some((leg) => leg.units < 0n && open.has(leg.place))) continue;
    const draws = later.legs.filter(({ units }) => units < 0n).map(draw);
    // What a transfer brings is worth what it took: its arrivals come in the order of its draws.
    const arrivals = later.legs
      .filter(({ units }) => units > 0n)
      .map((leg, index) => arrive(leg, -(draws[index]?.worth ?? -leg.worth)));
    const legs = [...draws, ...arrivals];
    if (legs.some((leg, index) => leg !== later.legs[index])) change(at, later, legs);
  }

  const stock = openStock(history.queues);
  for (const [at, { queue, layer, before, after }] of open)
    stock.move({ queue, layer, place: at, units: 0n, worth: after - before });
  const apart = draftOf(history.apart);
  for (const at of changed) apart.set(at, true);
  return { history: { ...history, movements, queues: stock.close(), apart }, changed };
}
