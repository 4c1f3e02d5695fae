/** Stocktakes over HTTP: opened, counted line by line, approved by another person, posted. */
import { z } from "zod";
import { itemStream } from "../../domain/inventory/item.ts";
import { refusalOf } from "../../domain/inventory/item-refusals.ts";
import { stocktakeStream } from "../../domain/inventory/stocktake.ts";
import type { StocktakeCommand, StocktakeCommands } from "../../domain/inventory/stocktake-events.ts";
import type { Refusal } from "../../domain/kernel/decider.ts";
import type { MessageOf } from "../../domain/kernel/event.ts";
import type { Book } from "../book.ts";
import { withLines } from "../carrying-out.ts";
import type { Company } from "../company.ts";
import { day, id, words } from "../edge/schemas.ts";
import { carryOut } from "../stocktakes.ts";
import { lots } from "./item-command.ts";
import { counted } from "./movements.ts";
import { type CommandRoute, commandRoute } from "./routes.ts";

const opening = z.strictObject({
  location: id.describe("What lies there is counted."),
  date: day.describe("At the end of which day; never after today."),
  reference: words.nullable().default(null),
});
const line = z.strictObject({
  item: id,
  lot: id.nullable().default(null).describe("Of an item costed by lot, and only there."),
  lots,
  ...counted,
});
const abandonment = z.strictObject({ reason: words.describe("Why.") });

type Parts = Pick<Book, "name" | "items" | "stocktakes" | "company">;
type Asked = MessageOf<StocktakeCommands>;

export function stocktakeRoutes(book: Parts): readonly CommandRoute[] {
  const route = <Body extends z.ZodType>(
    name: string,
    summary: string,
    body: Body,
    command: (sent: z.output<Body>, stocktake: string, actor: string) => Asked,
  ): CommandRoute =>
    commandRoute(
      `/v1/stocktakes/{stocktake}/${name}`,
      summary,
      { params: z.object({ stocktake: id }), body },
      async (sent, caller) => {
        const founded = await book.company();
        if (!founded) return { status: "refused", refusal: { name: "CompanyNotFounded" } };
        const stream = stocktakeStream(book.name, sent.params.stocktake);
        const asked = command(sent.body, sent.params.stocktake, caller.actor);
        const refusal = asked.type === "CountLine" && (await notCountable(book, asked.data, founded));
        if (refusal) return { status: "refused", refusal };
        const outcome = await book.stocktakes.handle({
          ...caller,
          stream,
          command: { ...asked, today: founded.today } as StocktakeCommand,
        });
        return asked.type === "PostStocktake"
          ? withLines(outcome, caller, stream, (posting) => carryOut(book, posting))
          : outcome;
      },
    );
  return [
    route("opening", "Open a stocktake of a location at the end of a day.", opening, (sheet, stocktake) => ({
      type: "OpenStocktake",
      data: { ...sheet, stocktake },
    })),
    route(
      "counts",
      "Count an item, or a lot of it; again: this is what counts. It takes an approval back.",
      line,
      ({ lots, ...count }, stocktake, countedBy) => ({
        type: "CountLine",
        data: { ...count, ...(lots && { lots }), stocktake, countedBy },
      }),
    ),
    route(
      "approval",
      "Approve what was counted: somebody who has counted none of it.",
      z.strictObject({}),
      (_, stocktake, approvedBy) => ({ type: "ApproveStocktake", data: { stocktake, approvedBy } }),
    ),
    route(
      "posting",
      "Post every line that is not posted yet, those too that were refused: GET …/lines tells what became of each.",
      z.strictObject({}),
      (_, stocktake) => ({ type: "PostStocktake", data: { stocktake } }),
    ),
    route(
      "abandonment",
      "Abandon a stocktake of which nothing is posted.",
      abandonment,
      (sent, stocktake) => ({
        type: "AbandonStocktake",
        data: { ...sent, stocktake },
      }),
    ),
  ];
}

/** What its item would refuse of any count like this, told to whoever still stands at the shelf. */
async function notCountable(
  { name, items }: Parts,
  { item, lot, lots, counted, unitCost, stocktake }: StocktakeCommands["CountLine"],
  { today }: Company,
): Promise<Refusal | undefined> {
  const state = await items.current(itemStream(name, item));
  if (state.status === "Unregistered") return { name: "ItemNotRegistered" };
  if (!state.active) return { name: "ItemDeactivated" };
  const about = { movement: stocktake, effectiveDate: today, time: null, location: "", reference: null };
  const data = { ...about, item, lot, counted, unitCost, stocktake };
  return refusalOf({ type: "CountStock", data, today, lots }, state);
}
