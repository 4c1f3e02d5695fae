/** One line of a file of movements: its columns, and its check. */
import { sumOf } from "../../domain/inventory/lot-row.ts";
import { type DecimalText, exact, isDecimal } from "../../domain/kernel/decimal.ts";
import { unitCostOf, worked, worthOf } from "./line-cost.ts";
import { wrongForeign } from "./line-foreign.ts";
import { form, isCosted, type Line, NO_COST } from "./line-forms.ts";

export const COLUMNS = [
  "item",
  "date",
  "time",
  "kind",
  "quantity",
  "unitCost",
  "value",
  "location",
  "to",
  "lot",
  "purpose",
  "reference",
  "unit",
  "of",
  "via",
  "approvedBy",
  "before",
  "project",
  "measured",
  "measuredUnit",
  "currency",
  "receiptRate",
  "documentRate",
  "lots",
  "statedCost",
] as const;
/** Those that files had from the beginning: what a line without the others is named by never changes. */
const FIRST = COLUMNS.slice(0, 12);
export type Column = (typeof COLUMNS)[number];
/** As in the file, trimmed; "" where a column is empty or missing. */
export type RawLine = Readonly<Record<Column, string>>;

/** What a line says, for good: by this it is known again. */
export const saidBy = (raw: RawLine): readonly string[] => [
  ...FIRST.map((column) => raw[column]),
  ...COLUMNS.slice(FIRST.length).flatMap((column) =>
    raw[column] === "" ? [] : [`${column}=${raw[column]}`],
  ),
];

/** Short enough for an append: an empty column says nothing. */
const given = (raw: RawLine): Partial<RawLine> =>
  Object.fromEntries(Object.entries(raw).filter(([, text]) => text !== ""));

/** What is wrong with a line, by column. */
export type Wrong = Readonly<{ column: string; detail: string }>;
export type Checked = Readonly<{ line: Line; wrong?: never } | { wrong: readonly Wrong[]; line?: never }>;

/** `valueScale`: the company's. `actor`: who imports, and approves nothing of it. */
export function checkLine(raw: RawLine, valueScale: number, actor?: string): Checked {
  const { data: line, error } = form.safeParse(given(raw));
  if (!line)
    return { wrong: error.issues.map(({ path, message }) => ({ column: String(path[0]), detail: message })) };
  const wrong =
    wrongCost(line, valueScale) ??
    wrongMeasure(line) ??
    wrongLots(line) ??
    wrongForeign(line, valueScale) ??
    wrongApproval(line, actor);
  return wrong ? { wrong: [wrong] } : { line };
}

const wrongApproval = ({ approvedBy }: Line, actor: string | undefined): Wrong | undefined =>
  approvedBy !== undefined && approvedBy === actor
    ? { column: "approvedBy", detail: "somebody else than who imports" }
    : undefined;

/** How much it was in which unit, beside a quantity in the item's own; or neither. */
function wrongMeasure({ measured, measuredUnit, unit }: Line): Wrong | undefined {
  if (measured === undefined && measuredUnit === undefined) return undefined;
  if (unit !== undefined)
    return { column: "measured", detail: "only beside a quantity in the item's own unit" };
  if (measuredUnit === undefined)
    return { column: "measuredUnit", detail: "say in which unit it was measured" };
  return measured === undefined ? { column: "measured", detail: "say how much it was" } : undefined;
}

/** Both are in the line's unit. */
function wrongLots({ lot, lots, quantity = "0" as DecimalText }: Line): Wrong | undefined {
  if (lots === undefined) return undefined;
  if (lot !== undefined) return { column: "lots", detail: "leave it empty, or lot" };
  const sum = sumOf(lots);
  const isAll = exact(sum).eq(exact(quantity).abs());
  return isAll ? undefined : { column: "lots", detail: `add up to ${sum}, not to the quantity` };
}

function wrongCost(line: Line, valueScale: number): Wrong | undefined {
  if (line.kind === "count") return wrongUnitCost("unitCost", line.unitCost, valueScale);
  if (line.kind === "issue") return wrongUnitCost("statedCost", line.statedCost, valueScale);
  if (!isCosted(line)) return undefined;
  const isLoss = line.kind === "adjustment" && exact(line.quantity).lt(0);
  const worth = worthOf(line, valueScale);
  if (isLoss && worth !== null)
    return { column: line.value === undefined ? "unitCost" : "value", detail: NO_COST };
  if (worth === null)
    return line.kind === "adjustment"
      ? undefined
      : { column: "value", detail: "state a value or a unit cost" };
  if (!isDecimal(worth)) return { column: "value", detail: "quantity × unit cost has too many digits" };
  if (line.value !== undefined && line.unitCost !== undefined && line.value !== worked(line, valueScale))
    return { column: "value", detail: "is not quantity × unit cost: state one of the two" };
  return undefined;
}

function wrongUnitCost(column: Column, unitCost: string | undefined, valueScale: number): Wrong | undefined {
  if (unitCost === undefined || isDecimal(unitCostOf(unitCost, valueScale).value)) return undefined;
  return { column, detail: "has too many digits" };
}
