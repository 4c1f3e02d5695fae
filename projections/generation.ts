/** One set of read models, folded from whole commands: the tables of a generation. */
import type { Insertable } from "kysely";
import type { OpenFrom } from "../domain/inventory/booking.ts";
import type { MovementEvent } from "../domain/inventory/item-events.ts";
import type { Session } from "../read-models/database.ts";
import { type Insert, insertInto } from "../read-models/insert.ts";
import type { GenerationTables } from "../read-models/schema.ts";
import { endOf, type WholeCommand } from "./entry.ts";
import { itemVersions } from "./item-versions.ts";
import { type KeyName, keyMemory, textOfName } from "./key-memory.ts";
import { textsOf } from "./key-state.ts";
import { layerOrigins } from "./layer-origins.ts";
import { lotInserts, lotRows } from "./lots.ts";
import { type DatedPart, foldCommand, isBackdated, type MonthEnd } from "./month-ends.ts";
import { cancelledMovement, leadIn, movementRow } from "./movements.ts";
import { itemUnit } from "./other-units.ts";
import { openAfter, periodChange, storedOpenFrom } from "./periods.ts";
import { type PlacedRow, placedRows } from "./placed-rows.ts";
import { stocktakeInserts } from "./stocktakes.ts";
import { landedCostLines, landedCostRefusal, valueFact } from "./value-facts.ts";

type Rows<Table extends keyof GenerationTables> = Insertable<GenerationTables[Table]>[];

export function generation(session: Session, schema: string) {
  const keys = keyMemory(session, schema);
  const versions = itemVersions(session, schema);
  let opens: Readonly<{ from: OpenFrom }> | undefined;

  /** The rows of a batch. Memory has moved on: when they are not committed, forget this generation, make it anew. */
  async function fold(commands: readonly WholeCommand[]): Promise<readonly Insert[]> {
    opens ??= { from: await storedOpenFrom(session, schema) };
    const placed: (readonly PlacedRow[])[] = [];
    const movements: Rows<"movement"> = [];
    const lots: Rows<"lot_row"> = [];
    for (const command of commands) {
      placed.push(placedRows(command, opens.from));
      lots.push(...lotRows(command, opens.from));
      for (const { event, seq } of command)
        if ("effectiveDate" in event.data)
          movements.push(movementRow(event as MovementEvent, seq, opens.from, leadIn(command)));
      opens = { from: openAfter(command, opens.from) };
    }
    const newKeys = await keys.load(placed.flat().map(({ name }) => name));
    await loadMonthEnds(placed);
    const costRows: Rows<"cost_row"> = [];
    const monthEnds: MonthEnd[] = [];
    for (const [index, command] of commands.entries()) {
      const rows = placed[index] ?? [];
      for (const [name, { parts, last }] of byKey(rows))
        monthEnds.push(...foldCommand(keys.get(name), parts, { last, end: endOf(command) }));
      for (const row of rows) costRows.push(costRow(row));
    }
    const items = await versions.fold(commands.flat());
    const entries = commands.flat();
    const periods = entries.flatMap((entry) => periodChange(entry) ?? []);
    const facts = entries.flatMap((entry) => valueFact(entry) ?? []);
    const refusals = entries.flatMap((entry) => landedCostRefusal(entry) ?? []);
    const cancelled = entries.flatMap((entry) => cancelledMovement(entry) ?? []);
    const origins = entries.flatMap(layerOrigins);
    const bills = entries.flatMap(landedCostLines);
    const units = entries.flatMap(itemUnit);
    keys.shrink();
    return [
      insertInto<GenerationTables["stock_key"]>(
        schema,
        "stock_key",
        ["key", "item", "area", "lot", "project"],
        newKeys,
      ),
      insertInto<GenerationTables["cost_row"]>(schema, "cost_row", COST_ROW, costRows),
      ...monthEndInserts(schema, monthEnds),
      insertInto<GenerationTables["layer_origin"]>(schema, "layer_origin", LAYER_ORIGIN, origins),
      insertInto<GenerationTables["movement"]>(schema, "movement", MOVEMENT, movements),
      insertInto<GenerationTables["item_version"]>(schema, "item_version", ITEM_VERSION, items),
      insertInto<GenerationTables["period_change"]>(schema, "period_change", PERIOD_CHANGE, periods),
      insertInto<GenerationTables["cancelled_movement"]>(schema, "cancelled_movement", CANCELLED, cancelled),
      insertInto<GenerationTables["value_fact"]>(schema, "value_fact", VALUE_FACT, facts),
      insertInto<GenerationTables["landed_cost_refusal"]>(schema, "landed_cost_refusal", REFUSAL, refusals),
      insertInto<GenerationTables["landed_cost_line"]>(schema, "landed_cost_line", LANDED_COST_LINE, bills),
      insertInto<GenerationTables["item_unit"]>(schema, "item_unit", ITEM_UNIT, units),
      ...stocktakeInserts(schema, entries),
      ...lotInserts(schema, lots, entries),
    ];
  }

  /** A batch may make a key's last month later before a row comes that is back-dated only then. */
  async function loadMonthEnds(placed: readonly (readonly PlacedRow[])[]): Promise<void> {
    const last = new Map<number, string>();
    const late = new Set<ReturnType<typeof keys.get>>();
    for (const { name, row } of placed.flat()) {
      const state = keys.get(name);
      const knownLast = last.get(state.key) ?? state.knownLast;
      if (isBackdated(knownLast, row.date)) late.add(state);
      if (row.date > knownLast) last.set(state.key, row.date);
    }
    await keys.loadClosed([...late]);
  }

  function costRow({ name, seq, line, row, cause }: PlacedRow): Rows<"cost_row">[number] {
    const { key, knownLast } = keys.get(name);
    const { movement, layer, date: effective, quantity, value } = row;
    return { key, effective, seq, line, movement, layer, cause, quantity, value, known_last: knownLast };
  }

  return { fold };
}

