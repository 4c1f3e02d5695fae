/** What a posted stocktake says of each item, as commands to them: one a line, derived from the posting's event. */
import type { LotQuantity } from "../inventory/lot-row.ts";
import type { StocktakeEvents } from "../inventory/stocktake-events.ts";
import type { LineCommand } from "./line-command.ts";

/**
 * `id`: the event's. The same ids again however often this is asked, so that each line counts once. `lotsOf`: those that a line was
 * counted by, which no longer change once it is posted.
 */
export const stocktakeCommands = (
  { stocktake, location, date, reference, approvedBy, lines }: StocktakeEvents["StocktakePosted"],
  id: string,
  lotsOf: (line: number) => readonly LotQuantity[] | undefined,
): readonly LineCommand[] =>
  lines.map(({ line, ...counted }) => {
    const movement = countOf(id, line);
    const about = { movement, stocktake, location, effectiveDate: date, time: null, reference };
    const lots = lotsOf(line);
    return {
      line,
      item: counted.item,
      commandId: movement,
      command: {
        type: "CountStock",
        data: { ...counted, ...about },
        approvedBy,
        ...(lots && { lots }),
      } as const,
    };
  });

/** The name of what a line becomes. */
export const countOf = (id: string, line: number): string => `${id}-${line}`;
