/**
 * Histories of cost rows that no rule decided: any sign, any date, any layer. What the projection makes of rows must not
 * depend on how they came about. Beside them the log they make, and the naive reading of it.
 */
import fc from "fast-check";
import { newEvents } from "../../api/commands/idempotency.ts";
import type { DomainEvent } from "../../domain/catalogue.ts";
import type { CostRow } from "../../domain/inventory/cost-row.ts";
import type { DecimalText } from "../../domain/kernel/decimal.ts";
import type { Recorded } from "../../domain/kernel/event.ts";

/** From the latest day of the history so far; or a day of its own, which that does not count. */
type Day =
  | Readonly<{ days: number }>
  | Readonly<{ months: number; edge: "first" | "last" | "same" }>
  | Readonly<{ day: string }>;
/** Of a layer that the command brings, or of one that is known in the area; `empties` it, or moves what it says. */
type Row = Readonly<{
  area: string;
  day: Day;
  layer: Readonly<{ piece: 0 | 1 | 2 }> | Readonly<{ known: number }>;
  empties: boolean;
  quantity: bigint;
  value: bigint;
}>;
type Command = Readonly<{
  type: "GoodsReceived" | "GoodsIssued" | "StockAdjusted";
  lot: string;
  /** "" for the free stock. */
  project: string;
  /** Whose stock the rows of its later events are of, if not of its own. */
  beside: string;
  /** The rows of each of its events. */
  rows: readonly (readonly Row[])[];
  /** Minutes; clocks go back. */
  recorded: number;
  /** After it, the item gets another name. */
  renames: boolean;
}>;
/** Of one item. */
export type DrawnHistory = Readonly<{ byLot: boolean; commands: readonly Command[] }>;

