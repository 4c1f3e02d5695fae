/** What is printed: a line for each figure, beside its bound. */
import type { Rates } from "./rounds.ts";

export type Row = Readonly<{
  name: string;
  subject: string;
  bound: string;
  ratio: string;
  expected: string;
  note: string;
}>;

export const perSecond = (
  name: string,
  { subject, bound, ratio }: Rates,
  expected: number | undefined,
): Omit<Row, "note"> => ({
  name,
  subject: `${count(subject)}/s`,
  bound: `${count(bound)}/s`,
  ratio: ratio.toFixed(2),
  expected: expected === undefined ? "" : `≥ ${expected}${ratio >= expected ? "" : " ✗"}`,
});

const count = (many: number): string => Math.round(many).toLocaleString("en");

export function tableOf(rows: readonly Row[]): string {
  const head: Row = {
    name: "",
    subject: "Perpetual",
    bound: "bound",
    ratio: "ratio",
    expected: "expected",
    note: "",
  };
  const columns = Object.keys(head) as (keyof Row)[];
  const all = [head, ...rows];
  const width = (column: keyof Row) => Math.max(...all.map((row) => row[column].length));
  const widths = new Map(columns.map((column) => [column, width(column)]));
  const lineOf = (row: Row) =>
    columns
      .map((column) =>
        column === "name" || column === "note"
          ? row[column].padEnd(widths.get(column) ?? 0)
          : row[column].padStart(widths.get(column) ?? 0),
      )
      .join("  ")
      .trimEnd();
  return all.map(lineOf).join("\n");
}
