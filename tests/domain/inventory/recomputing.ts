/**
 * What an item must answer when movements come late, worked out from scratch each time: all that was accepted so far is
 * laid in costing order and told, from the first on, to a new oracle of movements in order. Shares no code with the rules.
 */
import { oracle } from "./oracle.ts";

type Asked = Readonly<{ type: string; data: object; today: string }>;
type Row = Readonly<{
  movement: string;
  layer: string;
  area: string;
  date: string;
  quantity: string;
  value: string;
}>;
type Told = Readonly<{ events: readonly Readonly<{ type: string; data: object }>[] }>;
type Move = Readonly<{ movement: string; effectiveDate: string; time: string | null; value?: string | null }>;

/** `own`: what the movement itself is recorded as; `rows`: of all movements, as they ought to be from then on. */
export type Answer =
  | Readonly<{ refusals: readonly object[] }>
  | Readonly<{ own: Told["events"]; rows: readonly Row[] }>;

const isMovement = ({ data }: Asked): boolean => "movement" in data;
const moveOf = ({ data }: Asked): Move => data as Move;
const phaseOf = ({ type }: Asked): number => (/^(RecordOpeningStock|ReceiveGoods)$/.test(type) ? 0 : 1);

/** Day, receipts before the rest, time of day with none last. */
function inCostingOrder(a: Asked, b: Asked): number {
  const [first, second] = [moveOf(a), moveOf(b)];
  return (
    first.effectiveDate.localeCompare(second.effectiveDate) ||
    phaseOf(a) - phaseOf(b) ||
    (first.time ?? "99").localeCompare(second.time ?? "99")
  );
}

const rowsOf = ({ events }: Told): readonly Row[] =>
  events.flatMap(({ data }) => ("rows" in data ? (data.rows as readonly Row[]) : []));

/** Answers one command after the other; what it accepts has happened. */
export function recomputing(): (command: Asked) => Answer {
  const others: Asked[] = [];
  const movements: Asked[] = [];

  return (command) => {
    const answer = oracle();
    const [active, ended] = [others.filter((other) => !ends(other)), others.filter(ends)];
    if (!isMovement(command) || ended.length > 0) {
      for (const each of [...active, ...movements.toSorted(inCostingOrder), ...ended]) answer(each);
      const told = answer(command);
      if ("refusals" in told) return told;
      others.push(command);
      return { own: told.events, rows: [] };
    }
    for (const each of active) answer(each);
    const rows: Row[] = [];
    let own: Told["events"] = [];
    // Sorting is stable: among equals the new one is last.
    for (const each of [...movements, command].sort(inCostingOrder)) {
      const told = answer(each);
      if ("refusals" in told) {
        const { movement, effectiveDate } = moveOf(each);
        const leavesShort = { movement, effectiveDate };
        return { refusals: told.refusals.map((r) => (each === command ? r : { ...r, leavesShort })) };
      }
      if (each === command) own = told.events;
      rows.push(...rowsOf(told));
    }
    movements.push(fixed(command, own));
    return { own, rows };
  };
}

const ends = ({ type }: Asked): boolean => type === "DeactivateItem";

/** A surplus has its value for ever from the day it is recorded. */
function fixed(command: Asked, own: Told["events"]): Asked {
  const { value } = moveOf(command);
  const [row] = rowsOf({ events: own });
  const isFound = command.type === "AdjustStock" && value === null && !row?.quantity.startsWith("-");
  return isFound ? { ...command, data: { ...command.data, value: row?.value } } : command;
}
