/** A command of an item over HTTP: a name below the item's, what may be sent, and the command that it is. */
import { z } from "zod";
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import type { Book } from "../book.ts";
import type { Caller } from "../commands/idempotency.ts";
import type { Company } from "../company.ts";
import { day, id, lotQuantities, signedQuantity, time, words } from "../edge/schemas.ts";
import type { Told } from "./routes.ts";

type Names = Readonly<{ item: string; movement: string }>;

export const itemCommand = <Body extends z.ZodType>(
  name: string,
  summary: string,
  body: Body,
  command: (body: z.output<Body>, names: Names, company: Company) => Omit<ItemCommand, "today">,
) => ({ name, summary, body, command });

/** Of every command that may change what recorded movements cost. */
export const approval = {
  approvedBy: words
    .optional()
    .describe("Somebody else than who sends this, who agrees to a correction above the company's limit."),
};

export type ToItems = Pick<Book, "name" | "items" | "company" | "preview">;

/** Sends it to its item, or asks what it would lead to. Nobody approves what they send themselves. */
export function sendToItem(
  { name, items, preview }: ToItems,
  command: ItemCommand,
  sent: Readonly<{ preview: boolean }>,
  caller: Caller,
): Promise<Told> {
  if (command.approvedBy === caller.actor) throw wrong("approvedBy", "somebody else than X-Actor");
  if (command.unit !== undefined && command.measured !== undefined)
    throw wrong("measured", "only beside a quantity in the item's own unit");
  if (sent.preview) return preview.command(command);
  return items.handle({ ...caller, stream: itemStream(name, command.data.item), command });
}

const wrong = (field: string, message: string) =>
  new z.ZodError([{ code: "custom", path: ["body", field], message, input: undefined }]);

/** Of every quantity. */
export const inUnit = {
  unit: words.optional().describe("Of its quantities. Default: the item's own."),
  measured: z
    .strictObject({ quantity: signedQuantity, unit: words })
    .optional()
    .describe("How the quantity was measured besides, in any unit: both are kept."),
};

export const lots = lotQuantities
  .optional()
  .describe(
    "Of an item that tracks lots: those it is of, adding up to its quantity; of a count, all that was found. Default of what goes back or on as a whole: those that it was of.",
  );

/** Of every movement. */
export const when = {
  ...approval,
  ...inUnit,
  effectiveDate: day.describe("The day it counts for; never after today."),
  time: time.nullable().default(null),
  lots,
  before: id
    .optional()
    .describe("A count of that day and place, before which it was, though it is recorded later."),
};
export const movement = {
  ...when,
  lot: id
    .nullable()
    .default(null)
    .describe("Of an item costed by lot; of one that tracks lots, where all is of one."),
};
/** Of what moves free stock, or a project's. */
export const ofProject = {
  project: id.optional().describe("Of which project's own stock it is. Default: of the free stock."),
};
export const document = { reference: words.nullable().default(null) };
