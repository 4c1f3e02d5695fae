/** The cost rows of a command, each with its key and its place. No more than a rearrangement: costs were decided. */
import type { CostRow } from "../domain/inventory/cost-row.ts";
import type { WholeCommand } from "./entry.ts";
import type { KeyName } from "./key-memory.ts";

export type PlacedRow = Readonly<{ name: KeyName; seq: bigint; line: number; row: CostRow }>;

export function placedRows(command: WholeCommand): readonly PlacedRow[] {
  // A command is of one movement; the rows that continue it are of its lot.
  const [{ event: first }] = command;
  const lot = "lot" in first.data ? (first.data.lot ?? "") : "";
  return command.flatMap(({ seq, event: { data } }) =>
    "rows" in data
      ? data.rows.map((row, line) => ({ name: { item: data.item, area: row.area, lot }, seq, line, row }))
      : [],
  );
}
