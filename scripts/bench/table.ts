/** What is printed: a line for each figure, beside its bound, as soon as it is known. */
import type { Rates } from "./rounds.ts";

export type Row = Readonly<{
  name: string;
  subject: string;
  bound: string;
  ratio: string;
  expected: string;
  note: string;
}>;

export const HEAD: Row = {
  name: "",
  subject: "Perpetual",
  bound: "bound",
  ratio: "ratio",
  expected: "expected",
  note: "",
};

const NAME_WIDTH = 44;
const WIDTHS = { subject: 13, bound: 12, ratio: 6, expected: 9 } as const;

export function lineOf({ name, note, ...figures }: Row): string {
  const columns = (Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]).map((column) =>
    figures[column].padStart(WIDTHS[column]),
  );
  return [name.padEnd(NAME_WIDTH), ...columns, ` ${note}`].join(" ").trimEnd();
}

export const perSecond = (
  name: string,
  { subject, bound, ratio }: Rates,
  expected: number | undefined,
): Omit<Row, "note"> => ({
  name,
  subject: `${count(subject)}/s`,
  bound: `${count(bound)}/s`,
  ratio: ratio.toFixed(2),
  expected: expected === undefined ? "" : `${ratio >= expected ? "≥" : "not ≥"} ${expected}`,
});

export const count = (many: number): string => Math.round(many).toLocaleString("en");
