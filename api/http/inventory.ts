/** Inventory's commands over HTTP, as a table: routes, checks and the OpenAPI description all come from it. */
import { z } from "zod";
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import { exact } from "../../domain/kernel/decimal.ts";
import type { Book } from "../book.ts";
import type { Company } from "../company.ts";
import { day, id, quantity, scale, signedQuantity, time, unitCost, value, words } from "../edge/schemas.ts";
import { type CommandRoute, commandRoute } from "./routes.ts";

const LAYERS_MAX = 1_000;

const registration = z.strictObject({
  name: words.optional().describe("Default: the item's id."),
  unit: words,
  quantityScale: scale.describe("Decimals of every quantity. Never changes."),
  costBy: z.enum(["fifo", "lot"]).default("fifo").describe("One queue for all, or one a lot. Never changes."),
});
const movement = {
  effectiveDate: day.describe("The day it counts for; never after today."),
  time: time.nullable().default(null),
  lot: id.nullable().default(null).describe("For an item costed by lot, and only there."),
};
const document = { reference: words.nullable().default(null) };
/** So much lay there, whatever the book says. */
export const counted = {
  counted: value.describe("What was there. Less or more than the book has: the difference is the variance."),
  unitCost: unitCost
    .nullable()
    .default(null)
    .describe("Of a surplus: so many for so much. Default: that of the open layer last in place."),
};
const openingLayer = z.strictObject({
  quantity,
  value,
  receivedOn: day.optional().describe("When the goods first came. Default: the effective date."),
});
const opening = z
  .strictObject({
    ...movement,
    location: id,
    layers: z.array(openingLayer).min(1).max(LAYERS_MAX).describe("Oldest first."),
  })
  .refine((sent) => sent.layers.every(({ receivedOn = "" }) => receivedOn <= sent.effectiveDate), {
    path: ["layers"],
    error: "no layer was received after the effective date",
    when: ({ issues }) => issues.length === 0,
  });
const receipt = z.strictObject({ ...movement, ...document, quantity, location: id, value });
const purpose = z.enum(["sale", "project", "production", "other"]);
const issue = z.strictObject({ ...movement, quantity, location: id, purpose, reference: words });
const transfer = z.strictObject({ ...movement, ...document, quantity, from: id, to: id });
const adjustment = z
  .strictObject({
    ...movement,
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
const count = z.strictObject({ ...movement, ...document, location: id, ...counted });

const returned = z.strictObject({
  effectiveDate: movement.effectiveDate,
  time: movement.time,
  ...document,
  issue: id.describe("The issue that they were of: its key."),
  quantity,
  location: id.describe("Where they are put."),
});

type Names = Readonly<{ item: string; movement: string }>;

const route = <Body extends z.ZodType>(
  name: string,
  summary: string,
  body: Body,
  command: (body: z.output<Body>, names: Names, company: Company) => Omit<ItemCommand, "today">,
) => ({ name, summary, body, command });

export const inventory = [
  route("registration", "Register an item.", registration, (body, { item }, { valueScale }) => ({
    type: "RegisterItem",
    data: { ...body, item, name: body.name ?? item, valueScale },
  })),
  route("name", "Rename an item.", z.strictObject({ name: words }), ({ name }, { item }) => ({
    type: "RenameItem",
    data: { item, name },
  })),
  route("deactivation", "Deactivate an item that has no stock.", z.strictObject({}), (_body, { item }) => ({
    type: "DeactivateItem",
    data: { item },
  })),
  route("opening-stock", "Bring in stock from earlier books, with its layers.", opening, (body, names) => {
    const layers = body.layers.map((layer) => ({ receivedOn: body.effectiveDate, ...layer }));
    return { type: "RecordOpeningStock", data: { ...body, ...names, layers } };
  }),
  route("receipts", "Receive goods at a value.", receipt, (body, names) => ({
    type: "ReceiveGoods",
    data: { ...body, ...names },
  })),
  route("issues", "Issue goods, at FIFO cost.", issue, (body, names) => ({
    type: "IssueGoods",
    data: { ...body, ...names },
  })),
  route("transfers", "Move goods to another location; their layers travel.", transfer, (body, names) => ({
    type: "TransferGoods",
    data: { ...body, ...names },
  })),
  route("returns", "Goods of an issue come back, at what they cost it.", returned, (body, names) => ({
    type: "ReturnGoods",
    data: { ...body, ...names, lot: null },
  })),
  route("adjustments", "Adjust stock to what was found.", adjustment, (body, names) => ({
    type: "AdjustStock",
    data: { ...body, ...names },
  })),
  route("counts", "Set stock to what was counted, in its place.", count, (body, names) => ({
    type: "CountStock",
    data: { ...body, ...names, stocktake: null },
  })),
];

export const inventoryRoutes = ({
  name: book,
  items,
  company,
}: Pick<Book, "name" | "items" | "company">): readonly CommandRoute[] =>
  inventory.map(({ name, summary, body, command }) =>
    commandRoute(
      `/v1/items/{item}/${name}`,
      summary,
      { params: z.object({ item: id }), body: body as z.ZodType },
      async (sent, caller) => {
        const founded = await company();
        if (!founded) return { status: "refused", refusal: { name: "CompanyNotFounded" } };
        const names = { item: sent.params.item, movement: sent.commandId };
        const asked = (command as (...args: unknown[]) => Omit<ItemCommand, "today">)(
          sent.body,
          names,
          founded,
        );
        const stream = itemStream(book, sent.params.item);
        return items.handle({
          ...caller,
          stream,
          command: { ...asked, today: founded.today } as ItemCommand,
        });
      },
    ),
  );
