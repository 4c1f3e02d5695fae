/**
 * What is learnt later, over HTTP: of a receipt's value (invoices, costs added or taken off), and that a fact should not
 * have been recorded.
 */
import { z } from "zod";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import { convertedAt } from "../../domain/inventory/value-facts.ts";
import { type DecimalText, isDecimalText } from "../../domain/kernel/decimal.ts";
import { currency, day, id, quantity, rate, signedValue, value, words } from "../edge/schemas.ts";
import { approval, inUnit, sendToItem, type ToItems } from "./item-command.ts";
import { type CommandRoute, commandRoute, PREVIEWS } from "./routes.ts";

const NOTHING = "0" as DecimalText;
const document = {
  ...approval,
  documentDate: day.describe(
    "The document's own day. What it says counts on the receipt's, or on the first open day.",
  ),
  reference: words.describe("The document's number."),
};
/** The amount in the base currency, or in another with its rates: one of the two. */
const foreign = (amount: z.ZodType<DecimalText>) =>
  z.strictObject({
    currency,
    amount,
    receiptRate: rate.describe("With which the receipt was valued: of the base currency for one of it."),
    documentRate: rate.describe(
      "Of the document's day. What it differs by is an exchange difference, not stock.",
    ),
  });
const priced = <Body extends z.ZodRawShape>(amount: z.ZodType<DecimalText>, body: Body) =>
  z
    .strictObject({
      ...document,
      ...body,
      amount: amount
        .nullable()
        .default(null)
        .describe("In the base currency, without taxes that are deducted."),
      foreign: foreign(amount).nullable().default(null),
    })
    .refine((sent) => ((sent as Priced).amount === null) !== ((sent as Priced).foreign === null), {
      path: ["amount"],
      error: "either an amount in the base currency, or a foreign one",
      when: ({ issues }) => issues.length === 0,
    });
type Priced = Readonly<{ amount: DecimalText | null; foreign: z.output<ReturnType<typeof foreign>> | null }>;

const invoice = priced(value, {
  ...inUnit,
  quantity: quantity.describe("Of the receipt's units: those it is for."),
});
const cost = priced(signedValue, {
  kind: z.enum(["landedCost", "creditNote", "rebate", "correction"]),
});
const cancelling = z.strictObject({ ...approval, documentDate: day, reference: words.describe("Why.") });

const undoing = z.strictObject({
  ...approval,
  reference: words.describe("Why."),
  compensateOn: day
    .optional()
    .describe("The day on which it is undone, where its own is closed. Default: today."),
});

const ofReceipt = z.object({ item: id, receipt: id });

type Circumstanced = Pick<ItemCommand, "approvedBy" | "unit" | "measured">;

export const correctionRoutes = (book: ToItems): readonly CommandRoute[] => {
  type Command = Pick<ItemCommand, "type" | "data">;
  const route = <Params extends z.ZodObject, Body extends z.ZodType>(
    path: string,
    summary: string,
    { params, body }: { params: Params; body: Body },
    command: (names: z.output<Params>, body: z.output<Body>, fact: string, valueScale: number) => Command,
  ): CommandRoute =>
    commandRoute(
      path,
      summary,
      { params, body },
      async (sent, caller) => {
        const founded = await book.company();
        if (!founded) return { status: "refused", refusal: { name: "CompanyNotFounded" } };
        const { today, valueScale } = founded;
        const { approvedBy, unit, measured, ...body } = sent.body as Circumstanced;
        const asked = command(sent.params, body as z.output<Body>, sent.commandId, valueScale);
        return sendToItem(book, { ...asked, today, unit, measured, approvedBy } as ItemCommand, sent, caller);
      },
      PREVIEWS,
    );

  return [
    route(
      "/v1/items/{item}/receipts/{receipt}/invoices",
      "A supplier's invoice: the price of so many of a receipt's units.",
      { params: ofReceipt, body: invoice },
      ({ item, receipt }, body, fact, valueScale) => ({
        type: "InvoiceReceipt",
        data: { ...inBase(body, valueScale), item, receipt, fact },
      }),
    ),
    route(
      "/v1/items/{item}/receipts/{receipt}/costs",
      "Landed cost, a credit note, a rebate or a correction: added to what a receipt is worth, or taken off.",
      { params: ofReceipt, body: cost },
      ({ item, receipt }, body, fact, valueScale) => ({
        type: "AddReceiptCost",
        data: { ...inBase(body, valueScale), item, receipt, fact },
      }),
    ),
    route(
      "/v1/items/{item}/movements/{movement}/cancellation",
      "Cancel a movement: of open time, as if it had never been; what is closed is undone on an open day.",
      { params: z.object({ item: id, movement: id }), body: undoing },
      ({ item, movement: cancelled }, body, cancellation) => ({
        type: "CancelMovement",
        data: { ...body, item, cancelled, cancellation },
      }),
    ),
    route(
      "/v1/items/{item}/value-facts/{fact}/cancellation",
      "Cancel an invoice or a cost: as if it had never been known.",
      { params: z.object({ item: id, fact: id }), body: cancelling },
      ({ item, fact: cancelled }, body, fact) => ({
        type: "CancelValueFact",
        data: { ...body, item, cancelled, fact },
      }),
    ),
  ];
};

/** Worked out once, at the edge; throws a ZodError where the amount has more digits than the log holds. */
function inBase<Body extends Priced>({ foreign, ...body }: Body, valueScale: number) {
  if (!foreign) return { ...body, foreign, amount: body.amount ?? NOTHING, exchangeDifference: NOTHING };
  const { amount, exchangeDifference } = convertedAt(foreign, valueScale);
  if (isDecimalText(amount) && isDecimalText(exchangeDifference))
    return { ...body, foreign, amount, exchangeDifference };
  throw new z.ZodError([
    { code: "custom", path: ["body", "foreign"], message: "too large in the base currency", input: foreign },
  ]);
}
