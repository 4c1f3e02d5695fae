/** One line of a file of movements: its columns, its check, and the command that it is. */
import { z } from "zod";
import type { MovementCommand } from "../../domain/inventory/item-commands.ts";
import { type DecimalText, decimal, exact, isDecimal, rounded, textOf } from "../../domain/kernel/decimal.ts";
import { day, id, quantity, signedQuantity, time, value, words } from "../edge/schemas.ts";

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

const unitCost = z
  .string()
  .refine(
    (text) => isDecimal(text) && !text.startsWith("-"),
    "a decimal, zero or more, at most 6 digits after the point",
  );
const common = {
  ...{ item: id, date: day, time: time.optional(), lot: id.optional(), location: id },
  unit: words.optional(),
};
const cost = { unitCost: unitCost.optional(), value: value.optional() };
const reference = words.optional();
const NO_COST = "leave it empty: these goods take what their layers cost";
const none = (error: string) => z.undefined({ error }).optional();
const noCost = { unitCost: none(NO_COST), value: none(NO_COST) };
const inbound = { to: none("only a transfer has one"), purpose: none("only an issue has one") };

const form = z.discriminatedUnion(
  "kind",
  [
    z.object({
      kind: z.literal("opening"),
      ...common,
      ...cost,
      ...inbound,
      quantity,
      reference: none("opening stock has none"),
    }),
    z.object({ kind: z.literal("receipt"), ...common, ...cost, ...inbound, quantity, reference }),
    z.object({
      kind: z.literal("issue"),
      ...common,
      ...noCost,
      to: inbound.to,
      quantity,
      purpose: z.enum(["sale", "project", "production", "other"]).default("other"),
      reference: words,
    }),
    z.object({
      kind: z.literal("transfer"),
      ...common,
      ...noCost,
      purpose: inbound.purpose,
      quantity,
      to: id,
      reference,
    }),
    z.object({
      kind: z.literal("adjustment"),
      ...common,
      ...cost,
      ...inbound,
      quantity: signedQuantity,
      reference,
    }),
  ],
  { error: "opening, receipt, issue, transfer or adjustment" },
);
export type Line = z.output<typeof form>;

/** What is wrong with a line, by column. */
export type Wrong = Readonly<{ column: string; detail: string }>;
export type Checked = Readonly<{ line: Line; wrong?: never } | { wrong: readonly Wrong[]; line?: never }>;

/** `valueScale`: the company's. */
export function checkLine(raw: RawLine, valueScale: number): Checked {
  const { data: line, error } = form.safeParse(given(raw));
  if (!line)
    return { wrong: error.issues.map(({ path, message }) => ({ column: path.join("."), detail: message })) };
  const wrong = wrongCost(line, valueScale);
  return wrong ? { wrong: [wrong] } : { line };
}

function wrongCost(line: Line, valueScale: number): Wrong | undefined {
  if (line.kind === "issue" || line.kind === "transfer") return undefined;
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

type Costed = Extract<Line, { kind: "opening" | "receipt" | "adjustment" }>;

/** Quantity × unit cost, rounded half away from zero to the currency's scale. */
function worked({ quantity: many, unitCost: each }: Costed, valueScale: number): DecimalText | null {
  return each === undefined ? null : textOf(rounded(exact(many).times(exact(decimal(each))), valueScale));
}

const worthOf = (line: Costed, valueScale: number): DecimalText | null =>
  line.value ?? worked(line, valueScale);

/** In the line's unit, which is the item's own where it names none. */
export const commandOf = (line: Line, ...others: Others): MovementCommand => ({
  ...inItsUnit(line, ...others),
  ...(line.unit !== undefined && { unit: line.unit }),
});
type Others = [movement: string, company: Readonly<{ valueScale: number; today: string }>];

function inItsUnit(line: Line, ...[movement, { valueScale, today }]: Others): MovementCommand {
  const { item, date: effectiveDate, time: at = null, lot = null, location } = line;
  const about = { item, movement, effectiveDate, time: at, lot };
  const reference = line.reference ?? null;
  switch (line.kind) {
    case "opening": {
      const worth = worthOf(line, valueScale) as DecimalText;
      const layers = [{ quantity: line.quantity, value: worth, receivedOn: effectiveDate }];
      return { type: "RecordOpeningStock", data: { ...about, location, layers }, today };
    }
    case "receipt": {
      const worth = worthOf(line, valueScale) as DecimalText;
      const data = { ...about, location, quantity: line.quantity, value: worth, reference };
      return { type: "ReceiveGoods", data, today };
    }
    case "issue": {
      const { quantity: many, purpose, reference: to } = line;
      return {
        type: "IssueGoods",
        data: { ...about, location, quantity: many, purpose, reference: to },
        today,
      };
    }
    case "transfer":
      return {
        type: "TransferGoods",
        data: { ...about, from: location, to: line.to, quantity: line.quantity, reference },
        today,
      };
    case "adjustment": {
      const data = {
        ...about,
        location,
        quantity: line.quantity,
        value: worthOf(line, valueScale),
        reference,
      };
      return { type: "AdjustStock", data, today };
    }
  }
}
