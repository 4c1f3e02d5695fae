/**
 * What recorded counts find otherwise under `freeze` (COSTING §12), since a movement was before them that is recorded later. Their
 * draws stand: the first count after it, in each queue that it changes, draws as much more, or brings a surplus of its own. So what
 * was counted holds.
 */
import { invariant } from "../kernel/assert.ts";
import { share } from "../kernel/decimal.ts";
import { type Scales, stepsOf } from "./cost-row.ts";
import type { Course } from "./course.ts";
import { draws } from "./drawing.ts";
import { areaOf, type Leg, layerPlace, openingName, type Settlement } from "./leg.ts";
import type { Stock } from "./stock.ts";
import { lyingBefore } from "./untaken.ts";

/** Moves the stock on by what it answers with. `legs`: of the movement, which are moved by now. */
export function countDifferences(
  stock: Stock,
  course: Course,
  { place, turn, legs }: Readonly<{ place: string; turn: string; legs: readonly Leg[] }>,
  scales: Scales,
): readonly Settlement[] {
  const found: Settlement[] = [];
  for (const queue of new Set(legs.map((leg) => leg.queue))) {
    const more = legs.reduce((sum, leg) => (leg.queue === queue ? sum + leg.units : sum), 0n);
    const after = more === 0n ? undefined : course.countAfter(queue, place, turn);
    if (!after) continue;
    const { movement, effectiveDate } = after.count.move.data;
    for (const leg of more > 0n
      ? shortage(stock, queue, more, after)
      : surplus(course, queue, -more, after, scales)) {
      stock.move(leg);
      found.push({ ...leg, of: movement, on: effectiveDate, at: turn });
    }
  }
  return found;
}

type Count = NonNullable<ReturnType<Course["countAfter"]>>;

function shortage(stock: Stock, queue: string, units: bigint, { place, count }: Count): readonly Leg[] {
  const { movement } = count.move.data;
  const taken = draws(lyingBefore(stock, place), { location: areaOf(queue), queue, movement }, units);
  invariant(!("short" in taken), "what came before a count does not lie there");
  return taken.legs;
}

/** Of its own, at the unit cost that was fixed when it was posted. */
function surplus(
  course: Course,
  queue: string,
  units: bigint,
  { place, count: { move, legs } }: Count,
  scales: Scales,
): readonly Leg[] {
  invariant(move.type === "CountStock" && move.data.unitCost !== null, "a count without a unit cost");
  const { movement, unitCost } = move.data;
  const cost = stepsOf(unitCost, scales);
  const brought = [...legs, ...course.settledOf(movement)].filter((leg) => leg.units > 0n).length;
  const worth = share(cost.worth, units, cost.units);
  return [{ queue, layer: openingName(movement, brought), place: layerPlace(place, brought), units, worth }];
}
