/**
 * On which days lot rows count (COSTING §5), as cost rows do: what was dated into time that was closed before it in the log counts on
 * the first open day, and goes back to its own day by the next decision after that time is opened again.
 */
import type { Decision } from "../kernel/decider.ts";
import { negated, textOfSteps } from "../kernel/decimal.ts";
import { acceptAll, factOf } from "./approving.ts";
import { latest, type OpenFrom } from "./booking.ts";
import { inEvents } from "./correcting.ts";
import { entryOf } from "./history.ts";
import type { ItemRefusal, MovingCommand } from "./item-commands.ts";
import type { ItemEvent } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";
import type { LotRow } from "./lot-row.ts";
import { displacedIn, withLotsMoved } from "./lot-tracking.ts";

type Decided = Decision<ItemEvent, ItemRefusal, Registered>;

/** The rows by which lots come to count on the days on which they ought to; none where they do. */
export function redatedLots(item: Registered, causedBy: string, openFrom: OpenFrom): readonly ItemEvent[] {
  const moved: LotRow[] = [];
  for (const { units, ...row } of displacedIn(item.tracking)) {
    const { effectiveDate } = entryOf(item.history, row.movement)[1].move.data;
    const date = latest(effectiveDate, openFrom);
    if (row.date <= date) continue; // what is closed stands
    const quantity = textOfSteps(units, item.quantityScale);
    moved.push({ ...row, quantity: negated(quantity) }, { ...row, date, quantity });
  }
  return inEvents(moved).map((some) => ({
    type: "LotsMoved",
    data: { item: item.item, causedBy, moved: some },
  }));
}

/** The same, in the command of whatever is decided next. */
export function withRedatedLots(decided: Decided, command: MovingCommand): Decided {
  const causedBy = factOf(command);
  if (!decided.ok || !decided.after || causedBy === undefined) return decided;
  const { after } = decided;
  const events = redatedLots(after, causedBy, command.openFrom);
  if (events.length === 0) return decided;
  const next = { ...after, events: after.events + events.length };
  return { ...acceptAll([...decided.events, ...events]), after: events.reduce(withLotsMoved, next) };
}
