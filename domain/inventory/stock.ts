/**
 * The open layers of an item by queue, oldest place first, at one point of its costing order: moved along it, forwards
 * and back, by the legs of its movements.
 */
import { invariant } from "../kernel/assert.ts";
import { share } from "../kernel/decimal.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import { type Draft, draftOf, emptyMap, type SortedMap } from "../kernel/sorted-map.ts";
import { type Exempt, exemptKey } from "./exempt-units.ts";
import { areaOf, type Borne, type Leg, pinnedBeside } from "./leg.ts";

/** Below zero: a deficit. `receivedOn`: as of its legs. */
export type Layer = Readonly<{
  id: string;
  units: bigint;
  worth: bigint;
  borne?: Borne;
  receivedOn?: EffectiveDate;
}>;
/** By place. A layer that holds nothing is not there; where one is a deficit, so are all. */
export type Queue = Readonly<{ layers: SortedMap<Layer>; units: bigint }>;
/** By name. A queue that is empty is not there. */
export type Queues = SortedMap<Queue>;

const emptyQueue: Queue = { layers: emptyMap(), units: 0n };

export type Stock = Readonly<{
  queue: (name: string) => Queue;
  /** Projects' queues beside a free one, by name. */
  pinned: (free: string) => readonly string[];
  move: (leg: Leg) => void;
  /** Units that go back uninvoiced later on: of a layer, or of what a movement draws of it. */
  exempt: (place: string, drawnBy?: string) => bigint;
  /** Whether a layer, or a part of it, is worth less than nothing, since others bear what it does not. */
  isBelow: () => boolean;
  /** As it stands now; not to be moved any more. */
  close: () => Queues;
}>;

export function openStock(queues: Queues, exempt?: Exempt): Stock {
  let isBelow = false;
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

    pinned(free) {
      const beside = pinnedBeside(free);
      const names = new Set([...opened.keys()].filter((name) => name.startsWith(beside)));
      for (const [name] of queues.entries(beside)) {
        if (!name.startsWith(beside)) break;
        names.add(name);
      }
      return [...names].sort();
    },

    exempt: (place, drawnBy) => exempt?.get(exemptKey(place, drawnBy)) ?? 0n,
    isBelow: () => isBelow,

    move({ queue: name, layer: id, place, units: moved, worth: moneys, deficit, borne: bears, receivedOn }) {
      const queue = opening(name);
      const before = queue.layers.get(place);
      invariant(before === undefined || before.id === id, `layer ${id} in the place of ${before?.id}`);
      const units = (before?.units ?? 0n) + moved;
      const worth = (before?.worth ?? 0n) + moneys;
      if (deficit) invariant(units <= 0n && worth <= 0n, `deficit ${id} rose above zero`);
      else {
        invariant(units >= 0n && (worth >= 0n || bears !== undefined), `layer ${id} fell below zero`);
        if (worth < 0n || (moved > 0n ? moneys : -moneys) < 0n) isBelow ||= bears !== undefined;
      }
      const borne = bears ? plus(before?.borne, bears) : before?.borne;
      invariant(units !== 0n || worth === 0n, `layer ${id} is empty but not worthless`);
      const more = { ...(borne && { borne }), ...(receivedOn && { receivedOn }) };
      if (units !== 0n) queue.layers.set(place, { id, units, worth, ...more });
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

/** What lies in a free queue, and in all projects' beside it. */
export const unitsBeside = (stock: Pick<Stock, "queue" | "pinned">, free: string): bigint =>
  stock.pinned(free).reduce((sum, name) => sum + stock.queue(name).units, stock.queue(free).units);

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

const plus = (a: Borne | undefined, b: Borne): Borne => ({
  units: (a?.units ?? 0n) + b.units,
  worth: (a?.worth ?? 0n) + b.worth,
});

/** What so many of a layer's units are worth, or of a deficit's: their share of what is left; all of it for the last ones. */
export const part = ({ units, worth }: Pick<Layer, "units" | "worth">, some: bigint): bigint => {
  const size = units < 0n ? -units : units;
  return some === size ? worth : share(worth, some, size);
};

/** So many of a layer's units, which need not all bear what invoices differ by. `exempt`: of those that are taken. */
export function taken(layer: Layer, some: bigint, exempt: bigint): Omit<Layer, "id"> {
  const { borne, units, worth, receivedOn } = layer;
  const of = { units: some, ...(receivedOn && { receivedOn }) };
  if (!borne) return { ...of, worth: part(layer, some) };
  const bearing = some - exempt;
  const bears = borne.units === 0n ? 0n : part(borne, bearing);
  const plain = part({ units, worth: worth - borne.worth }, some);
  return { ...of, worth: plain + bears, borne: { units: bearing, worth: bears } };
}
