/** What a posted stocktake says of each item, as commands to them: one a line, derived from the posting's event. */
import type { StocktakeEvents } from "../inventory/stocktake-events.ts";
import type { LineCommand } from "./line-command.ts";

/** `id`: the event's. The same ids again however often this is asked, so that each line counts once. */
export const stocktakeCommands = (
  { stocktake, location, date, reference, approvedBy, lines }: StocktakeEvents["StocktakePosted"],
  id: string,
): readonly LineCommand[] =>
  lines.map(({ line, ...counted }) => {
    const movement = countOf(id, line);
    const about = { movement, stocktake, location, effectiveDate: date, time: null, reference };
    return {
      line,
      item: counted.item,
      commandId: movement,
      command: { type: "CountStock", data: { ...counted, ...about }, approvedBy } as const,
    };
  });

/** The name of what a line becomes. */
export const countOf = (id: string, line: number): string => `${id}-${line}`;
