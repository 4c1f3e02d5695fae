/** Rows for a terminal: columns as wide as they must be. */

export type Row = Readonly<Record<string, unknown>>;

/** `indent`: before each line. */
export function columns(rows: readonly Row[], indent = ""): string {
  if (rows.length === 0) return `${indent}nothing`;
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => textOf(row[name])))];
  const widths = names.map((_name, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      `${indent}${line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd(),
    )
    .join("\n");
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : `${value as string}`;
}
