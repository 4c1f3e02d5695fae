/**
 * What a movement may take under `freeze` (COSTING §12): what none has taken that was recorded before it, of the layers placed
 * before it.
 */
import type { EffectiveDate } from "../kernel/event.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import { dayOf } from "./costing-order.ts";
import type { Queue, Stock } from "./stock.ts";

/** The same stock, of which no more can be seen than lies before a place. */
export const lyingBefore = (stock: Stock, limit: string): Stock => ({
  ...stock,
  queue(name) {
    const queue = stock.queue(name);
    if ((queue.layers.maxKey() ?? "") < limit) return queue;
    const layers = draftOf(queue.layers);
    let { units } = queue;
    for (const [place, layer] of queue.layers.entries(limit)) {
      layers.delete(place);
      units -= layer.units;
    }
    return { layers, units };
  },
});

/** The first day at the end of which so much could be taken; undefined: there is none. */
export function firstDayFor({ layers, units }: Queue, requested: bigint): EffectiveDate | undefined {
  if (units < requested) return undefined;
  let there = 0n;
  for (const [place, layer] of layers.entries()) {
    there += layer.units;
    if (there >= requested) return dayOf(place);
  }
  return undefined;
}
