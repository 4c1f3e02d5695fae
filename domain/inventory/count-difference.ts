/**
 * What recorded counts find otherwise under `freeze` (COSTING §12), since a movement was before them that is recorded later. Their
 * draws stand: the first count after it, in each queue that it changes, draws as much more, or brings a surplus of its own. So what
 * was counted holds.
 */
import { invariant } from "../kernel/assert.ts";
import { share } from "../kernel/decimal.ts";
import { type Scales, stepsOf } from "./cost-row.ts";
import type { Course } from "./course.ts";
import { drawsOfAll, type Legs, type Short } from "./drawing.ts";
import type { MovementCommand } from "./item-commands.ts";
import { areaOf, freeBeside, type Leg, layerPlace, openingName, type Settlement } from "./leg.ts";
import type { Stock } from "./stock.ts";
import { lyingBefore } from "./untaken.ts";

/** What comes before a count, and brings nothing that it could draw: it makes up for what an issue lacked there. */
type LeavesCount = Readonly<{ short: Short; of: MovementCommand }>;

/** Moves the stock on by what it answers with. `legs`: of the movement, which are moved by now. */
export function countDifferences(
  stock: Stock,
  course: Course,
  { place, turn, legs }: Readonly<{ place: string; turn: string; legs: readonly Leg[] }>,
  scales: Scales,
): readonly Settlement[] | LeavesCount {
  const found: Settlement[] = [];
  // What is pinned, or free again, is as much as it was.
  for (const queue of new Set(legs.map((leg) => freeBeside(leg.queue)))) {
    const more = legs.reduce((sum, leg) => (freeBeside(leg.queue) === queue ? sum + leg.units : sum), 0n);
    const after = more === 0n ? undefined : course.countAfter(queue, place, turn);
    if (!after) continue;
    const { movement, effectiveDate } = after.count.move.data;
    const drawn =
      more > 0n ? shortage(stock, queue, more, after) : surplus(course, queue, -more, after, scales);
    if ("short" in drawn) return { short: drawn.short, of: after.count.move };
    for (const leg of drawn.legs) {
      stock.move(leg);
      found.push({ ...leg, of: movement, on: effectiveDate, at: turn });
    }
  }
  return found;
}

type Count = NonNullable<ReturnType<Course["countAfter"]>>;

function shortage(stock: Stock, queue: string, units: bigint, { place, count }: Count): Legs {
  const { movement } = count.move.data;
  return drawsOfAll(lyingBefore(stock, place), { location: areaOf(queue), queue, movement }, units);
}

/** Of its own, at the unit cost that was fixed when it was posted. */
function surplus(
  course: Course,
  queue: string,
  units: bigint,
  { place, count: { move, legs } }: Count,
  scales: Scales,
): Readonly<{ legs: readonly Leg[] }> {
  invariant(move.type === "CountStock" && move.data.unitCost !== null, "a count without a unit cost");
  const { movement, unitCost } = move.data;
  const cost = stepsOf(unitCost, scales);
  const brought = [...legs, ...course.settledOf(movement)].filter((leg) => leg.units > 0n).length;
  const worth = share(cost.worth, units, cost.units);
  return {
    legs: [{ queue, layer: openingName(movement, brought), place: layerPlace(place, brought), units, worth }],
  };
}
