/**
 * What a movement leads to, whenever it comes (COSTING §4): it takes its place in costing order, those after it are run
 * again, and the rows by which what is booked falls short of what ought to be are written with it.
 */
import { accept, type Decision, refuse } from "../kernel/decider.ts";
import { type Draft, draftOf, type SortedMap } from "../kernel/sorted-map.ts";
import { lacking, type OpenFrom, summed } from "./booking.ts";
import { type CostRow, rowsOf } from "./cost-row.ts";
import { bookedOf, type Entry, planned, rerun, rewind, settle } from "./history.ts";
import type { ItemEvent, ItemRefusal, MovementCommand, MovementEvent, MovementType } from "./item-events.ts";
import { insufficient, type Registered, refusalOf, valued } from "./item-refusals.ts";
import { legsOf } from "./legs-of.ts";

/** So many rows of the longest names fit an append with room to spare. */
const ROWS_AN_EVENT_MAX = 1_000;

export const eventOf = {
  RecordOpeningStock: "OpeningStockRecorded",
  ReceiveGoods: "GoodsReceived",
  IssueGoods: "GoodsIssued",
  TransferGoods: "GoodsTransferred",
  AdjustStock: "StockAdjusted",
} as const satisfies Readonly<Record<MovementCommand["type"], MovementType>>;

export function recording(
  command: MovementCommand,
  place: string,
  item: Registered,
): Decision<ItemEvent, ItemRefusal, Registered> {
  const refusal = refusalOf(command, item);
  if (refusal) return refuse(refusal);
  const history = planned(item.history, item);
  const { stock, later } = rewind(history, place);
  const move = valued(command, stock, item);
  if ("name" in move) return refuse(move);
  const own = legsOf(move, place, stock, item);
  if ("short" in own) return refuse(insufficient(own.short, item));
  for (const leg of own.legs) stock.move(leg);
  const others = rerun(later, stock, item);
  if ("short" in others) return refuse(insufficient(others.short, item, others.of));

  const { movement, lot, effectiveDate: day } = command.data;
  const entry: Entry = { move, day, legs: own.legs, booked: undefined };
  const [movements, places] = [draftOf(history.movements), draftOf(history.places)];
  places.set(movement, place);
  movements.set(place, entry);
  for (const [at, other] of others.ran) movements.set(at, other);
  const apart = draftOf(history.apart);
  for (const [at] of others.ran) apart.set(at, true);
  // Those that stood apart before are as they ought to be, unless the first open day has moved since.
  const doubtful = history.settledAt === command.openFrom ? others.ran.map(([at]) => at) : keysOf(apart);
  const corrected = corrections(doubtful, movements, apart, item, command.openFrom);
  const events: [ItemEvent, ...ItemEvent[]] = [
    ...movementEvents(command, rowsOf(movement, bookedOf(entry), item)),
    ...recosted(item.item, movement, corrected),
  ];
  const after = { ...item, lot, events: item.events + events.length };
  const queues = stock.close();
  const settled = { movements, places, queues, stale: undefined, apart, settledAt: command.openFrom };
  return { ...accept(...events), after: { ...after, history: settled } };
}
/** Every correction on the day that it ought to stand on. */
export function redating(
  { causedBy }: Readonly<{ causedBy: string }>,
  item: Registered,
  openFrom: OpenFrom,
): Decision<ItemEvent, ItemRefusal, Registered> {
  const history = planned(item.history, item);
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  const corrected = corrections(keysOf(apart), movements, apart, item, openFrom);
  const [first, ...others] = recosted(item.item, causedBy, corrected);
  if (!first) return refuse({ name: "NothingToRedate" });
  const after = { ...item, events: item.events + 1 + others.length };
  return {
    ...accept(first, ...others),
    after: { ...after, history: { ...history, movements, apart, settledAt: openFrom } },
  };
}

const keysOf = (map: SortedMap<true>): readonly string[] => [...map.entries()].map(([key]) => key);

/** By lot, the rows that bring movements to what they ought to be. They are booked so by then. */
function corrections(
  doubtful: readonly string[],
  movements: Draft<Entry>,
  apart: Draft<true>,
  item: Registered,
  openFrom: OpenFrom,
): ReadonlyMap<string | null, CostRow[]> {
  const corrected = new Map<string | null, CostRow[]>();
  for (const place of doubtful) {
    const entry = movements.get(place);
    if (!entry) continue;
    const { movement, lot, effectiveDate } = entry.move.data;
    const booked = bookedOf(entry);
    const lacked = lacking(booked, entry.legs, effectiveDate, openFrom);
    settle(movements, apart, place, { ...entry, booked: summed([...booked, ...lacked]) });
    const some = corrected.get(lot) ?? [];
    some.push(...rowsOf(movement, lacked, item));
    corrected.set(lot, some);
  }
  return corrected;
}

/** One event, and where its rows are too many for it, others that continue them. */
function movementEvents(
  { type, data }: MovementCommand,
  rows: readonly CostRow[],
): [ItemEvent, ...ItemEvent[]] {
  const [some = [], ...others] = inEvents(rows);
  const first = { type: eventOf[type], data: { ...data, rows: some } } as MovementEvent;
  const { item, movement } = data;
  return [
    first,
    ...others.map((more) => ({ type: "CostRowsContinued", data: { item, movement, rows: more } }) as const),
  ];
}

const recosted = (
  item: string,
  causedBy: string,
  corrected: ReadonlyMap<string | null, readonly CostRow[]>,
): readonly ItemEvent[] =>
  [...corrected].flatMap(([lot, all]) =>
    inEvents(all).map((rows) => ({
      type: "MovementsRecosted",
      data: { item, causedBy, lot, project: null, rows },
    })),
  );

function inEvents(rows: readonly CostRow[]): readonly (readonly CostRow[])[] {
  const parts: CostRow[][] = [];
  for (let from = 0; from < rows.length; from += ROWS_AN_EVENT_MAX)
    parts.push(rows.slice(from, from + ROWS_AN_EVENT_MAX));
  return parts;
}
