/** Movements over HTTP: what may be sent of each, and the command that it is. */
import { z } from "zod";
import { exact } from "../../domain/kernel/decimal.ts";
import { day, id, quantity, signedQuantity, unitCost, value, words } from "../edge/schemas.ts";
import { document, itemCommand, movement, ofProject } from "./item-command.ts";

const LAYERS_MAX = 1_000;

/** So much lay there, whatever the book says. */
export const counted = {
  counted: value.describe("What was there. Less or more than the book has: the difference is the variance."),
  unitCost: unitCost
    .nullable()
    .default(null)
    .describe("Of a surplus: so many for so much. Default: that of the open layer last in place."),
};
const count = z.strictObject({ ...movement, ...document, location: id, ...counted });
const openingLayer = z.strictObject({
  quantity,
  value,
  receivedOn: day.optional().describe("When the goods first came. Default: the effective date."),
});
const opening = z
  .strictObject({
    ...movement,
    ...ofProject,
    location: id,
    layers: z.array(openingLayer).min(1).max(LAYERS_MAX).describe("Oldest first."),
  })
  .refine((sent) => sent.layers.every(({ receivedOn = "" }) => receivedOn <= sent.effectiveDate), {
    path: ["layers"],
    error: "no layer was received after the effective date",
    when: ({ issues }) => issues.length === 0,
  });
const receipt = z.strictObject({ ...movement, ...ofProject, ...document, quantity, location: id, value });
const purpose = z.enum(["sale", "project", "production", "other"]);
const issue = z.strictObject({
  ...movement,
  ...ofProject,
  quantity,
  location: id,
  purpose,
  reference: words,
  statedCost: unitCost
    .nullable()
    .default(null)
    .describe(
      "Of what is short, where the location allows that and nothing of the item ever came in. A project's own stock is never short.",
    ),
});
const transfer = z.strictObject({ ...movement, ...ofProject, ...document, quantity, from: id, to: id });
const { lots: _lots, ...pinned } = {
  ...movement,
  lot: id.nullable().default(null).describe("Of an item costed by lot, and only there."),
};
const pin = z.strictObject({ ...pinned, ...document, quantity, location: id, project: id });
const adjustment = z
  .strictObject({
    ...movement,
    ...ofProject,
    ...document,
    quantity: signedQuantity.describe("Above zero: a surplus. Below: a loss, at FIFO cost."),
    location: id,
    value: value
      .nullable()
      .default(null)
      .describe("Of a surplus. Default: its share of the open layer last in place."),
  })
  .refine((sent) => sent.value === null || exact(sent.quantity).gt(0), {
    path: ["value"],
    error: "only a surplus has one: a loss takes what its layers cost",
    when: ({ issues }) => issues.length === 0,
  });

export const movements = [
  itemCommand(
    "opening-stock",
    "Bring in stock from earlier books, with its layers.",
    opening,
    (body, names) => {
      const layers = body.layers.map((layer) => ({ receivedOn: body.effectiveDate, ...layer }));
      return { type: "RecordOpeningStock", data: { ...body, ...names, layers } };
    },
  ),
  itemCommand("receipts", "Receive goods at a value.", receipt, (body, names) => ({
    type: "ReceiveGoods",
    data: { ...body, ...names },
  })),
  itemCommand(
    "issues",
    "Issue goods, at FIFO cost.",
    issue,
    ({ statedCost, ...body }, names, { shortStockAt }) => {
      const mayGoShort = shortStockAt.includes(body.location) ? { mayGoShort: { statedCost } } : {};
      return { type: "IssueGoods", data: { ...body, ...names, ...mayGoShort } };
    },
  ),
  itemCommand(
    "transfers",
    "Move goods to another location; their layers travel.",
    transfer,
    (body, names) => ({
      type: "TransferGoods",
      data: { ...body, ...names },
    }),
  ),
  itemCommand("adjustments", "Adjust stock to what was found.", adjustment, (body, names) => ({
    type: "AdjustStock",
    data: { ...body, ...names },
  })),
  itemCommand("pins", "Take free stock into a project's own, at its location.", pin, (body, names) => ({
    type: "PinGoods",
    data: { ...body, ...names },
  })),
  itemCommand("unpins", "Give a project's own stock back to the free one.", pin, (body, names) => ({
    type: "UnpinGoods",
    data: { ...body, ...names },
  })),
  itemCommand("counts", "Set stock to what was counted, in its place.", count, (body, names) => ({
    type: "CountStock",
    data: { ...body, ...names, stocktake: null },
  })),
];