const figure = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: -50n, max: 50n }).map((whole) => whole * 1_000_000n) },
  { weight: 3, arbitrary: fc.bigInt({ min: -2_000n, max: 2_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n - 10n ** 22n, max: 10n ** 22n - 1n }) },
);
const day: fc.Arbitrary<Day> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ days: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 6, arbitrary: fc.record({ days: fc.integer({ min: 10, max: 70 }) }) },
  { weight: 5, arbitrary: fc.record({ days: fc.integer({ min: -20, max: -1 }) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      months: fc.integer({ min: -6, max: 3 }),
      edge: fc.constantFrom("first", "last", "same"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      months: fc.integer({ min: -60, max: -12 }),
      edge: fc.constantFrom("first", "last", "same"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ day: fc.constantFrom("1900-01-01", "2024-02-29", "2199-12-31") }) },
);
const row: fc.Arbitrary<Row> = fc.record({
  area: fc.constantFrom("A", "A", "A", "A-1", "B"),
  day,
  layer: fc.oneof(
    { weight: 2, arbitrary: fc.record({ piece: fc.constantFrom(0, 0, 1, 2) }) },
    { weight: 3, arbitrary: fc.record({ known: fc.nat(20) }) },
  ),
  empties: fc.nat(3).map((n) => n === 0),
  quantity: figure,
  value: figure,
});
const command: fc.Arbitrary<Command> = fc.record({
  type: fc.constantFrom("GoodsReceived", "GoodsIssued", "StockAdjusted"),
  lot: fc.constantFrom("L", "1-L"),
  project: fc.constantFrom("", "", "", "P", "L"),
  beside: fc.constantFrom("", "", "P", "1-L"),
  rows: fc.oneof(
    { weight: 3, arbitrary: fc.array(fc.array(row, { minLength: 1, maxLength: 3 }), ofLength(1, 1)) },
    { weight: 1, arbitrary: fc.array(fc.array(row, { minLength: 1, maxLength: 3 }), ofLength(2, 3)) },
  ),
  recorded: fc.oneof(
    { weight: 5, arbitrary: fc.nat(90) },
    { weight: 1, arbitrary: fc.integer({ min: -5_000, max: 0 }) },
  ),
  renames: fc.nat(9).map((n) => n === 9),
});
function ofLength(minLength: number, maxLength: number): fc.ArrayConstraints {
  return { minLength, maxLength, size: "max" };
}

const drawnHistories = (commandsMax: number): fc.Arbitrary<DrawnHistory> =>
  fc.record({ byLot: fc.nat(3).map((n) => n === 0), commands: fc.array(command, ofLength(1, commandsMax)) });

/** So many histories, and in which order their events come into the log. */
export type DrawnLog = Readonly<{ histories: readonly DrawnHistory[]; turns: readonly number[] }>;
export const drawnLogs = (historiesMax: number, commandsMax: number): fc.Arbitrary<DrawnLog> =>
  fc.record({
    // As many as not, though a log that failed shrinks to one.
    histories: fc.noBias(fc.array(drawnHistories(commandsMax), ofLength(1, historiesMax))),
    turns: fc.array(fc.nat(9_999), ofLength(5, 60)),
  });

/** A stream each; appends of the commands that have several events interleave with those of other streams. */
export function logOf({ histories, turns }: DrawnLog): readonly Recorded[] {
  const streams = histories.map((history, index) => {
    const item = `i${`${index}`.padStart(4, "0")}`;
    const events = eventsOf(history, item, `x.item-${item}`);
    return events.map((event, revision) => ({
      ...event,
      stream: `x.item-${item}`,
      revision: BigInt(revision),
    }));
  });
  const log: Recorded[] = [];
  let position = 7n;
  while (streams.length > 0) {
    const turn = turns[log.length % turns.length] ?? 0;
    const index = turn % streams.length;
    const next = streams[index]?.shift();
    if (next) log.push({ ...next, position });
    else streams.splice(index, 1);
    position += BigInt(1 + (turn % 3));
  }
  return log;
}

/** What SQL and COPY have to escape. */
const ODD = "it's \\n";

function eventsOf({ byLot, commands }: DrawnHistory, item: string, stream: string) {
  const left = new Map<string, readonly [bigint, bigint]>();
  let latest = Date.UTC(2026, 0, 15);
  const dayOf = (each: Day): string => {
    if ("day" in each) return each.day;
    const asked = moved(latest, each);
    if (asked > latest) latest = asked;
    return new Date(asked).toISOString().slice(0, 10);
  };

  function rowOf({ area, day, layer, ...row }: Row, movement: string, of: string): CostRow {
    const own = ["", "/O", "/O/2"].map((piece) => `${movement}${piece}`);
    const known = [...left.keys()].filter((name) => name.startsWith(`${area} ${of} `));
    const picked = "known" in layer ? known[layer.known % known.length] : undefined;
    const name = picked ?? `${area} ${of} ${own["piece" in layer ? layer.piece : 0]}`;
    const [units, worth] = left.get(name) ?? [0n, 0n];
    const [quantity, value] = row.empties ? [-units, -worth] : [row.quantity, row.value];
    left.set(name, [units + quantity, worth + value]);
    return {
      movement,
      layer: name.slice(area.length + of.length + 2),
      area,
      date: dayOf(day),
      quantity: written(quantity),
      value: written(value),
    };
  }

  const eventsAt = (id: string, minute: number, events: readonly DomainEvent[]) => {
    const recordedAt = new Date(Date.UTC(2026, 2, 31, 12, minute)).toISOString();
    return newEvents(
      { commandId: `${item}-${id}`, commandHash: "h", actor: "ada" },
      stream,
      events,
      recordedAt,
    );
  };
  const registered = { item, name: item, unit: "kg", quantityScale: 6, valueScale: 6 };
  const costBy = byLot ? "lot" : "fifo";
  const all = [...eventsAt("new", 0, [{ type: "ItemRegistered", data: { ...registered, costBy } }])];
  for (const [number, command] of commands.entries()) {
    const movement = `M${number}`;
    const lot = byLot ? command.lot : "";
    const { project, beside } = command;
    const [rows = [], ...more] = command.rows.map((some, n) =>
      some.map((row) => rowOf(row, movement, `${lot}/${n > 0 && beside ? beside : project}`)),
    );
    const [{ area, date } = { area: "A", date: "2026-01-15" }] = rows;
    const what = { item, movement, effectiveDate: date, time: null, lot: lot || null, location: area, rows };
    const first = {
      GoodsReceived: { ...what, quantity: written(1n), value: written(1n), reference: ODD },
      GoodsIssued: { ...what, quantity: written(1n), purpose: "sale", reference: ODD },
      StockAdjusted: { ...what, quantity: written(-1n), value: null, reference: null },
    }[command.type];
    const events = [
      ...(project ? [{ type: "ProjectNamed", data: { item, movement, project } }] : []),
      { type: command.type, data: first },
      ...more.map((rows) =>
        beside
          ? { type: "CostRowsOfProject", data: { item, movement, project: beside, rows } }
          : { type: "CostRowsContinued", data: { item, movement, rows } },
      ),
    ] as DomainEvent[];
    const minute = number * 60 + command.recorded;
    all.push(...eventsAt(`${number}`, minute, events));
    const renamed: DomainEvent = { type: "ItemRenamed", data: { item, name: `N${number}` } };
    if (command.renames) all.push(...eventsAt(`${number}n`, minute, [renamed]));
  }
  return all;
}

function moved(from: number, by: Exclude<Day, { day: string }>): number {
  const at = new Date(from);
  if ("days" in by) return from + by.days * 86_400_000;
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + by.months];
  const last = Date.UTC(year, month + 1, 0);
  if (by.edge === "last") return last;
  return Date.UTC(
    year,
    month,
    by.edge === "first" ? 1 : Math.min(at.getUTCDate(), new Date(last).getUTCDate()),
  );
}

