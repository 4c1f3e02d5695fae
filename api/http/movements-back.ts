/** Goods that come back or go back, and goods under way, over HTTP. */
import { z } from "zod";
import { id, quantity, value, words } from "../edge/schemas.ts";
import { document, itemCommand, movement, ofProject, when } from "./item-command.ts";

const returned = z.strictObject({
  ...when,
  ...document,
  issue: id.describe("The issue that they were of: its key."),
  quantity,
  location: id.describe("Where they are put."),
});
const unmatched = z.strictObject({
  ...movement,
  ...ofProject,
  ...document,
  quantity,
  location: id,
  value: value.describe("Of all of them, as somebody states it."),
  approvedBy: words.describe("Who approves it: somebody else than who sends this."),
});
const toSupplier = z
  .strictObject({
    ...movement,
    ...ofProject,
    ...document,
    receipt: id
      .nullable()
      .default(null)
      .describe("The receipt that they were of: its key; null where nobody knows."),
    quantity,
    location: id,
    credit: value.describe(
      "What the supplier gives for all of them; what they cost beyond it is a loss, or a gain.",
    ),
    uninvoiced: z
      .boolean()
      .default(false)
      .describe(
        "They were never on a bill, and will be on none: what the receipt's invoices differ by, others bear.",
      ),
  })
  .refine((sent) => !sent.uninvoiced || sent.receipt !== null, {
    path: ["receipt"],
    error: "is named where goods go back uninvoiced",
    when: ({ issues }) => issues.length === 0,
  });
const dispatch = z.strictObject({
  ...movement,
  ...ofProject,
  ...document,
  quantity,
  from: id,
  via: id.describe("Where they are said to lie while they are under way."),
  to: id.describe("Where they are to arrive."),
});
const arrival = z.strictObject({
  ...when,
  ...document,
  dispatch: id.describe("The dispatch that they are of: its key."),
  quantity,
  location: id.describe("Where they arrived."),
});

export const movementsBack = [
  itemCommand("returns", "Goods of an issue come back, at what they cost it.", returned, (body, names) => ({
    type: "ReturnGoods",
    data: { ...body, ...names, lot: null },
  })),
  itemCommand(
    "unmatched-returns",
    "Goods come back and nobody knows of which issue: at a cost that is stated and approved.",
    unmatched,
    (body, names) => ({ type: "ReturnUnmatchedGoods", data: { ...body, ...names } }),
  ),
  itemCommand(
    "supplier-returns",
    "Goods go back to their supplier: the receipt's own first, then the oldest.",
    toSupplier,
    (body, names) => ({ type: "ReturnToSupplier", data: { ...body, ...names } }),
  ),
  itemCommand(
    "dispatches",
    "Send goods on their way to another location; their layers lie under way until they arrive.",
    dispatch,
    (body, names) => ({ type: "DispatchGoods", data: { ...body, ...names } }),
  ),
  itemCommand("arrivals", "Goods that were dispatched arrive, all or some.", arrival, (body, names) => ({
    type: "ArriveGoods",
    data: { ...body, ...names, lot: null },
  })),
];
