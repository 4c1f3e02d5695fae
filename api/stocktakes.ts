/** Posted stocktakes, carried out: what was counted is sent to each line's item. */
import { stocktakeStream } from "../domain/inventory/stocktake.ts";
import { stocktakeCommands } from "../domain/processes/stocktake.ts";
import type { Book } from "./book.ts";
import { type Document, sendLines } from "./carrying-out.ts";

type Parts = Pick<Book, "name" | "items" | "stocktakes" | "company">;

export async function carryOut(parts: Parts, document: Document): Promise<bigint | undefined> {
  const { event, id } = document;
  if (event.type !== "StocktakePosted") return -1n;
  const { stocktake } = event.data;
  const stream = stocktakeStream(parts.name, stocktake);
  const state = await parts.stocktakes.current(stream);
  // A line that was refused may be posted anew by now: not by this posting.
  if (state.status === "New") return -1n; // its opening is before its posting
  const { refused, lines } = state;
  const commands = stocktakeCommands(event.data, id, (line) => lines[line - 1]?.lots);
  const waiting = commands.filter(({ commandId }) => !refused.includes(commandId));
  return sendLines(parts, document, waiting, ({ line, item, commandId, command }, refusal, caller) => {
    const { lot } = command.data as { lot: string | null };
    const leavesShort = ("leavesShort" in refusal && refusal.leavesShort?.movement) || null;
    const data = { stocktake, line, item, lot, movement: commandId, reason: refusal.name, leavesShort };
    return parts.stocktakes.handle({
      ...caller(data),
      stream,
      command: { type: "ReportRefusedCount", data, today: "" },
    });
  });
}
