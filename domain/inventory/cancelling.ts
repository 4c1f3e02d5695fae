/**
 * A movement that should not have been (COSTING §9). In open time it is as if it had never been: its rows are reversed on
 * their days, and those after it run without it.
 */
import { accept, type Decision, refuse } from "../kernel/decider.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import { corrected } from "./correcting.ts";
import { returnsOf } from "./course.ts";
import {
  bookedOf,
  type Entry,
  entryOf,
  type History,
  least,
  planned,
  rerun,
  returnsAfter,
  rewind,
  withRan,
} from "./history.ts";
import type { ItemCommand, ItemEvent, ItemRefusal } from "./item-events.ts";
import { insufficient, type Registered } from "./item-refusals.ts";

type Cancel = Extract<ItemCommand, { type: "CancelMovement" }>;

export function cancelling(
  { data, openFrom }: Cancel,
  item: Registered,
): Decision<ItemEvent, ItemRefusal, Registered> {
  const { cancelled: movement } = data;
  const place = item.history.places.get(movement);
  if (place === undefined) return refuse({ name: "MovementNotFound", movement });
  const before = planned(item.history, item);
  const [, entry] = entryOf(before, movement);
  if (entry.cancelled) return refuse({ name: "MovementAlreadyCancelled", movement });
  if (openFrom !== undefined && entry.day < openFrom)
    return refuse({ name: "PeriodClosed", effectiveDate: entry.day, openFrom });
  const dependents = [...returnsOf(before, movement), ...factsOf(item, movement)];
  if (dependents.length > 0) return refuse({ name: "OthersDependOnMovement", movement, dependents });

  const without = withoutIt(before, place, entry, item);
  const from = rewind(before, place);
  const later = from.later.map((placed) =>
    placed[0] === place ? ([place, { ...entry, cancelled: true }] as const) : placed,
  );
  const run = rerun({ ...from, later }, item);
  if ("short" in run) return refuse(insufficient(run.short, item, run.of));
  const changed = run.ran.map(([at]) => at);
  const after = { ...without, ...withRan(without, run.ran), queues: from.stock.close() };
  const { history, events } = corrected(after, changed, data.cancellation, item, openFrom);
  const decided = accept<ItemEvent>({ type: "MovementCancelled", data }, ...events);
  return { ...decided, after: { ...item, history, events: item.events + decided.events.length } };
}

/** A recorded cancelling: those after it have yet to be run again. */
export function cancelledIn(item: Registered, movement: string): History {
  const [place, entry] = entryOf(item.history, movement);
  const without = withoutIt(item.history, place, entry, item);
  return { ...without, stale: least(item.history.stale, place) };
}

/** Its legs are still those that it had: what was moved by them is moved back by running on from there. */
function withoutIt(history: History, place: string, entry: Entry, item: Registered): History {
  const movements = draftOf(history.movements);
  movements.set(place, { ...entry, cancelled: true, booked: bookedOf(entry) });
  return { ...history, movements, returns: returnsAfter(history, entry.move, place, item, "gone") };
}

/** The invoices and costs of a receipt that stand. */
function factsOf({ facts }: Registered, receipt: string): readonly string[] {
  return [...facts.entries()].flatMap(([fact, known]) =>
    known.receipt === receipt && !known.cancelled ? [fact] : [],
  );
}
