/**
 * What a movement leads to, whenever it comes (COSTING §4): it takes its place in costing order, those after it are run
 * again, and the rows by which what is booked falls short of what ought to be are written with it.
 */
import { accept, type Decision, refuse } from "../kernel/decider.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import type { OpenFrom } from "./booking.ts";
import { corrected, inEvents } from "./correcting.ts";
import { type CostRow, rowsOf } from "./cost-row.ts";
import {
  bookedOf,
  type Entry,
  goOn,
  type History,
  planned,
  rerun,
  returnsAfter,
  rewind,
  standing,
  withRan,
} from "./history.ts";
import type { ItemEvent, ItemRefusal, MovementCommand, MovementEvent, MovementType } from "./item-events.ts";
import { insufficient, type Registered, refusalOf, valued } from "./item-refusals.ts";
import { legsOf } from "./legs-of.ts";
import { placeIn } from "./place-in.ts";

export const eventOf = {
  RecordOpeningStock: "OpeningStockRecorded",
  ReceiveGoods: "GoodsReceived",
  IssueGoods: "GoodsIssued",
  TransferGoods: "GoodsTransferred",
  AdjustStock: "StockAdjusted",
  ReturnGoods: "GoodsReturned",
} as const satisfies Readonly<Record<MovementCommand["type"], MovementType>>;

export function recording(
  asked: MovementCommand,
  item: Registered,
): Decision<ItemEvent, ItemRefusal, Registered> {
  const command = withLot(asked, item);
  const refusal = refusalOf(command, item);
  if (refusal) return refuse(refusal);
  const place = placeIn(item, command, command.data.effectiveDate);
  const before = planned(item.history, item);
  const from = rewind(before, place);
  const { stock } = from;
  const move = valued(command, stock, item);
  if ("name" in move) return refuse(move);
  const own = legsOf(move, place, from, item);
  if ("short" in own) return refuse(insufficient(own.short, item));
  goOn(from, move, own.legs);
  const others = rerun(from, item);
  if ("short" in others) return refuse(insufficient(others.short, item, others.of));

  const { movement, lot, effectiveDate: day } = command.data;
  const entry: Entry = { move, day, legs: own.legs, booked: undefined };
  const [movements, places] = [draftOf(before.movements), draftOf(before.places)];
  movements.set(place, entry);
  places.set(movement, place);
  const returns = returnsAfter(before, move, place, item);
  const placed = { ...before, movements, places, returns, queues: stock.close() };
  const run: History = { ...placed, ...withRan(placed, others.ran) };
  const changed = others.ran.map(([at]) => at);
  const { history, events } = corrected(run, changed, movement, item, command.openFrom);
  const [first, ...continued] = movementEvents(command, rowsOf(movement, bookedOf(entry), item));
  const decided = { ...accept<ItemEvent>(first, ...continued, ...events) };
  return { ...decided, after: { ...item, lot, history, events: item.events + decided.events.length } };
}

/** What comes back is of the lot that went out. */
function withLot(command: MovementCommand, { history }: Registered): MovementCommand {
  if (command.type !== "ReturnGoods" || command.data.lot !== null) return command;
  const lot = standing(history, command.data.issue)?.data.lot ?? null;
  return { ...command, data: { ...command.data, lot } };
}

/** Every correction on the day that it ought to stand on. */
export function redating(
  { causedBy }: Readonly<{ causedBy: string }>,
  item: Registered,
  openFrom: OpenFrom,
): Decision<ItemEvent, ItemRefusal, Registered> {
  const before = planned(item.history, item);
  const { history, events } = corrected({ ...before, settledAt: null }, [], causedBy, item, openFrom);
  const [first, ...others] = events;
  if (!first) return refuse({ name: "NothingToRedate" });
  return {
    ...accept(first, ...others),
    after: { ...item, history, events: item.events + events.length },
  };
}

/** One event, and where its rows are too many for it, others that continue them. */
function movementEvents(
  { type, data }: MovementCommand,
  rows: readonly CostRow[],
): readonly [ItemEvent, ...ItemEvent[]] {
  const [some = [], ...others] = inEvents(rows);
  const first = { type: eventOf[type], data: { ...data, rows: some } } as MovementEvent;
  const { item, movement } = data;
  return [
    first,
    ...others.map((more) => ({ type: "CostRowsContinued", data: { item, movement, rows: more } }) as const),
  ];
}
