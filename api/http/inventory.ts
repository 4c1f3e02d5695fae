/** Inventory's commands over HTTP, as a table: routes, checks and the OpenAPI description all come from it. */
import { z } from "zod";
import type { ItemCommand, Measured } from "../../domain/inventory/item-commands.ts";
import type { LotQuantity } from "../../domain/inventory/lot-row.ts";
import type { DecimalText } from "../../domain/kernel/decimal.ts";
import { day, id, quantity, scale, words } from "../edge/schemas.ts";
import { itemCommand, sendToItem, type ToItems } from "./item-command.ts";
import { movements } from "./movements.ts";
import { movementsBack } from "./movements-back.ts";
import { type CommandRoute, commandRoute, PREVIEWS } from "./routes.ts";

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
  itemCommand(
    "units",
    "Say what another unit is: so many of it are so many of the item's own, exactly and for ever.",
    z.strictObject({
      unit: words,
      quantity: quantity.default("1" as DecimalText).describe("Of that unit."),
      equals: quantity.describe("Of the item's own."),
    }),
    (body, { item }) => ({ type: "DefineUnit", data: { ...body, item } }),
  ),
  itemCommand(
    "lot-tracking",
    "Have the item's movements name their lots, before the first of them; its costs stay FIFO.",
    z.strictObject({
      serials: z.boolean().default(false).describe("Each lot is a single unit: at one place, at any time."),
    }),
    (body, { item }) => ({ type: "TrackLots", data: { ...body, item } }),
  ),
  itemCommand(
    "lots",
    "Say what is known of a lot, before it comes or after; said again, this is what holds.",
    z.strictObject({
      lot: id,
      expiresOn: day
        .nullable()
        .default(null)
        .describe("The last day that it is good: after it, it is issued for purpose other only."),
      supplierLot: words.nullable().default(null).describe("What the supplier calls it."),
    }),
    (body, { item }) => ({ type: "DescribeLot", data: { ...body, item } }),
  ),
  ...movements,
  ...movementsBack,
];

export const inventoryRoutes = (book: ToItems): readonly CommandRoute[] =>
  inventory.map(({ name, summary, body, command: commandOf }) =>
    commandRoute(
      `/v1/items/{item}/${name}`,
      summary,
      { params: z.object({ item: id }), body: body as z.ZodType },
      async (sent, caller) => {
        const founded = await book.company();
        if (!founded) return { status: "refused", refusal: { name: "CompanyNotFounded" } };
        const names = { item: sent.params.item, movement: sent.commandId };
        const [body, circumstances] = apart(sent.body as Body, PINNING.includes(name));
        const asked = (commandOf as Asking)(body, names, founded);
        const { today } = founded;
        const { approvedBy, ...plain } = asked.data as Body;
        // Where a movement is recorded on somebody's word, that is part of it.
        const data = asked.type === "ReturnUnmatchedGoods" ? asked.data : plain;
        const command = { type: asked.type, data, today, ...circumstances, approvedBy } as ItemCommand;
        return sendToItem(book, command, sent, caller);
      },
      PREVIEWS,
    ),
  );

type Circumstances = Readonly<{
  before?: string;
  unit?: string;
  measured?: Measured;
  lots?: readonly LotQuantity[];
  project?: string;
}>;
type Body = Circumstances & Readonly<{ approvedBy?: string }>;
type Asking = (body: unknown, names: object, company: object) => Omit<ItemCommand, "today">;

/** What is about a project's stock itself. */
const PINNING: readonly string[] = ["pins", "unpins"];

/** A movement's unit is one that its quantities are said in; an item's is its own. */
function apart(sent: Body, pins: boolean): readonly [body: object, circumstances: Circumstances] {
  if (!("effectiveDate" in sent)) return [sent, {}];
  const { before, unit, measured, lots, project, ...body } = sent;
  const said = { before, unit, measured, ...(lots && { lots }) } as Circumstances;
  if (pins) return [{ ...body, project }, said];
  return [body, project === undefined ? said : { ...said, project }];
}
