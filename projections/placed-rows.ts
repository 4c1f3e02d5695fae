/** The cost rows of a command, each with its key and its place. No more than a rearrangement: costs were decided. */
import type { CostRow } from "../domain/inventory/cost-row.ts";
import type { WholeCommand } from "./entry.ts";
import type { KeyName } from "./key-memory.ts";

export type PlacedRow = Readonly<{ name: KeyName; seq: bigint; line: number; row: CostRow }>;

export function placedRows(command: WholeCommand): readonly PlacedRow[] {
  // Rows that continue a movement are of its lot; those of others say theirs.
  let lot = "";
  return command.flatMap(({ seq, event: { data } }) => {
    if ("lot" in data) lot = data.lot ?? "";
    return "rows" in data
      ? data.rows.map((row, line) => ({ name: { item: data.item, area: row.area, lot }, seq, line, row }))
      : [];
  });
}
