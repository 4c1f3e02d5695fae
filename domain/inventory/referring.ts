/** Movements of others before them (a return, an arrival): why they can't be of what they name. */
import { type DecimalText, steps, textOfSteps } from "../kernel/decimal.ts";
import { claimOf, claimsOn, mostClaimed } from "./claims.ts";
import { uninvoicedUnits } from "./exempt-units.ts";
import { entryOf, standing } from "./history.ts";
import type { ItemRefusal, MovementCommand } from "./item-commands.ts";
import type { Registered } from "./item-refusals.ts";
import { referredBy } from "./place-in.ts";
import { noFacts } from "./value-facts.ts";

/** Of what a movement refers to, if it stands. */
function referredMove({ history }: Registered, move: MovementCommand): MovementCommand | undefined {
  const name = referredBy(move);
  return name === undefined ? undefined : standing(history, name);
}

export function notFound(move: MovementCommand, item: Registered): ItemRefusal | undefined {
  const referred = referredMove(item, move)?.type;
  switch (move.type) {
    case "ReturnGoods":
      return referred === "IssueGoods" ? undefined : { name: "IssueNotFound", issue: move.data.issue };
    case "ReturnToSupplier": {
      const { receipt } = move.data;
      return receipt === null || referred === "ReceiveGoods"
        ? undefined
        : { name: "ReceiptNotFound", receipt };
    }
    case "ArriveGoods":
      return referred === "DispatchGoods"
        ? undefined
        : { name: "DispatchNotFound", dispatch: move.data.dispatch };
    default:
      return undefined;
  }
}

export function tooSoon(move: MovementCommand, item: Registered): ItemRefusal | undefined {
  const day = referredMove(item, move)?.data.effectiveDate;
  const { effectiveDate } = move.data;
  if (day === undefined || effectiveDate >= day) return undefined;
  switch (move.type) {
    case "ReturnGoods":
      return { name: "ReturnBeforeIssue", effectiveDate, issued: day };
    case "ReturnToSupplier":
      return { name: "ReturnBeforeReceipt", effectiveDate, received: day };
    case "ArriveGoods":
      return { name: "ArrivalBeforeDispatch", effectiveDate, dispatched: day };
    default:
      return undefined;
  }
}

/** Nothing is undone before it was, nor before what came of it and was undone had been. `place`: of what undoes it. */
export function undoneTooSoon(
  move: MovementCommand,
  place: string,
  { history }: Registered,
): ItemRefusal | undefined {
  if (move.type !== "CompensateMovement") return undefined;
  const { compensated, effectiveDate } = move.data;
  const days = [entryOf(history, compensated)[1].move.data.effectiveDate];
  for (const [turn] of claimsOn(history, compensated)) {
    const claimant = history.movements.get(turn);
    if (claimant && (claimant.place ?? turn) > place) days.push(claimant.move.data.effectiveDate);
  }
  const firstDate = days.reduce((a, b) => (a > b ? a : b));
  return firstDate > effectiveDate ? { name: "UndoneTooSoon", effectiveDate, firstDate } : undefined;
}

/** `place`: of the movement. No more is claimed of another than there was, at any time. */
export function tooMuch(move: MovementCommand, place: string, item: Registered): ItemRefusal | undefined {
  const { history, quantityScale } = item;
  const claim = claimOf(move, (movement) => standing(history, movement), item);
  const referred = claim && standing(history, claim.of);
  if (!claim || move.type === "CompensateMovement" || !referred || !("quantity" in referred.data))
    return undefined;
  const claimed = mostClaimed(history, claim.of, place);
  const there = referred.data.quantity;
  if (claimed + claim.units <= steps(there, quantityScale)) return wasInvoiced(move, claim.units, item);
  const before = textOfSteps(claimed, quantityScale);
  const quantity = textOfSteps(claim.units, quantityScale);
  switch (move.type) {
    case "ReturnToSupplier":
      return { name: "ReturnedMoreThanReceived", received: there, returned: before, quantity };
    case "ArriveGoods":
      return { name: "ArrivedMoreThanDispatched", dispatched: there, arrived: before, quantity };
    default:
      return { name: "ReturnedMoreThanIssued", issued: there, returned: before, quantity };
  }
}

/** What goes back uninvoiced is on no bill of its receipt, and will be on none. */
function wasInvoiced(move: MovementCommand, units: bigint, item: Registered): ItemRefusal | undefined {
  if (move.type !== "ReturnToSupplier" || !move.data.uninvoiced || move.data.receipt === null)
    return undefined;
  const { history, quantityScale } = item;
  const [, { move: receipt, facts = noFacts }] = entryOf(history, move.data.receipt);
  const received = "quantity" in receipt.data ? steps(receipt.data.quantity, quantityScale) : 0n;
  const billed = received - uninvoicedUnits(history, move.data.receipt, item) - units;
  if (facts.invoicedUnits <= billed) return undefined;
  const [most, invoiced] = [billed, facts.invoicedUnits].map((some) => textOfSteps(some, quantityScale)) as [
    DecimalText,
    DecimalText,
  ];
  return { name: "InvoicedMoreThanReceived", received: most, invoiced, quantity: "0" as DecimalText };
}
