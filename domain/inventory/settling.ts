/** What an arrival settles (COSTING §11): the oldest deficit first, from the oldest layers, as draws of the issue that was short. */
import type { EffectiveDate } from "../kernel/event.ts";
import type { Course } from "./course.ts";
import { type Leg, type Settlement, turned } from "./leg.ts";
import { type Layer, part, type Stock } from "./stock.ts";

type Lying = readonly [place: string, layer: Layer];

/** Moves the stock on by what it answers with. `at`, `day`: of the movement with these legs, which are moved by now. */
export function settle(
  stock: Stock,
  course: Course,
  legs: readonly Leg[],
  { at, day }: Readonly<{ at: string; day: EffectiveDate }>,
): readonly Settlement[] {
  const settlements: Settlement[] = [];
  const queues = new Set(legs.filter(({ units, deficit }) => units > 0n && !deficit).map((leg) => leg.queue));
  for (const queue of queues)
    for (let pair = oldest(stock, queue); pair; pair = oldest(stock, queue)) {
      const [[place, short], [from, layer]] = pair;
      const units = -short.units < layer.units ? -short.units : layer.units;
      const issued = course.entryOf(short.id)?.day ?? day;
      const about = { issue: short.id, on: issued > day ? issued : day, at };
      const both: readonly Leg[] = [
        { queue, layer: short.id, place, units, worth: -part(short, units), deficit: true },
        turned({ queue, layer: layer.id, place: from, units, worth: part(layer, units) }),
      ];
      for (const leg of both) {
        stock.move(leg);
        settlements.push({ ...leg, ...about });
      }
    }
  return settlements;
}

/** The oldest deficit and the oldest layer, where there are both: a deficit is older than what has come after it. */
function oldest(stock: Stock, queue: string): readonly [short: Lying, layer: Lying] | undefined {
  let short: Lying | undefined;
  for (const lying of stock.queue(queue).layers.entries()) {
    if (!short && lying[1].units > 0n) return undefined;
    if (lying[1].units < 0n) short ??= lying;
    else if (short) return [short, lying];
  }
  return undefined;
}
