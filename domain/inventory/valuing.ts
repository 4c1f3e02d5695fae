/** What a value fact leads to (COSTING §7): the receipt is worth something else, and so is whatever was made of its units. */
import { invariant } from "../kernel/assert.ts";
import { type Decision, refuse } from "../kernel/decider.ts";
import { type DecimalText, decimals, isDecimalText, steps, textOfSteps } from "../kernel/decimal.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import { acceptAll, approvalOf } from "./approving.ts";
import { corrected } from "./correcting.ts";
import { uninvoicedUnits } from "./exempt-units.ts";
import { type Entry, entryOf, type History, least, standing } from "./history.ts";
import type { ItemRefusal, ValueFactCommand } from "./item-commands.ts";
import type { ItemEvent, ValueFactEvent } from "./item-events.ts";
import { DIGITS_MAX, type Registered } from "./item-refusals.ts";
import { planned } from "./planned.ts";
import { revalued } from "./revaluing.ts";
import { rewind } from "./running.ts";
import { type Below, type Onward, runOn } from "./running-on.ts";
import { addedBy, noFacts, plus, type ValueFacts } from "./value-facts.ts";

/** `sign`: what a cancelling undoes is taken off. */
type Change = Readonly<{ receipt: string; says: ValueFacts; sign: 1n | -1n }>;

const eventOf = {
  InvoiceReceipt: "ReceiptInvoiced",
  AddReceiptCost: "ReceiptCostAdded",
  CancelValueFact: "ValueFactCancelled",
} as const;

export function valuing(
  command: ValueFactCommand,
  item: Registered,
): Decision<ItemEvent, ItemRefusal, Registered> {
  const { documentDate } = command.data;
  if (documentDate > command.today)
    return refuse({ name: "DocumentDateAfterToday", documentDate, today: command.today });
  const change = changeOf(command, item);
  if ("name" in change) return refuse(change);
  const history = planned(item.history, item);
  const [turn, entry] = entryOf(history, change.receipt);
  const facts = plus(entry.facts ?? noFacts, change.says, change.sign);
  const refusal = refusalOf(entry, facts, item);
  if (refusal) return refuse(refusal);

  const fact = { type: eventOf[command.type], data: command.data } as ValueFactEvent;
  const run = revaluedBy(history, turn, { ...entry, facts }, item);
  if ("below" in run) return refuse({ name: "OthersCantBearIt" });
  const { history: after, events } = corrected(
    run.history,
    run.changed,
    fact.data.fact,
    item,
    command.openFrom,
  );
  const decided = acceptAll([...approvalOf(command), fact, ...events]);
  return {
    ...decided,
    after: {
      ...item,
      facts: factsAfter(item, fact, change),
      history: after,
      events: item.events + decided.events.length,
    },
  };
}

/** A recorded fact. Where movements have yet to be run again, its receipt's are among them. */
export function valuedBy(item: Registered, event: ValueFactEvent): Pick<Registered, "facts" | "history"> {
  const change = changeOf(commandOf(event), item);
  if ("name" in change) throw new Error(`Invariant broken: a recorded value fact is refused: ${change.name}`);
  const facts = factsAfter(item, event, change);
  const { history } = item;
  const [turn, entry] = entryOf(history, change.receipt);
  const valued = { ...entry, facts: plus(entry.facts ?? noFacts, change.says, change.sign) };
  if (history.stale === undefined && !history.entangled) {
    const worth = worthOf(valued, valued.facts, item);
    return { facts, history: { ...revalued(history, turn, valued, worth).history, settledAt: null } };
  }
  const movements = draftOf(history.movements);
  movements.set(turn, valued);
  return { facts, history: { ...history, movements, stale: least(history.stale, turn) } };
}

function revaluedBy(history: History, turn: string, entry: Entry, item: Registered): Onward | Below {
  if (!history.entangled) return revalued(history, turn, entry, worthOf(entry, entry.facts ?? noFacts, item));
  const from = rewind(history, turn);
  const movements = draftOf(history.movements);
  movements.set(turn, entry);
  const after = { ...history, movements };
  const run = runOn({ before: history, after, turn, from }, item);
  invariant(!("short" in run), "a value fact changes no quantity");
  return run;
}

