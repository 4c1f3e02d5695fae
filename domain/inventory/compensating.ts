/**
 * What undoes a movement of closed time on a later day (COSTING §9): goods that came are taken back, its own layers first;
 * goods that went come back at what they cost; goods that moved move back.
 */
import { exact, negated, textOf, zero } from "../kernel/decimal.ts";
import type { Course } from "./course.ts";
import { carried, draws, type Legs } from "./drawing.ts";
import type { History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { ItemEvents } from "./item-events.ts";
import { bringerOf, receiptOf } from "./leg.ts";
import { isLoss, isOutbound } from "./outbound.ts";
import { areasOf } from "./place-in.ts";
import { comesBack } from "./short-issue.ts";
import type { Stock } from "./stock.ts";

type Way = Pick<ItemEvents["MovementCompensated"], "quantity" | "location" | "to">;

/** Where goods go that go back; undefined where a movement is not undone in this way. */
export function wayBack(move: MovementCommand, history: History): Way | undefined {
  switch (move.type) {
    case "RecordOpeningStock": {
      const { location, layers } = move.data;
      const quantity = textOf(layers.reduce((sum, layer) => sum.plus(exact(layer.quantity)), zero));
      return { quantity, location, to: null };
    }
    case "TransferGoods":
      return { quantity: move.data.quantity, location: move.data.to, to: move.data.from };
    case "DispatchGoods":
      return { quantity: move.data.quantity, location: move.data.via, to: move.data.from };
    case "ArriveGoods": {
      const [to = null, location = ""] = areasOf(move, history);
      return { quantity: move.data.quantity, location, to };
    }
    case "AdjustStock": {
      const { location, quantity } = move.data;
      return { quantity: isLoss(move) ? negated(quantity) : quantity, location, to: null };
    }
    case "CountStock":
    case "CompensateMovement":
      return undefined;
    default:
      return { quantity: move.data.quantity, location: move.data.location, to: null };
  }
}

type Place = Readonly<Record<"location" | "queue" | "movement" | "place", string>>;

export function compensation(
  { compensated, location, to }: Pick<ItemEvents["MovementCompensated"], "compensated" | "location" | "to">,
  { stock, course }: Readonly<{ stock: Stock; course: Course }>,
  at: (area: string, project?: string | null) => Place,
  units: bigint,
): Legs {
  const undone = course.entryOf(compensated)?.move;
  if (undone?.type === "PinGoods" || undone?.type === "UnpinGoods") {
    const [pinned, free] = [at(location, undone.data.project), at(location)];
    const [from, back] = undone.type === "PinGoods" ? [pinned, free] : [free, pinned];
    return carried(
      draws(stock, from, units, (layer) => bringerOf(layer) === compensated),
      back,
    );
  }
  if (undone && isOutbound(undone)) return comesBack(stock, course, compensated, units, at(location));
  // A receipt's units may have gone elsewhere and back; those of a return or a transfer are what it brought.
  const nameOf = undone?.type === "ReturnGoods" || to !== null ? bringerOf : receiptOf;
  const taken = draws(stock, at(location), units, (layer) => nameOf(layer) === compensated);
  return to === null ? taken : carried(taken, at(to));
}