/** Of millionths. */
function written(units: bigint): DecimalText {
  const digits = `${units < 0n ? -units : units}`.padStart(7, "0");
  const part = digits.slice(-6).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -6)}${part && "."}${part}` as DecimalText;
}

/** In millionths. */
export function counted(text: string): bigint {
  const [whole = "", part = ""] = text.replace("-", "").split(".");
  const units = BigInt(`${whole}${part.padEnd(6, "0")}`);
  return text.startsWith("-") ? -units : units;
}

/** A row with all that a question can ask of it. `known`: the seq from which it is seen, its command's last. */
export type Seen = Readonly<{
  item: string;
  area: string;
  lot: string;
  project: string;
  movement: string;
  layer: string;
  date: string;
  units: bigint;
  worth: bigint;
  seq: bigint;
  line: number;
  known: bigint;
}>;
/** What recorded a movement: `key` sorts in costing order. */
export type Opened = Readonly<{ date: string; key: string }>;
export type Naive = Readonly<{
  /** In the order of seq, from 1. */
  events: readonly Recorded[];
  ends: readonly bigint[];
  rows: readonly Seen[];
  /** By item and name. */
  movements: ReadonlyMap<string, Opened>;
}>;

type Data = {
  item: string;
  movement: string;
  effectiveDate: string;
  lot: string | null;
  project: string;
  rows: readonly CostRow[];
};

/** The log, numbered by the ends of its commands. */
export function naive(log: readonly Recorded[]): Naive {
  const events: Recorded[] = [];
  const ends: bigint[] = [];
  const rows: Seen[] = [];
  const movements = new Map<string, Opened>();
  for (const last of log) {
    if (last.metadata.part < last.metadata.of) continue;
    const command = log.filter(
      ({ stream, metadata }) => stream === last.stream && metadata.commandId === last.metadata.commandId,
    );
    const known = BigInt(events.length + command.length);
    let [lot, own] = ["", ""];
    for (const event of command) {
      events.push(event);
      const seq = BigInt(events.length);
      const data = event.data as Partial<Data>;
      const { item, movement, effectiveDate, rows: itsRows = [] } = data;
      if (event.type === "ProjectNamed") own = data.project ?? "";
      const project = event.type === "CostRowsOfProject" ? (data.project ?? "") : own;
      if (effectiveDate) {
        lot = data.lot ?? "";
        const phase = event.type === "GoodsReceived" ? 0 : 1;
        const key = `${effectiveDate} ${phase} ${`${seq}`.padStart(9, "0")}`;
        movements.set(`${item} ${movement}`, { date: effectiveDate, key });
      }
      for (const [line, { area, layer, date, quantity, value, movement }] of itsRows.entries()) {
        const amount = { units: counted(quantity), worth: counted(value) };
        rows.push({
          item: item ?? "",
          area,
          lot,
          project,
          movement,
          layer,
          date,
          ...amount,
          seq,
          line,
          known,
        });
      }
    }
    ends.push(known);
  }
  return { events, ends, rows, movements };
}

export type Sum = { units: bigint; worth: bigint };
/** Sums of the rows that are to be seen at (asOf, knownAt), by a name. */
export function sums(
  rows: readonly Seen[],
  asOf: string,
  knownAt: bigint,
  nameOf: (row: Seen) => string,
): ReadonlyMap<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    if (row.date > asOf || row.known > knownAt) continue;
    const name = nameOf(row);
    const sum = sums.get(name) ?? { units: 0n, worth: 0n };
    sums.set(name, { units: sum.units + row.units, worth: sum.worth + row.worth });
  }
  return sums;
}

/** Days worth asking for: those of rows, those beside them, and where months and time itself begin and end. */
export const daysToAsk = (rows: readonly Pick<Seen, "date">[]): fc.Arbitrary<string> => {
  const days = rows.map(({ date }) => Date.parse(date));
  const text = (at: number) => new Date(at).toISOString().slice(0, 10);
  const of = fc.constantFrom(...days);
  return fc.oneof(
    { weight: 4, arbitrary: of.map(text) },
    { weight: 2, arbitrary: of.map((at) => text(at - 86_400_000)) },
    { weight: 3, arbitrary: of.map((at) => text(moved(at, { months: 0, edge: "last" }))) },
    { weight: 2, arbitrary: of.map((at) => text(moved(at, { months: 0, edge: "first" }))) },
    { weight: 1, arbitrary: of.map((at) => text(moved(at, { months: 1, edge: "last" }))) },
    { weight: 1, arbitrary: fc.constantFrom("1899-12-31", "1900-01-01", "2026-01-31", "2199-12-31") },
  );
};

export function grouped<T>(
  all: readonly T[],
  nameOf: (each: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(nameOf(each)) ?? [];
    groups.set(nameOf(each), group);
    group.push(each);
  }
  return groups;
}
