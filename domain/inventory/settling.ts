/** What is settled of deficits (COSTING §11): the oldest first, from the oldest layers, as draws of the issue that was short. */
import type { Course } from "./course.ts";
import type { MovementCommand } from "./item-commands.ts";
import { bringerOf, type Leg, type Settlement, turned } from "./leg.ts";
import { type Layer, part, type Stock, taken } from "./stock.ts";

type Lying = readonly [place: string, layer: Layer];

/** Moves the stock on by what it answers with. `legs`: of the movement, which are moved by now. */
export function settle(
  stock: Stock,
  course: Course,
  legs: readonly Leg[],
  { move, turn: at }: Readonly<{ move: MovementCommand; turn: string }>,
): readonly Settlement[] {
  const dayOf = (movement: string) => (course.entryOf(movement)?.move ?? move).data.effectiveDate;
  const settlements: Settlement[] = [];
  const arrived = new Set(
    legs.filter(({ units, deficit }) => units > 0n && !deficit).map((leg) => leg.queue),
  );
  for (const queue of new Set(legs.map((leg) => leg.queue)))
    for (;;) {
      const pair = oldest(stock, queue, arrived.has(queue));
      if (!pair) break;
      const [[place, short], [from, layer]] = pair;
      const units = -short.units < layer.units ? -short.units : layer.units;
      const [issued, came] = [dayOf(short.id), dayOf(bringerOf(layer.id))];
      const about = { of: short.id, on: issued > came ? issued : came, at };
      const both: readonly Leg[] = [
        { queue, layer: short.id, place, units, worth: -part(short, units), deficit: true },
        turned({
          queue,
          layer: layer.id,
          place: from,
          ...taken(layer, units, stock.exempt(from, short.id)),
        }),
      ];
      for (const leg of both) {
        stock.move(leg);
        settlements.push({ ...leg, ...about });
      }
    }
  return settlements;
}

/**
 * The oldest deficit and the oldest layer, where there are both. Before the movement there were only deficits or only layers, and
 * what it brings lies together: so a deficit is at an end, if there is one.
 */
function oldest(
  stock: Stock,
  queue: string,
  hasArrived: boolean,
): readonly [short: Lying, layer: Lying] | undefined {
  const { layers } = stock.queue(queue);
  const ends = [isShort(layers.entries()), isShort(layers.entriesReversed())];
  if (!ends.includes(true) || (!hasArrived && !ends.includes(false))) return undefined;
  let [short, layer]: [Lying?, Lying?] = [];
  for (const lying of layers.entries()) {
    if (lying[1].units < 0n) short ??= lying;
    else layer ??= lying;
    if (short && layer) return [short, layer];
  }
  return undefined;
}

function isShort(lying: Iterator<Lying>): boolean {
  const first = lying.next();
  return !first.done && first.value[1].units < 0n;
}
