/**
 * The cost rows of a command, each with its key, its place and its cause. No more than a rearrangement: costs were decided.
 * But a row that is dated into time which was closed before it in the log counts on the first open day (COSTING §5).
 */
import { latest, type OpenFrom } from "../domain/inventory/booking.ts";
import type { CostRow } from "../domain/inventory/cost-row.ts";
import type { WholeCommand } from "./entry.ts";
import type { KeyName } from "./key-memory.ts";

/** `cause`: the fact in whose command it was written: the movement itself, or one that came late. */
export type PlacedRow = Readonly<{ name: KeyName; seq: bigint; line: number; row: CostRow; cause: string }>;

export function placedRows(command: WholeCommand, openFrom: OpenFrom): readonly PlacedRow[] {
  // Rows that continue a movement are of its lot and project; those of others say theirs.
  let [lot, project] = ["", ""];
  return command.flatMap(({ seq, event: { type, data } }) => {
    if ("lot" in data) lot = data.lot ?? "";
    if (type === "ProjectNamed") ({ project } = data);
    if (!("rows" in data)) return [];
    const isOf =
      type === "MovementsRecosted" || type === "CostRowsOfProject" ? (data.project ?? "") : project;
    const causedBy = "causedBy" in data ? data.causedBy : undefined;
    return data.rows.map((row, line) => ({
      name: { item: data.item, area: row.area, lot, project: isOf },
      seq,
      line,
      row: row.date === latest(row.date, openFrom) ? row : { ...row, date: latest(row.date, openFrom) },
      cause: causedBy ?? row.movement,
    }));
  });
}
