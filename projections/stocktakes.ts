/** Stocktakes: what was opened, counted, approved, posted and refused; and which movements were before a count. */
import type { Insertable } from "kysely";
import { countOf } from "../domain/processes/stocktake.ts";
import { type Insert, insertInto } from "../read-models/insert.ts";
import type { StocktakeTables } from "../read-models/stocktake-tables.ts";
import type { Entry } from "./entry.ts";

type Row<Table extends keyof StocktakeTables> = Insertable<StocktakeTables[Table]>;

export function stocktakeInserts(schema: string, entries: readonly Entry[]): readonly Insert[] {
  const into = <Table extends keyof StocktakeTables>(
    table: Table,
    columns: readonly (keyof Row<Table> & string)[],
    rowsOf: (entry: Entry) => readonly Row<Table>[],
  ) => insertInto<StocktakeTables[Table]>(schema, table, columns, entries.flatMap(rowsOf));
  return [
    into("stocktake", ["stocktake", "seq", "location", "effective", "reference"], opened),
    into("stocktake_change", ["stocktake", "seq", "status", "approved_by", "reason"], changed),
    into("stocktake_count", COUNT, counted),
    into("stocktake_lot", ["stocktake", "line", "seq", "lot", "counted"], countedLots),
    into("stocktake_posting", ["stocktake", "line", "seq", "item", "movement"], posted),
    into("stocktake_refusal", ["item", "movement", "seq", "reason", "leaves_short"], refused),
    into("placed_before", ["item", "movement", "seq", "count"], placedBefore),
  ];
}

const COUNT = ["stocktake", "line", "seq", "item", "lot", "counted", "counted_by"] as const;

function opened({ event, seq }: Entry): Row<"stocktake">[] {
  if (event.type !== "StocktakeOpened") return [];
  const { date: effective, ...sheet } = event.data;
  return [{ ...sheet, seq, effective }];
}

function changed({ event, seq }: Entry): Row<"stocktake_change">[] {
  const of = (status: string, approved_by: string | null = null, reason: string | null = null) => {
    const { stocktake } = event.data as { stocktake: string };
    return [{ stocktake, seq, status, approved_by, reason }];
  };
  switch (event.type) {
    case "StocktakeApproved":
      return of("approved", event.data.approvedBy);
    case "StocktakePosted":
      return of("posted");
    case "StocktakeAbandoned":
      return of("abandoned", null, event.data.reason);
    default:
      return [];
  }
}

function counted({ event, seq }: Entry): Row<"stocktake_count">[] {
  if (event.type !== "StocktakeLineCounted") return [];
  const { stocktake, line, item, lot, counted: quantity, countedBy } = event.data;
  return [{ stocktake, line, seq, item, lot, counted: quantity, counted_by: countedBy }];
}

function countedLots({ event, seq }: Entry): Row<"stocktake_lot">[] {
  if (event.type !== "StocktakeLotsCounted") return [];
  const { stocktake, line, lots } = event.data;
  return lots.map(({ lot, quantity }) => ({ stocktake, line, seq, lot, counted: quantity }));
}

function posted({ event, seq, recorded }: Entry): Row<"stocktake_posting">[] {
  if (event.type !== "StocktakePosted") return [];
  const { stocktake, lines } = event.data;
  return lines.map(({ line, item }) => ({
    ...{ stocktake, line, seq, item },
    movement: countOf(recorded.id, line),
  }));
}

function refused({ event, seq }: Entry): Row<"stocktake_refusal">[] {
  if (event.type !== "StocktakeLineRefused") return [];
  const { item, movement, reason, leavesShort } = event.data;
  return [{ item, movement, seq, reason, leaves_short: leavesShort }];
}

function placedBefore({ event, seq }: Entry): Row<"placed_before">[] {
  if (event.type !== "MovementPlacedBefore") return [];
  return [{ ...event.data, seq }];
}
