/** What a movement does to the layers that lie before it in costing order (COSTING §1, §3, §8–11). */
import { invariant, unreachable } from "../kernel/assert.ts";
import { type DecimalText, negated, steps } from "../kernel/decimal.ts";
import { compensation } from "./compensating.ts";
import { type Scales, stepsOf } from "./cost-row.ts";
import type { Course } from "./course.ts";
import { carried, draws, type Legs } from "./drawing.ts";
import type { MovementCommand } from "./item-commands.ts";
import { bringerOf, type Leg, layerPlace, openingName, queueName, receiptOf } from "./leg.ts";
import { projectOf } from "./project-stock.ts";
import { comesBack, shortIssue } from "./short-issue.ts";
import type { Stock } from "./stock.ts";
import { addedBy, differenceIn, noFacts, type ValueFacts } from "./value-facts.ts";
import { variance } from "./variance.ts";

/**
 * A recorded movement, or one that would be: a surplus has its value by now, which late facts don't change. `book`: the units in a
 * free queue and the projects' beside it, by the movements placed before it.
 */
export function legsOf(
  move: MovementCommand,
  place: string,
  { stock, course, book }: Readonly<{ stock: Stock; course: Course; book: (queue: string) => bigint }>,
  scales: Scales,
  facts = noFacts,
): Legs {
  const { movement, lot } = move.data;
  const own = projectOf(move);
  const at = (area: string, project = own) => ({
    location: area,
    queue: queueName(area, lot, project),
    movement,
    place,
  });
  const units = (quantity: DecimalText) => steps(quantity, scales.quantityScale);
  const arrival = (area: string, amount: Readonly<{ quantity: DecimalText; value: DecimalText }>): Leg => ({
    queue: queueName(area, lot, own),
    layer: movement,
    place: layerPlace(place, 0),
    ...stepsOf(amount, scales),
  });
  switch (move.type) {
    case "RecordOpeningStock": {
      const { location, layers } = move.data;
      const [first] = layers;
      return {
        legs: layers.map((layer, index) => {
          const leg = openingLeg(arrival(location, layer), place, index);
          return layer.receivedOn === first?.receivedOn ? leg : { ...leg, receivedOn: layer.receivedOn };
        }),
      };
    }
    case "ReceiveGoods":
      return { legs: [valuedBy(arrival(move.data.location, move.data), facts, stock)] };
    case "ReturnUnmatchedGoods":
      return { legs: [arrival(move.data.location, move.data)] };
    case "IssueGoods": {
      const { location, quantity, mayGoShort } = move.data;
      if (!mayGoShort) return draws(stock, at(location), units(quantity));
      const stated = mayGoShort.statedCost ? stepsOf(mayGoShort.statedCost, scales) : undefined;
      return shortIssue(stock, course, at(location), { requested: units(quantity), stated });
    }
    case "ReturnToSupplier": {
      const { location, quantity, receipt } = move.data;
      const isOfIt = (layer: string) => receiptOf(layer) === receipt;
      return draws(stock, at(location), units(quantity), receipt === null ? undefined : isOfIt);
    }
    case "TransferGoods": {
      const { from, to, quantity } = move.data;
      return carried(draws(stock, at(from), units(quantity)), at(to));
    }
    case "PinGoods": {
      const { location, project, quantity } = move.data;
      return carried(draws(stock, at(location), units(quantity)), at(location, project));
    }
    case "UnpinGoods": {
      const { location, project, quantity } = move.data;
      return carried(draws(stock, at(location, project), units(quantity)), at(location));
    }
    case "DispatchGoods": {
      const { from, via, quantity } = move.data;
      return carried(draws(stock, at(from), units(quantity)), at(via));
    }
    case "ArriveGoods": {
      const { dispatch, location, quantity } = move.data;
      const sent = course.entryOf(dispatch)?.move;
      invariant(sent?.type === "DispatchGoods", `${dispatch} is no dispatch`);
      const isOfIt = (layer: string) => bringerOf(layer) === dispatch;
      return carried(draws(stock, at(sent.data.via), units(quantity), isOfIt), at(location));
    }
    case "ReturnGoods": {
      const { issue, location, quantity } = move.data;
      return comesBack(stock, course, issue, units(quantity), at(location));
    }
    case "AdjustStock": {
      const { location, quantity, value } = move.data;
      if (quantity.startsWith("-")) return draws(stock, at(location), units(negated(quantity)));
      return { legs: [arrival(location, { quantity, value: value ?? NOTHING })] };
    }
    case "CountStock": {
      const { location, counted, unitCost } = move.data;
      const cost = unitCost ? stepsOf(unitCost, scales) : undefined;
      const where = at(location);
      return variance(stock, where, { counted: units(counted), book: book(where.queue), cost });
    }
    case "CompensateMovement":
      return compensation(move.data, { stock, course }, at, units(move.data.quantity));
    default:
      return unreachable(move);
  }
}

function valuedBy(leg: Leg, facts: ValueFacts, stock: Stock): Leg {
  const valued = facts === noFacts ? leg : { ...leg, worth: leg.worth + addedBy(facts, leg) };
  const exempt = stock.exempt(leg.place);
  if (exempt === 0n) return valued;
  return { ...valued, borne: { units: leg.units - exempt, worth: differenceIn(facts, leg) } };
}

const NOTHING = "0" as DecimalText;

const openingLeg = (leg: Leg, place: string, index: number): Leg => ({
  ...leg,
  layer: openingName(leg.layer, index),
  place: layerPlace(place, index),
});
