/** FIFO (COSTING §1, §3): what a movement does to the layers that lie before it in costing order. */
import { unreachable } from "../kernel/assert.ts";
import { type DecimalText, negated, share, steps } from "../kernel/decimal.ts";
import { type Scales, stepsOf } from "./cost-row.ts";
import type { Course } from "./course.ts";
import type { MovementCommand } from "./item-events.ts";
import { type Leg, layerPlace, openingName, pieceNames, queueName, turned } from "./leg.ts";
import { returnLegs } from "./returning.ts";
import { type Stock, youngest } from "./stock.ts";
import { addedBy, noFacts, type ValueFacts } from "./value-facts.ts";

/** What is there of what a movement would take; a value, since a late movement may leave another short. */
export type Short = Readonly<{ location: string; onHand: bigint; requested: bigint }>;
export type Legs = Readonly<{ legs: readonly Leg[] } | { short: Short }>;

/** A recorded movement, or one that would be: a surplus has its value by now, which late facts don't change. */
export function legsOf(
  move: MovementCommand,
  place: string,
  { stock, course }: Readonly<{ stock: Stock; course: Course }>,
  scales: Scales,
  facts = noFacts,
): Legs {
  const { movement, lot } = move.data;
  const arrival = (area: string, amount: Readonly<{ quantity: DecimalText; value: DecimalText }>): Leg => ({
    queue: queueName(area, lot),
    layer: movement,
    place: layerPlace(place, 0),
    ...stepsOf(amount, scales),
  });
  const drawn = (area: string, quantity: DecimalText) =>
    draws(stock, area, queueName(area, lot), steps(quantity, scales.quantityScale));
  switch (move.type) {
    case "RecordOpeningStock": {
      const { location, layers } = move.data;
      return { legs: layers.map((layer, index) => openingLeg(arrival(location, layer), place, index)) };
    }
    case "ReceiveGoods":
      return { legs: [valuedBy(arrival(move.data.location, move.data), facts)] };
    case "IssueGoods":
      return drawn(move.data.location, move.data.quantity);
    case "TransferGoods": {
      const taken = drawn(move.data.from, move.data.quantity);
      if ("short" in taken) return taken;
      return {
        legs: [...taken.legs, ...arrivals(taken.legs, movement, place, queueName(move.data.to, lot))],
      };
    }
    case "ReturnGoods": {
      const { issue, location, quantity } = move.data;
      const back = { returned: course.returnedOf(issue), units: steps(quantity, scales.quantityScale) };
      return {
        legs: returnLegs(course.legsOf(issue), back, { movement, place, queue: queueName(location, lot) }),
      };
    }
    case "AdjustStock": {
      const { location, quantity, value } = move.data;
      if (quantity.startsWith("-")) return drawn(location, negated(quantity));
      return { legs: [arrival(location, { quantity, value: value ?? NOTHING })] };
    }
    default:
      return unreachable(move);
  }
}

const valuedBy = (leg: Leg, facts: ValueFacts): Leg =>
  facts === noFacts ? leg : { ...leg, worth: leg.worth + addedBy(facts, leg) };

const NOTHING = "0" as DecimalText;

const openingLeg = (leg: Leg, place: string, index: number): Leg => ({
  ...leg,
  layer: openingName(leg.layer, index),
  place: layerPlace(place, index),
});

/**
 * Takes from the oldest places. A draw's value is its share of what is left of the layer, rounded half away from zero;
 * a layer's last draw takes the rest.
 */
function draws(stock: Stock, location: string, queue: string, requested: bigint): Legs {
  const { layers, units: onHand } = stock.queue(queue);
  if (onHand < requested) return { short: { location, onHand, requested } };
  const legs: Leg[] = [];
  let wanted = requested;
  for (const [place, layer] of layers.entries()) {
    const taken = layer.units < wanted ? layer.units : wanted;
    const worth = taken === layer.units ? layer.worth : share(layer.worth, taken, layer.units);
    legs.push({ queue, layer: layer.id, place, units: -taken, worth: -worth });
    wanted -= taken;
    if (wanted === 0n) break;
  }
  return { legs };
}

/** Each layer drawn arrives as a layer of its own, with its value to the cent. */
function arrivals(taken: readonly Leg[], movement: string, place: string, queue: string): readonly Leg[] {
  const nameOf = pieceNames(movement);
  return taken.map((draw, index) => ({
    ...turned(draw),
    queue,
    layer: nameOf(draw.layer),
    place: layerPlace(place, index),
  }));
}

/** A surplus found, at the cost of the open layer last in place; undefined where none is open. */
export function surplusWorth(stock: Stock, queue: string, units: bigint): bigint | undefined {
  const layer = youngest(stock.queue(queue));
  return layer && share(layer.worth, units, layer.units);
}
