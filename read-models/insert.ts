/** Rows on their way into a table, by COPY where they are many and by one INSERT in a script where they are few. */
import type { Insertable } from "kysely";
import type { Session } from "./database.ts";

type Cell = string | bigint | number | boolean | null;

/** Rows for one table. `columns` names each column once, in any order. */
export type Insert = Readonly<{ target: string; columns: readonly string[]; rows: readonly Row[] }>;
type Row = Readonly<Record<string, Cell>>;

export function insertInto<Table>(
  schema: string,
  table: string,
  columns: readonly (keyof Insertable<Table> & string)[],
  rows: readonly Insertable<Table>[],
): Insert {
  const target = `"${schema}".${table} (${columns.join(", ")})`;
  return { target, columns, rows: rows as readonly Row[] };
}

const SCRIPT_ROWS_MAX = 60;

/** One transaction: `before` (the fence) first, since it locks; then all rows. */
export async function write(
  session: Session,
  before: readonly string[],
  inserts: readonly Insert[],
): Promise<void> {
  const filled = inserts.filter(({ rows }) => rows.length > 0);
  if (filled.reduce((sum, { rows }) => sum + rows.length, 0) <= SCRIPT_ROWS_MAX)
    return session.script([...before, ...filled.map(valuesOf)]);
  try {
    await session.script(["begin", ...before]);
    for (const { target, columns, rows } of filled) await session.copy(target, linesOf(columns, rows));
    await session.script(["commit"]);
  } catch (error) {
    await session.script(["rollback"]).catch(() => {}); // the session may be what broke
    throw error;
  }
}

const valuesOf = ({ target, columns, rows }: Insert): string => {
  const cells = (row: Row) => columns.map((column) => literal(row[column] as Cell)).join(",");
  return `insert into ${target} values ${rows.map((row) => `(${cells(row)})`).join(",")}`;
};

/** Backslashes mean nothing between these quotes (standard_conforming_strings, Postgres's default since 9.1). */
export const literal = (cell: Cell): string =>
  cell === null ? "null" : `'${String(cell).replaceAll("'", "''")}'`;

// Loops, not `map` and `join`: each event is a hundred cells.
function linesOf(columns: readonly string[], rows: readonly Row[]): string {
  let text = "";
  for (const row of rows) {
    let before = "";
    for (const column of columns) {
      text += before + field(row[column] as Cell);
      before = "\t";
    }
    text += "\n";
  }
  return text;
}

const special = /[\\\t\n\r]/;
function field(cell: Cell): string {
  if (cell === null) return "\\N";
  if (typeof cell !== "string") return String(cell);
  return special.test(cell)
    ? cell.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r")
    : cell;
}
