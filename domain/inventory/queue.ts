/**
 * The open layers of one queue (an area, or a lot in it), oldest place first. Persistent, as every state here: each
 * change gives a new queue and costs the same however many layers are open, since a busy item has thousands.
 */
import { invariant } from "../kernel/assert.ts";
import { type Decimal, zero } from "../kernel/decimal.ts";

export type Layer = Readonly<{ id: string; quantity: Decimal; value: Decimal }>;

/** A list whose first element is at hand. */
type List = Readonly<{ layer: Layer; rest: List }> | undefined;

/** `front` begins with the oldest layer, `back` with the youngest; `front` is empty only when all is. */
export type Queue = Readonly<{ front: List; back: List; quantity: Decimal }>;

export const emptyQueue: Queue = { front: undefined, back: undefined, quantity: zero };

/** Appends a layer: movements come in costing order, so a new layer's place is the last. */
export function arrive({ front, back, quantity }: Queue, layer: Layer): Queue {
  const sum = quantity.plus(layer.quantity);
  return front
    ? { front, back: { layer, rest: back }, quantity: sum }
    : { front: { layer, rest: undefined }, back: undefined, quantity: sum };
}

/** Takes from the oldest layer, which a draw of all it holds removes. */
export function take({ front, back, quantity: held }: Queue, { id, quantity, value }: Layer): Queue {
  invariant(front?.layer.id === id, `a draw from ${id}, which is not the oldest layer`);
  const left = { id, quantity: front.layer.quantity.minus(quantity), value: front.layer.value.minus(value) };
  invariant(left.quantity.gte(0) && left.value.gte(0), `layer ${id} fell below zero`);
  invariant(left.quantity.gt(0) || left.value.isZero(), `layer ${id} is empty but not worthless`);
  const sum = held.minus(quantity);
  if (left.quantity.gt(0)) return { front: { layer: left, rest: front.rest }, back, quantity: sum };
  if (front.rest) return { front: front.rest, back, quantity: sum };
  return { front: reversed(back), back: undefined, quantity: sum };
}

/** The layer last in place. */
export function youngest({ front, back }: Queue): Layer | undefined {
  if (back) return back.layer;
  let list = front;
  while (list?.rest) list = list.rest;
  return list?.layer;
}

export function* oldestFirst({ front, back }: Queue): Generator<Layer> {
  for (let list = front; list; list = list.rest) yield list.layer;
  for (let list = reversed(back); list; list = list.rest) yield list.layer;
}

function reversed(list: List): List {
  let turned: List;
  for (let left = list; left; left = left.rest) turned = { layer: left.layer, rest: turned };
  return turned;
}
