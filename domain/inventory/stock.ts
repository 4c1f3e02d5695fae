/**
 * The open layers of an item by queue, oldest place first, at one point of its costing order: moved along it, forwards
 * and back, by the legs of its movements.
 */
import { invariant } from "../kernel/assert.ts";
import { share } from "../kernel/decimal.ts";
import { type Draft, draftOf, emptyMap, type SortedMap } from "../kernel/sorted-map.ts";
import { areaOf, type Leg } from "./leg.ts";

/** Below zero: a deficit. */
export type Layer = Readonly<{ id: string; units: bigint; worth: bigint }>;
/** By place. A layer that holds nothing is not there; where one is a deficit, so are all. */
export type Queue = Readonly<{ layers: SortedMap<Layer>; units: bigint }>;
/** By name. A queue that is empty is not there. */
export type Queues = SortedMap<Queue>;

const emptyQueue: Queue = { layers: emptyMap(), units: 0n };

export type Stock = Readonly<{
  queue: (name: string) => Queue;
  move: (leg: Leg) => void;
  /** As it stands now; not to be moved any more. */
  close: () => Queues;
}>;

export function openStock(queues: Queues): Stock {
  const opened = new Map<string, { layers: Draft<Layer>; units: bigint }>();

  function opening(name: string): { layers: Draft<Layer>; units: bigint } {
    const known = opened.get(name);
    if (known) return known;
    const { layers, units } = queues.get(name) ?? emptyQueue;
    const draft = { layers: draftOf(layers), units };
    opened.set(name, draft);
    return draft;
  }

  return {
    queue: (name) => opened.get(name) ?? queues.get(name) ?? emptyQueue,

    move({ queue: name, layer: id, place, units: moved, worth: moneys, deficit }) {
      const queue = opening(name);
      const before = queue.layers.get(place);
      invariant(before === undefined || before.id === id, `layer ${id} in the place of ${before?.id}`);
      const units = (before?.units ?? 0n) + moved;
      const worth = (before?.worth ?? 0n) + moneys;
      if (deficit) invariant(units <= 0n && worth <= 0n, `deficit ${id} rose above zero`);
      else invariant(units >= 0n && worth >= 0n, `layer ${id} fell below zero`);
      invariant(units !== 0n || worth === 0n, `layer ${id} is empty but not worthless`);
      if (units !== 0n) queue.layers.set(place, { id, units, worth });
      else queue.layers.delete(place);
      queue.units += moved;
    },

    close() {
      const draft = draftOf(queues);
      for (const [name, queue] of opened)
        if (queue.layers.size > 0) draft.set(name, queue);
        else draft.delete(name);
      return draft;
    },
  };
}

/** The layer last in place; none where goods are lacking. */
export function youngest({ layers, units }: Queue): Layer | undefined {
  const place = layers.maxKey();
  return place === undefined || units < 0n ? undefined : layers.get(place);
}

/** The first area that holds anything, of whatever lot, and how much it holds. */
export function stockOnHand(queues: Queues): Readonly<{ area: string; units: bigint }> | undefined {
  const first = queues.entries().next().value;
  if (!first) return undefined;
  const area = areaOf(first[0]);
  let units = 0n;
  for (const [name, queue] of queues.entries()) if (areaOf(name) === area) units += queue.units;
  return { area, units };
}

/** What so many of a layer's units are worth, or of a deficit's: their share of what is left; all of it for the last ones. */
export const part = ({ units, worth }: Layer, some: bigint): bigint => {
  const size = units < 0n ? -units : units;
  return some === size ? worth : share(worth, some, size);
};