/** A command's rows by key, in their order; and the seq of the last of each. */
function byKey(rows: readonly PlacedRow[]): ReadonlyMap<KeyName, { parts: DatedPart[]; last: bigint }> {
  const names = new Map<string, KeyName>();
  const keys = new Map<KeyName, { parts: DatedPart[]; last: bigint }>();
  for (const { name, seq, row } of rows) {
    const text = textOfName(name);
    const known = names.get(text) ?? name;
    names.set(text, known);
    const key = keys.get(known) ?? { parts: [], last: seq };
    keys.set(known, key);
    key.parts.push(row);
    key.last = seq;
  }
  return keys;
}

function monthEndInserts(schema: string, monthEnds: readonly MonthEnd[]): readonly Insert[] {
  const of = ({ key, month, seq }: MonthEnd) => ({ key, month, seq });
  const totals = monthEnds.map((end) => ({ ...of(end), ...textsOf(end.sums.total) }));
  const layers = monthEnds.flatMap((end) =>
    [...end.sums.layers].map(([layer, amount]) => ({ ...of(end), layer, ...textsOf(amount) })),
  );
  const columns = ["key", "month", "seq", "quantity", "value"] as const;
  return [
    insertInto<GenerationTables["month_end"]>(schema, "month_end", columns, totals),
    insertInto<GenerationTables["month_end_layer"]>(schema, "month_end_layer", [...columns, "layer"], layers),
  ];
}

const COST_ROW = [
  "key",
  "effective",
  "seq",
  "line",
  "movement",
  "layer",
  "cause",
  "quantity",
  "value",
  "known_last",
] as const;
const LAYER_ORIGIN = ["item", "layer", "seq", "received_on"] as const;
const REFUSAL = ["landed_cost", "line", "seq", "reason"] as const;
const CANCELLED = ["item", "movement", "seq", "reference"] as const;
const VALUE_FACT = [
  "item",
  "fact",
  "seq",
  "kind",
  "receipt",
  "document_date",
  "reference",
  "quantity",
  "amount",
  "exchange_difference",
  "cancels",
] as const;
const LANDED_COST_LINE = ["landed_cost", "line", "seq", "item", "receipt", "fact", "amount"] as const;
const PERIOD_CHANGE = ["seq", "period", "status", "open_from", "reason"] as const;
const MOVEMENT = [
  "item",
  "place",
  "seq",
  "movement",
  "kind",
  "effective",
  "counts_on",
  "time",
  "location",
  "to_location",
  "lot",
  "project",
  "quantity",
  "measured",
  "measured_unit",
  "purpose",
  "reference",
] as const;
const ITEM_UNIT = ["item", "unit", "seq", "quantity", "equals"] as const;
const ITEM_VERSION = [
  "item",
  "seq",
  "name",
  "unit",
  "quantity_scale",
  "value_scale",
  "cost_by",
  "active",
  "tracks",
] as const;
