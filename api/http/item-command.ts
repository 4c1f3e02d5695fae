/** A command of an item over HTTP: a name below the item's, what may be sent, and the command that it is. */
import { z } from "zod";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import type { Company } from "../company.ts";
import { day, id, time, words } from "../edge/schemas.ts";

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

export const notByOneself = () =>
  new z.ZodError([
    { code: "custom", path: ["body", "approvedBy"], message: "somebody else than X-Actor", input: undefined },
  ]);

/** Of every movement. */
export const when = {
  ...approval,
  effectiveDate: day.describe("The day it counts for; never after today."),
  time: time.nullable().default(null),
  before: id
    .optional()
    .describe("A count of that day and place, before which it was, though it is recorded later."),
};
export const movement = {
  ...when,
  lot: id.nullable().default(null).describe("For an item costed by lot, and only there."),
};
export const document = { reference: words.nullable().default(null) };
