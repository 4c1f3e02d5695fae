/** What a decision makes recorded movements cost otherwise, told before it is recorded: by movement and day, and where it goes. */
import { type Decimal, type DecimalText, exact, textOf, textOfSteps, zero } from "../kernel/decimal.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import { bookedOf, entryNamed, type History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";
import { planned } from "./planned.ts";

/** What the other side of a movement's value is: the account that it will be journalled to. */
export type Account =
  | "openingBalance"
  | "goodsReceivedNotInvoiced"
  | "supplierReturns"
  | "costOfSales"
  | "projectCost"
  | "workInProgress"
  | "otherCost"
  | "inventoryDifference"
  | "inventory";

/** `difference`: what the movement's rows of that day move the stock's value by. `booked`, `target`: all that it moves it by. */
export type Correction = Readonly<{
  movement: string;
  account: Account;
  date: EffectiveDate;
  difference: DecimalText;
  booked: DecimalText;
  target: DecimalText;
}>;

const ISSUED: Readonly<Record<string, Account>> = {
  sale: "costOfSales",
  project: "projectCost",
  production: "workInProgress",
};

export function correctionsOf(item: Registered, events: readonly ItemEvent[]): readonly Correction[] {
  const history = planned(item.history, item);
  const byDay = new Map<string, Readonly<{ movement: string; date: EffectiveDate; difference: Decimal }>>();
  const byMovement = new Map<string, Decimal>();
  for (const { type, data } of events) {
    if (type !== "MovementsRecosted") continue;
    for (const { movement, date, value } of data.rows) {
      const key = `${movement} ${date}`;
      const difference = (byDay.get(key)?.difference ?? zero).plus(exact(value));
      byDay.set(key, { movement, date, difference });
      byMovement.set(movement, (byMovement.get(movement) ?? zero).plus(exact(value)));
    }
  }
  return [...byDay.values()].flatMap(({ movement, date, difference }) => {
    const entry = entryNamed(history, movement);
    if (!entry || difference.isZero()) return [];
    const worth = bookedOf(entry).reduce((sum, row) => sum + row.worth, 0n);
    const booked = textOfSteps(worth, item.valueScale);
    const target = textOf(exact(booked).plus(byMovement.get(movement) ?? zero));
    const account = accountOf(entry.move, history);
    return [{ movement, account, date, difference: textOf(difference), booked, target }];
  });
}

function accountOf(move: MovementCommand, history: History): Account {
  switch (move.type) {
    case "RecordOpeningStock":
      return "openingBalance";
    case "ReceiveGoods":
      return "goodsReceivedNotInvoiced";
    case "ReturnToSupplier":
      return "supplierReturns";
    case "IssueGoods":
      return ISSUED[move.data.purpose] ?? "otherCost";
    case "ReturnGoods":
      return accountOfNamed(move.data.issue, history);
    case "ReturnUnmatchedGoods":
      return "costOfSales";
    case "CompensateMovement":
      return accountOfNamed(move.data.compensated, history);
    case "AdjustStock":
    case "CountStock":
      return "inventoryDifference";
    default:
      return "inventory";
  }
}

function accountOfNamed(movement: string, history: History): Account {
  const entry = entryNamed(history, movement);
  return entry ? accountOf(entry.move, history) : "otherCost";
}
