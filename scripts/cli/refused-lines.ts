/** What reaches many items is done in part where an item refused its line: which, a question of its lines tells. */
import type { Book } from "../../api/book.ts";
import type { Told } from "../../api/http/routes.ts";
import { landedCostStream } from "../../domain/inventory/landed-cost.ts";
import { stocktakeStream } from "../../domain/inventory/stocktake.ts";

type Part = Readonly<{ refused: number; ask: string }>;

/** Undefined: nothing of it was refused. */
export async function refusedLines(book: Book, told: Told): Promise<Part | undefined> {
  if (told.status !== "accepted") return undefined;
  const [event] = told.answer.events;
  if (event?.type === "LandedCostAllocated") {
    const { landedCost } = event.data;
    const { refused } = await book.landedCosts.current(landedCostStream(book.name, landedCost));
    return refused.length > 0
      ? { refused: refused.length, ask: `landed-cost-lines ${landedCost}` }
      : undefined;
  }
  if (event?.type !== "StocktakePosted") return undefined;
  const { stocktake } = event.data;
  const state = await book.stocktakes.current(stocktakeStream(book.name, stocktake));
  const left = state.status === "New" ? 0 : state.lines.filter(({ isPosted }) => !isPosted).length;
  return left > 0 ? { refused: left, ask: `stocktake-lines ${stocktake}` } : undefined;
}
