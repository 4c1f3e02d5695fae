/** Where a movement stands in an item's costing order (COSTING §2). */
import type { EffectiveDate } from "../kernel/event.ts";
import { placesFrom } from "./by-place.ts";
import { placeOf as ownPlace, REVISION_DIGITS } from "./costing-order.ts";
import { countKey, entryNamed, type History, placeOf, standing } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { MovementType } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";

const ARRIVALS: readonly string[] = [
  "RecordOpeningStock",
  "ReceiveGoods",
  "OpeningStockRecorded",
  "GoodsReceived",
];

export const phaseOf = (type: MovementCommand["type"] | MovementType): 0 | 1 =>
  ARRIVALS.includes(type) ? 0 : 1;

/** A count comes after all that lies before it, and before what may yet be placed there. */
const COUNT = "/~";

/**
 * What refers to another movement never precedes it: it stands right after it at the earliest. So does
 * what is recorded after a count of its day and area, unless it names that count.
 */
export function placeIn(
  { events: revision, history }: Pick<Registered, "history"> & Readonly<{ events: number | bigint }>,
  move: MovementCommand,
): string {
  const { effectiveDate: day } = move.data;
  const own = ownPlace(move.data, phaseOf(move.type), revision);
  const areas = areasOf(move, history);
  const named = move.before === undefined ? undefined : placeOfCount(history, move.before);
  const referred = placeOf(history, referredBy(move) ?? "");
  const ending = move.type === "CountStock" ? COUNT : "";
  const others =
    move.type === "CountStock"
      ? [lastOn(history, day, areas, named)]
      : areas.map((area) => lastCountOn(history, day, area, named));
  const place = `${behind(own, [referred, ...others].reduce(max, undefined), ending)}${ending}`;
  const isBefore = named === undefined || place < named || (referred !== undefined && referred > named);
  return isBefore ? place : `${named.slice(0, -COUNT.length)}/${own}${ending}`;
}

/** Of one that stands. */
function placeOfCount(history: History, count: string): string | undefined {
  return standing(history, count) ? placeOf(history, count) : undefined;
}

/** In its own place, or right after another's; a count is always behind something, so that there is room before it. */
const behind = (own: string, other: string | undefined, ending = ""): string => {
  if (other !== undefined && own < other) return `${other}/${own}`;
  return ending === "" ? own : `${own}/${own}`;
};

const max = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

/** The movement that one is of: whose goods it moves on, or back. */
export function referredBy(move: MovementCommand): string | undefined {
  switch (move.type) {
    case "ReturnGoods":
      return move.data.issue;
    case "ReturnToSupplier":
      return move.data.receipt ?? undefined;
    case "ArriveGoods":
      return move.data.dispatch;
    case "CompensateMovement":
      return move.data.compensated;
    default:
      return undefined;
  }
}

/** Where a movement takes or brings goods. */
export function areasOf(move: MovementCommand, history: History): readonly string[] {
  switch (move.type) {
    case "TransferGoods":
      return [move.data.from, move.data.to];
    case "DispatchGoods":
      return [move.data.from, move.data.via];
    case "ArriveGoods": {
      const dispatch = entryNamed(history, move.data.dispatch)?.move;
      return dispatch?.type === "DispatchGoods"
        ? [dispatch.data.via, move.data.location]
        : [move.data.location];
    }
    case "CompensateMovement":
      return move.data.to === null ? [move.data.location] : [move.data.location, move.data.to];
    default:
      return [move.data.location];
  }
}

/** The place of the last count of a day in an area, or of the last before the one that is named. */
function lastCountOn(
  { counts }: History,
  day: EffectiveDate,
  area: string,
  named: string | undefined,
): string | undefined {
  let last: string | undefined;
  for (const [key] of counts.entries(countKey(area, day))) {
    const place = key.slice(countKey(area, "").length);
    if (!key.startsWith(countKey(area, day)) || (named !== undefined && place >= named)) break;
    last = place;
  }
  return last;
}

/** The last place of a day that any of these areas is touched in, before the count that is named. */
function lastOn(
  history: History,
  day: EffectiveDate,
  areas: readonly string[],
  named: string | undefined,
): string | undefined {
  let last: string | undefined;
  for (const { place, entry } of placesFrom(history, day)) {
    const { move, cancelled } = entry;
    if (!place.startsWith(day) || (named !== undefined && place >= named)) break;
    if (!cancelled && areasOf(move, history).some((area) => areas.includes(area))) last = place;
  }
  return last;
}

/** The revision that a place was given with. */
export const revisionIn = (place: string): string =>
  (place.endsWith(COUNT) ? place.slice(0, -COUNT.length) : place).slice(-REVISION_DIGITS);