function changeOf(command: ValueFactCommand, item: Registered): Change | ItemRefusal {
  if (command.type === "CancelValueFact") {
    const { cancelled: fact } = command.data;
    const known = item.facts.get(fact);
    if (!known) return { name: "ValueFactNotFound", fact };
    if (known.cancelled) return { name: "ValueFactAlreadyCancelled", fact };
    return { receipt: known.receipt, says: known.says, sign: -1n };
  }
  const { receipt, amount } = command.data;
  if (!receiptOf(item, receipt)) return { name: "ReceiptNotFound", receipt };
  if (command.type === "InvoiceReceipt" && decimals(command.data.quantity) > item.quantityScale)
    return { name: "QuantityTooPrecise", quantity: command.data.quantity, scale: item.quantityScale };
  if (decimals(amount) > item.valueScale)
    return { name: "ValueTooPrecise", value: amount, scale: item.valueScale };
  const worth = steps(amount, item.valueScale);
  const says =
    command.type === "InvoiceReceipt"
      ? { ...noFacts, invoicedUnits: steps(command.data.quantity, item.quantityScale), invoicedWorth: worth }
      : { ...noFacts, otherWorth: worth };
  return { receipt, says, sign: 1n };
}

/** What a receipt came with, before anything was added to it; undefined where there is no such receipt. */
export function receiptOf(
  { history }: Pick<Registered, "history">,
  receipt: string,
): Readonly<{ quantity: DecimalText; value: DecimalText }> | undefined {
  const move = standing(history, receipt);
  return move?.type === "ReceiveGoods" ? move.data : undefined;
}

/** Whether a receipt could be worth so much more within the digits that the log holds. */
export function canBear(item: Registered, receipt: string, amount: DecimalText): boolean {
  const [, entry] = entryOf(item.history, receipt);
  const worth = worthOf(entry, entry.facts ?? noFacts, item) + steps(amount, item.valueScale);
  return isDecimalText(textOfSteps(worth, item.valueScale));
}

function refusalOf(entry: Entry, facts: ValueFacts, item: Registered): ItemRefusal | undefined {
  const received = receivedIn(entry, item);
  const quantity = (units: bigint) => textOfSteps(units, item.quantityScale);
  const before = entry.facts ?? noFacts;
  const billed = received.units - uninvoicedUnits(item.history, entry.move.data.movement, item);
  if (facts.invoicedUnits > billed && facts.invoicedUnits > before.invoicedUnits)
    return {
      name: "InvoicedMoreThanReceived",
      received: quantity(billed),
      invoiced: quantity(before.invoicedUnits),
      quantity: quantity(facts.invoicedUnits - before.invoicedUnits),
    };
  const [worth, was] = [worthOf(entry, facts, item), worthOf(entry, before, item)];
  const value = textOfSteps(was, item.valueScale);
  if (worth < 0n)
    return { name: "ReceiptValueBelowZero", value, change: textOfSteps(worth - was, item.valueScale) };
  return isDecimalText(textOfSteps(worth, item.valueScale))
    ? undefined
    : { name: "ValueOutOfRange", digitsMax: DIGITS_MAX };
}

function receivedIn({ move }: Entry, { quantityScale, valueScale }: Registered) {
  if (move.type !== "ReceiveGoods") throw new Error(`Invariant broken: ${move.data.movement} is no receipt`);
  return { units: steps(move.data.quantity, quantityScale), worth: steps(move.data.value, valueScale) };
}

function worthOf(entry: Entry, facts: ValueFacts, item: Registered): bigint {
  const received = receivedIn(entry, item);
  return received.worth + addedBy(facts, received);
}

function factsAfter(
  { facts }: Registered,
  { type, data }: ValueFactEvent,
  { receipt, says }: Change,
): Registered["facts"] {
  const after = draftOf(facts);
  const isCancelling = type === "ValueFactCancelled";
  after.set(isCancelling ? data.cancelled : data.fact, { receipt, says, cancelled: isCancelling });
  return after;
}

/** What a fact's event was asked by. */
export function commandOf(event: ValueFactEvent): ValueFactCommand {
  const { documentDate: today } = event.data;
  switch (event.type) {
    case "ReceiptInvoiced":
      return { type: "InvoiceReceipt", data: event.data, today };
    case "ReceiptCostAdded":
      return { type: "AddReceiptCost", data: event.data, today };
    default:
      return { type: "CancelValueFact", data: event.data, today };
  }
}
