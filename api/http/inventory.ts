/** Inventory's commands over HTTP, as a table: routes, checks and the OpenAPI description all come from it. */
import { z } from "zod";
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import type { Book } from "../book.ts";
import { id, scale, words } from "../edge/schemas.ts";
import { itemCommand } from "./item-command.ts";
import { movements } from "./movements.ts";
import { movementsBack } from "./movements-back.ts";
import { type CommandRoute, commandRoute } from "./routes.ts";

const registration = z.strictObject({
  name: words.optional().describe("Default: the item's id."),
  unit: words,
  quantityScale: scale.describe("Decimals of every quantity. Never changes."),
  costBy: z.enum(["fifo", "lot"]).default("fifo").describe("One queue for all, or one a lot. Never changes."),
});

export const inventory = [
  itemCommand("registration", "Register an item.", registration, (body, { item }, { valueScale }) => ({
    type: "RegisterItem",
    data: { ...body, item, name: body.name ?? item, valueScale },
  })),
  itemCommand("name", "Rename an item.", z.strictObject({ name: words }), ({ name }, { item }) => ({
    type: "RenameItem",
    data: { item, name },
  })),
  itemCommand(
    "deactivation",
    "Deactivate an item that has no stock.",
    z.strictObject({}),
    (_body, { item }) => ({
      type: "DeactivateItem",
      data: { item },
    }),
  ),
  ...movements,
  ...movementsBack,
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
        const { before, ...body } = sent.body as Body;
        if (body.approvedBy === caller.actor) throw notByOneself();
        const asked = (command as (...args: unknown[]) => Omit<ItemCommand, "today">)(body, names, founded);
        const stream = itemStream(book, sent.params.item);
        const { today } = founded;
        return items.handle({ ...caller, stream, command: { ...asked, today, before } as ItemCommand });
      },
    ),
  );

type Body = Readonly<{ before?: string; approvedBy?: string }>;

const notByOneself = () =>
  new z.ZodError([
    { code: "custom", path: ["body", "approvedBy"], message: "somebody else than X-Actor", input: undefined },
  ]);
