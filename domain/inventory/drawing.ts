/** Draws (COSTING §3): what a movement takes of the layers that lie before it, and what it brings of that elsewhere. */
import { freeBeside, type Leg, layerPlace, pieceNames, turned } from "./leg.ts";
import { type Layer, type Stock, taken, unitsBeside } from "./stock.ts";

/** What is there of what a movement would take; a value, since a late movement may leave another short. */
export type Short = Readonly<{
  location: string;
  /** Free or not. */
  onHand: bigint;
  /** Of that: what is not for such a movement. */
  reserved: bigint;
  requested: bigint;
  /** It may go short there, but nothing tells what a unit costs. */
  uncosted?: true;
  /** While this issue lacks goods there, what comes back of it comes back there. */
  issue?: string;
}>;
export type Legs = Readonly<{ legs: readonly Leg[] } | { short: Short }>;

/**
 * Takes from the oldest places, of the layers that it prefers first. A draw's value is its share of what is left of the
 * layer, rounded half away from zero; a layer's last draw takes the rest.
 */
export function draws(
  stock: Stock,
  { location, queue, movement }: Readonly<{ location: string; queue: string; movement: string }>,
  requested: bigint,
  prefers?: (layer: string) => boolean,
): Legs {
  const { layers, units } = stock.queue(queue);
  if (units < requested) return { short: shortIn(stock, { location, queue }, requested) };
  const legs: Leg[] = [];
  let wanted = requested;
  function take(some: Iterable<readonly [string, Layer]>): void {
    for (const [place, layer] of some) {
      if (wanted === 0n) return;
      if (layer.units < 0n) continue; // what is lacking there is settled of the rest
      const units = layer.units < wanted ? layer.units : wanted;
      legs.push(
        turned({
          queue,
          layer: layer.id,
          place,
          ...taken(layer, units, stock.exempt(place, movement)),
        }),
      );
      wanted -= units;
    }
  }
  if (!prefers) take(layers.entries());
  else {
    const all = [...layers.entries()];
    take(all.filter(([, { id }]) => prefers(id)));
    take(all.filter(([, { id }]) => !prefers(id)));
  }
  return { legs };
}

export function shortIn(
  stock: Stock,
  { location, queue }: Readonly<{ location: string; queue: string }>,
  requested: bigint,
): Short {
  const onHand = unitsBeside(stock, freeBeside(queue));
  return { location, onHand, reserved: onHand - stock.queue(queue).units, requested };
}

/** Takes what is free first, then what is pinned, project by project (COSTING §10). */
export function drawsOfAll(
  stock: Stock,
  { location, queue: free, movement }: Readonly<{ location: string; queue: string; movement: string }>,
  requested: bigint,
): Legs {
  const legs: Leg[] = [];
  let wanted = requested;
  for (const queue of [free, ...stock.pinned(free)]) {
    const { units } = stock.queue(queue);
    const some = units < wanted ? units : wanted;
    if (some <= 0n) continue;
    const drawn = draws(stock, { location, queue, movement }, some);
    if ("short" in drawn) return drawn;
    legs.push(...drawn.legs);
    wanted -= some;
  }
  if (wanted === 0n) return { legs };
  return { short: { location, onHand: unitsBeside(stock, free), reserved: 0n, requested } };
}

/** Takes in one queue and brings to another: each layer drawn arrives as a layer of its own, with its value to the cent. */
export function carried(
  drawn: Legs,
  { movement, place, queue }: Readonly<{ movement: string; place: string; queue: string }>,
): Legs {
  if ("short" in drawn) return drawn;
  const nameOf = pieceNames(movement);
  const arrivals = drawn.legs.map((draw, index) => ({
    ...turned(draw),
    queue,
    layer: nameOf(draw.layer),
    place: layerPlace(place, index),
  }));
  return { legs: [...drawn.legs, ...arrivals] };
}
