/**
 * What a movement leads to, whenever it comes (COSTING §4): it takes its place in costing order, those after it are run
 * again, and the rows by which what is booked falls short of what ought to be are written with it.
 */
import { accept, type Decision, refuse } from "../kernel/decider.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import { acceptAll, approvalOf } from "./approving.ts";
import type { Booked, OpenFrom } from "./booking.ts";
import { corrected, inEvents } from "./correcting.ts";
import { type CostRow, rowsOf, type Scales } from "./cost-row.ts";
import { withMovement } from "./entering.ts";
import { firstReceipts } from "./first-receipts.ts";
import { type History, standing, targetOf } from "./history.ts";
import type { ItemRefusal, MovementCommand } from "./item-commands.ts";
import type { ItemEvent, MovementEvent } from "./item-events.ts";
import { insufficient, type Registered, refusalOf } from "./item-refusals.ts";
import { queueName } from "./leg.ts";
import { redatedLots } from "./lot-days.ts";
import { movedLots } from "./lot-ledger.ts";
import { tooMuchOfLot } from "./lot-refusals.ts";
import { withLotsMoved } from "./lot-tracking.ts";
import { movementEvent } from "./movement-events.ts";
import { lotsNamed, withLots } from "./naming-lots.ts";
import { referredBy } from "./place-in.ts";
import { planned } from "./planned.ts";
import { byProject, notShort, projectNamed, projectOf, withProject } from "./project-stock.ts";
import { tooMuch, undoneTooSoon } from "./referring.ts";
import { rewind } from "./running.ts";
import { runOn } from "./running-on.ts";
import { valued } from "./surplus.ts";
import { isFrozen } from "./turn.ts";
import { unrun } from "./unrun.ts";
import { firstDayFor, lyingBefore } from "./untaken.ts";

export function recording(
  asked: MovementCommand,
  item: Registered,
): Decision<ItemEvent, ItemRefusal, Registered> {
  const said = withProject(withLots(withLot(asked, item), item), item);
  const refusal = refusalOf(said, item);
  if (refusal) return refuse(refusal);
  const command = notShort(said);
  const { movement, lot } = command.data;
  const project = projectOf(command);
  const before = [
    ...approvalOf(command),
    ...placedBefore(command),
    ...lotsNamed(command),
    ...projectNamed(command),
  ];
  const [turn, asIs] = unrun({ ...item, events: item.events + before.length }, command);
  const { place = turn } = asIs;
  const wrong =
    undoneTooSoon(command, place, item) ??
    tooMuch(command, place, item) ??
    tooMuchOfLot(command, place, item);
  if (wrong) return refuse(wrong);
  const history = planned(item.history, item);
  const from = rewind(history, turn);
  const move = valued(command, lyingBefore(from.stock, place), item);
  if ("name" in move) return refuse(move);

  const entry = { ...asIs, move };
  const placed = withMovement(history, turn, entry, item);
  const lots = movedLots({ before: history, after: placed, from: place }, movement, item, move);
  if ("name" in lots) return refuse(lots);
  const run = runOn({ before: history, after: placed, turn, from }, item);
  if ("below" in run) return refuse({ name: "OthersCantBearIt" });
  if ("short" in run) {
    if (run.of !== move) return refuse(insufficient(run.short, item, { leaves: run.of }));
    const { location, requested } = run.short;
    const lying = from.stock.queue(queueName(location, lot, project));
    // What a count would take depends on its day.
    const hasOne = isFrozen(history.policy) && move.type !== "CountStock";
    const firstDate = hasOne ? firstDayFor(lying, requested) : undefined;
    return refuse(insufficient(run.short, item, firstDate ? { firstDate } : {}));
  }
  // Its own rows are in its own event.
  const movements = draftOf(run.history.movements);
  movements.set(turn, { ...(movements.get(turn) ?? entry), booked: undefined });
  const moved: History = { ...run.history, movements };
  const { history: after, events } = corrected(moved, run.changed, movement, item, command.openFrom);
  const changed = new Set([turn, ...run.changed]);
  const told = firstReceipts(history, moved, changed, { item: item.item, causedBy: movement });
  const target = byProject(targetOf(moved.movements.get(turn) ?? entry));
  const [some = [], ...others] = inEvents(rowsOf(movement, target.get(project) ?? [], item));
  const own = movementEvent(command, move, some, history);
  target.delete(project);
  const decided = acceptAll([
    ...before,
    own,
    ...continued(own, others),
    ...ofProjects(own, target, item),
    ...lots,
    ...events,
    ...told,
  ]);
  const next: Registered = {
    ...item,
    lot,
    project,
    history: after,
    events: item.events + decided.events.length,
  };
  return { ...decided, after: decided.events.reduce(withLotsMoved, next) };
}

/** What moves goods on or back is of the lot that they are of. */
function withLot(command: MovementCommand, { history }: Registered): MovementCommand {
  const referred = referredBy(command);
  if (referred === undefined || command.data.lot !== null) return command;
  const lot = standing(history, referred)?.data.lot ?? null;
  return { ...command, data: { ...command.data, lot } } as MovementCommand;
}

const placedBefore = ({ before: count, data: { item, movement } }: MovementCommand): readonly ItemEvent[] =>
  count === undefined ? [] : [{ type: "MovementPlacedBefore", data: { item, movement, count } }];

/** Where the rows of a movement are too many for its event, others continue them. */
const continued = (
  { data: { item, movement } }: MovementEvent,
  others: readonly (readonly CostRow[])[],
): readonly ItemEvent[] =>
  others.map((rows) => ({ type: "CostRowsContinued", data: { item, movement, rows } }) as const);

/** What a movement that is not of a project's stock moves there. */
const ofProjects = (
  { data: { item, movement } }: MovementEvent,
  target: ReadonlyMap<string | null, readonly Booked[]>,
  scales: Scales,
): readonly ItemEvent[] =>
  [...target].flatMap(([project, booked]) =>
    project === null
      ? []
      : inEvents(rowsOf(movement, booked, scales)).map(
          (rows) => ({ type: "CostRowsOfProject", data: { item, movement, project, rows } }) as const,
        ),
  );

/** Every correction, and every lot row, on the day that it ought to stand on. */
export function redating(
  { causedBy }: Readonly<{ causedBy: string }>,
  item: Registered,
  openFrom: OpenFrom,
): Decision<ItemEvent, ItemRefusal, Registered> {
  const before = planned(item.history, item);
  const { history, events } = corrected({ ...before, settledAt: null }, [], causedBy, item, openFrom);
  const recosted = { ...item, history, events: item.events + events.length };
  const [first, ...others] = [...events, ...redatedLots(recosted, causedBy, openFrom)];
  if (!first) return refuse({ name: "NothingToRedate" });
  const after = { ...recosted, events: item.events + 1 + others.length };
  return { ...accept(first, ...others), after: [first, ...others].reduce(withLotsMoved, after) };
}
