/** What a line of each kind must say, and must not. */
import { z } from "zod";
import { isDecimal } from "../../domain/kernel/decimal.ts";
import {
  currency,
  day,
  id,
  lotQuantities,
  quantity,
  rate,
  signedQuantity,
  signedValue,
  time,
  value,
  words,
} from "../edge/schemas.ts";

const unitCost = z
  .string()
  .refine(
    (text) => isDecimal(text) && !text.startsWith("-"),
    "a decimal, zero or more, at most 6 digits after the point",
  );
const none = (error: string) => z.undefined({ error }).optional();
const reference = words.optional();
/** A movement by its own name, or by a reference that no other of its kind has. */
const name = words;

export const NO_COST = "leave it empty: these goods take what their layers cost";
const noCost = { unitCost: none(NO_COST), value: none(NO_COST) };
const cost = { unitCost: unitCost.optional(), value: value.optional() };

const others = {
  to: none("only a transfer and a dispatch have one"),
  via: none("only a dispatch has one"),
  purpose: none("only an issue and a cost have one"),
  measured: none("it has no quantity of its own"),
  measuredUnit: none("it has no quantity of its own"),
  currency: none("only an invoice and a cost may be in another"),
  receiptRate: none("only an invoice and a cost may be in another currency"),
  documentRate: none("only an invoice and a cost may be in another currency"),
  project: none("only what moves stock by itself is of one's own"),
  lots: none("only what moves goods of certain lots has some"),
  statedCost: none("only an issue has one, of what is short"),
  of: none("only what goes back or on, and what is learnt of a receipt, is of another movement"),
};
const common = { ...others, item: id, date: day, unit: words.optional(), approvedBy: words.optional() };
const movement = { ...common, time: time.optional(), location: id, before: name.optional() };
/** How the quantity was measured besides. */
const measured = { measured: signedQuantity.optional(), measuredUnit: words.optional() };
const moved = { ...movement, ...measured, project: id.optional(), lot: id.optional(), quantity, reference };
/** `L1=6; L2=4`: so much of each. */
const lots = z
  .string()
  .regex(/^[^=;]+=[^=;]+(;[^=;]+=[^=;]+)*$/, "each with its quantity: L1=6; L2=4")
  .transform((text) =>
    text.split(";").map((part) => {
      const [lot, some] = part.split("=", 2).map((each) => each.trim());
      return { lot, quantity: some };
    }),
  )
  .pipe(lotQuantities)
  .optional();
const lotted = { ...moved, lots };
/** Of the lot that the goods are of that it names, where it says no other. */
const named = { ...lotted, ...noCost, project: none("it is that of what it names") };
const ofReceipt = {
  ...common,
  currency: currency.optional(),
  receiptRate: rate.optional(),
  documentRate: rate.optional(),
  of: name,
  reference: words,
  time: none("a document has a day"),
  location: none("it goes to whatever was made of the receipt's goods"),
  lot: none("it is the receipt's"),
  before: none("only a movement has one"),
};

const opening = z.object({
  ...{ kind: z.literal("opening"), ...lotted, ...cost },
  reference: none("opening stock has none"),
});
const receipt = z.object({ kind: z.literal("receipt"), ...lotted, ...cost });
const issue = z.object({
  ...{ kind: z.literal("issue"), ...lotted, ...noCost },
  statedCost: unitCost.optional(),
  purpose: z.enum(["sale", "project", "production", "other"]).default("other"),
  reference: words,
});
const transfer = z.object({ kind: z.literal("transfer"), ...lotted, ...noCost, to: id });
const pin = z.object({ kind: z.literal("pin"), ...moved, ...noCost, project: id });
const unpin = z.object({ kind: z.literal("unpin"), ...moved, ...noCost, project: id });
const adjustment = z.object({
  ...{ kind: z.literal("adjustment"), ...lotted, ...cost },
  quantity: signedQuantity,
});
const returned = z.object({ kind: z.literal("return"), ...named, of: name });
const unmatchedReturn = z.object({
  ...{ kind: z.literal("unmatchedReturn"), ...lotted, ...cost },
  approvedBy: words,
});
const supplierReturn = z.object({
  ...{ kind: z.literal("supplierReturn"), ...lotted, ...cost },
  of: name.optional(),
});
const uninvoicedReturn = z.object({ kind: z.literal("uninvoicedReturn"), ...lotted, ...cost, of: name });
const dispatch = z.object({ kind: z.literal("dispatch"), ...lotted, ...noCost, via: id, to: id });
const arrival = z.object({ kind: z.literal("arrival"), ...named, of: name });
const count = z.object({
  ...{ kind: z.literal("count"), ...lotted },
  project: none("what was found is of all stock there"),
  quantity: value,
  unitCost: unitCost.optional(),
  value: none("state what one costs: it is for a surplus"),
});
const invoice = z.object({ kind: z.literal("invoice"), ...ofReceipt, ...measured, ...cost, quantity });
const addedCost = z.object({
  ...{ kind: z.literal("cost"), ...ofReceipt },
  unit: none("it has no quantity"),
  quantity: none("it is for the whole receipt"),
  unitCost: none("state the whole value"),
  value: signedValue,
  purpose: z.enum(["landedCost", "creditNote", "rebate", "correction"]),
});

const forms = [
  ...[opening, receipt, issue, transfer, adjustment, returned, unmatchedReturn, supplierReturn],
  ...[uninvoicedReturn, dispatch, arrival, pin, unpin, count, invoice, addedCost],
] as const;

export const KINDS: readonly string[] = forms.map(({ shape }) => shape.kind.value);
export const form = z.discriminatedUnion("kind", forms, { error: KINDS.join(", ") });
export type Line = z.output<typeof form>;

const COSTED = [
  "opening",
  "receipt",
  "adjustment",
  "unmatchedReturn",
  "supplierReturn",
  "uninvoicedReturn",
  "invoice",
] as const;
/** Those that may state a value or a unit cost. */
export type Costed = Extract<Line, { kind: (typeof COSTED)[number] }>;
export const isCosted = (line: Line): line is Costed =>
  (COSTED as readonly Line["kind"][]).includes(line.kind);
