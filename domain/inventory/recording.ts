/**
 * What a movement leads to, whenever it comes (COSTING §4): it takes its place in costing order, those after it are run
 * again, and the rows by which what is booked falls short of what ought to be are written with it.
 */
import { accept, type Decision, refuse } from "../kernel/decider.ts";
import { type Draft, draftOf } from "../kernel/sorted-map.ts";
import { type CostRow, rowsOf } from "./cost-row.ts";
import { type Entry, earlier, planned, rerun, rewind } from "./history.ts";
import type { ItemEvent, ItemRefusal, MovementCommand, MovementEvent, MovementType } from "./item-events.ts";
import { insufficient, type Registered, refusalOf, valued } from "./item-refusals.ts";
import { difference } from "./leg.ts";
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

  const { movement, lot, effectiveDate } = command.data;
  const [movements, places] = [draftOf(history.movements), draftOf(history.places)];
  places.set(movement, place);
  movements.set(place, { move, legs: own.legs, booked: own.legs });
  for (const [at, entry] of others.ran) movements.set(at, entry);
  const corrected = corrections(movements, earlier(history.owes, place), item);
  const events: [ItemEvent, ...ItemEvent[]] = [
    ...movementEvents(command, rowsOf({ movement, date: effectiveDate }, own.legs, item)),
    ...recosted(item.item, movement, corrected),
  ];
  const queues = stock.close();
  const after = { ...item, lot, events: item.events + events.length };
  return {
    ...accept(...events),
    after: { ...after, history: { movements, places, queues, stale: undefined, owes: undefined } },
  };
}

/** By lot, the rows that bring every movement from a place on to what it ought to be. It is booked by then. */
function corrections(
  movements: Draft<Entry>,
  from: string,
  item: Registered,
): ReadonlyMap<string | null, CostRow[]> {
  const corrected = new Map<string | null, CostRow[]>();
  const unbooked = [...movements.entries(from)].filter(([, { legs, booked }]) => booked !== legs);
  for (const [place, entry] of unbooked) {
    movements.set(place, { ...entry, booked: entry.legs });
    const { movement, lot, effectiveDate: date } = entry.move.data;
    const rows = rowsOf({ movement, date }, difference(entry.booked, entry.legs), item);
    const some = corrected.get(lot);
    if (some) some.push(...rows);
    else corrected.set(lot, [...rows]);
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
