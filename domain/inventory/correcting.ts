/**
 * The one comparison of what ought to be with what is booked (COSTING §4): the rows that are lacking are written in the
 * command of the fact that caused them.
 */
import { draftOf, type SortedMap } from "../kernel/sorted-map.ts";
import { lacking, type OpenFrom, summed } from "./booking.ts";
import { type CostRow, rowsOf } from "./cost-row.ts";
import { bookedOf, type History, settle, targetOf } from "./history.ts";
import type { ItemEvent } from "./item-events.ts";
import type { Registered } from "./item-refusals.ts";
import { byProject } from "./project-stock.ts";

/** So many rows of the longest names fit an append with room to spare. */
const ROWS_AN_EVENT_MAX = 1_000;

type Part = Readonly<{ lot: string | null; project: string | null; rows: CostRow[] }>;
type Corrected = Readonly<{ history: History; events: readonly ItemEvent[] }>;

/** `changed`: the turns of movements that ought to be otherwise than before. */
export function corrected(
  history: History,
  changed: readonly string[],
  causedBy: string,
  item: Registered,
  openFrom: OpenFrom,
): Corrected {
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  // Others that are booked on other days than their own are so rightly, unless the first open day has moved.
  const doubtful = history.settledAt === openFrom ? changed : keysOf(apart);
  const rows = new Map<string, Part>();
  for (const turn of doubtful) {
    const entry = movements.get(turn);
    if (!entry) continue;
    const { movement, lot, effectiveDate } = entry.move.data;
    const booked = bookedOf(entry);
    const lacked = lacking(booked, targetOf(entry), effectiveDate, openFrom);
    // Where nothing of it is closed, it is booked as it ought to be from here on: there may be thousands.
    if (effectiveDate >= (openFrom ?? "")) settle(movements, apart, turn, { ...entry, booked: undefined });
    else settle(movements, apart, turn, { ...entry, booked: summed([...booked, ...lacked]) });
    if (lacked.length === 0) continue;
    for (const [project, some] of byProject(lacked)) {
      const key = `${lot ?? ""} ${project ?? ""}`;
      const known = rows.get(key) ?? { lot, project, rows: [] };
      known.rows.push(...rowsOf(movement, some, item));
      rows.set(key, known);
    }
  }
  const events = [...rows.values()].flatMap(({ lot, project, rows: all }) =>
    inEvents(all).map(
      (some): ItemEvent => ({
        type: "MovementsRecosted",
        data: { item: item.item, causedBy, lot, project, rows: some },
      }),
    ),
  );
  return { history: { ...history, movements, apart, settledAt: openFrom }, events };
}

const keysOf = (map: SortedMap<true>): readonly string[] => [...map.entries()].map(([key]) => key);

export function inEvents<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const parts: Row[][] = [];
  for (let from = 0; from < rows.length; from += ROWS_AN_EVENT_MAX)
    parts.push(rows.slice(from, from + ROWS_AN_EVENT_MAX));
  return parts;
}
