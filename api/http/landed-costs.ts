/** Bills over HTTP that goods of several receipts bear. */
import { z } from "zod";
import { itemStream } from "../../domain/inventory/item.ts";
import { DIGITS_MAX } from "../../domain/inventory/item-refusals.ts";
import { landedCostStream } from "../../domain/inventory/landed-cost.ts";
import { canBear, receiptOf } from "../../domain/inventory/valuing.ts";
import type { Refusal } from "../../domain/kernel/decider.ts";
import { type DecimalText, decimals } from "../../domain/kernel/decimal.ts";
import type { Book } from "../book.ts";
import { withLines } from "../carrying-out.ts";
import type { Outcome } from "../commands/handling.ts";
import { day, id, quantity, words } from "../edge/schemas.ts";
import { carryOut } from "../landed-costs.ts";
import { type CommandRoute, commandRoute } from "./routes.ts";

const LINES_MAX = 1_000;

const line = z.strictObject({
  item: id,
  receipt: id,
  weight: quantity.optional().describe("By weight: of this receipt's goods, in any unit, the same for all."),
});
const body = z
  .strictObject({
    documentDate: day.describe(
      "The document's own day. What it says counts on each receipt's, or on the first open day.",
    ),
    reference: words.describe("The document's number."),
    amount: quantity.describe("In the base currency, without taxes that are deducted."),
    basis: z.enum(["quantity", "weight", "value"]).describe("`value`: with which each receipt came."),
    receipts: z.array(line).min(1).max(LINES_MAX).describe("Those that bear it."),
  })
  .refine(
    (sent) => sent.receipts.every(({ weight }) => (weight !== undefined) === (sent.basis === "weight")),
    {
      path: ["receipts"],
      error: "by weight each has one, else none has",
      when: ({ issues }) => issues.length === 0,
    },
  )
  .refine(
    (sent) =>
      new Set(sent.receipts.map(({ item, receipt }) => `${item} ${receipt}`)).size === sent.receipts.length,
    {
      path: ["receipts"],
      error: "each receipt once",
      when: ({ issues }) => issues.length === 0,
    },
  );
type Sent = z.output<typeof body>;

type Parts = Pick<Book, "name" | "items" | "landedCosts" | "company">;
type Weighed = Readonly<{ item: string; receipt: string; weight: DecimalText }>;

export const landedCostRoutes = (book: Parts): readonly CommandRoute[] => [
  commandRoute(
    "/v1/landed-costs",
    "Spread a bill (freight, insurance, duty) over the receipts that bear it.",
    { params: z.object({}), body },
    async (sent, caller) => {
      const founded = await book.company();
      if (!founded) return { status: "refused", refusal: { name: "CompanyNotFounded" } };
      const { today, valueScale } = founded;
      const { receipts: _receipts, ...document } = sent.body;
      const lines = await weighed(book, sent.body);
      if ("name" in lines) return { status: "refused", refusal: lines };
      const landedCost = sent.commandId;
      const stream = landedCostStream(book.name, landedCost);
      const outcome: Outcome<Refusal> = await book.landedCosts.handle({
        ...caller,
        stream,
        command: { type: "AllocateLandedCost", data: { ...document, landedCost, lines, valueScale }, today },
      });
      return withLines(outcome, caller, stream, (document) => carryOut(book, document));
    },
  ),
];

/** What each line has of the basis; or the first receipt that there is not. */
async function weighed(
  { name, items }: Parts,
  { basis, receipts, amount }: Sent,
): Promise<readonly Weighed[] | (Refusal & Readonly<Record<string, unknown>>)> {
  const states = new Map<string, Awaited<ReturnType<typeof items.current>>>();
  const lines: Weighed[] = [];
  for (const { item, receipt, weight } of receipts) {
    const state = states.get(item) ?? (await items.current(itemStream(name, item)));
    states.set(item, state);
    const received = state.status === "Registered" ? receiptOf(state, receipt) : undefined;
    if (!received) return { name: "ReceiptNotFound", item, receipt };
    if (
      state.status === "Registered" &&
      decimals(amount) <= state.valueScale &&
      !canBear(state, receipt, amount)
    )
      return { name: "ValueOutOfRange", digitsMax: DIGITS_MAX };
    lines.push({ item, receipt, weight: weight ?? received[basis === "value" ? "value" : "quantity"] });
  }
  return lines;
}
