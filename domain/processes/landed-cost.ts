/** What a bill says each receipt has to bear, as commands to the items: one a line, derived from the document's event. */
import type { LandedCostEvents } from "../inventory/landed-cost.ts";
import type { DecimalText } from "../kernel/decimal.ts";
import type { LineCommand } from "./line-command.ts";

const NOTHING = "0" as DecimalText;

/** `id`: the event's. The same ids again however often this is asked, so that each line counts once. */
export const landedCostCommands = (
  { documentDate, reference, lines }: LandedCostEvents["LandedCostAllocated"],
  id: string,
): readonly LineCommand[] =>
  lines.flatMap(({ item, receipt, amount }, index) => {
    if (amount === NOTHING) return []; // it has nothing to bear
    const fact = factOf(id, index);
    const cost = { kind: "landedCost", amount, foreign: null, exchangeDifference: NOTHING } as const;
    const data = { item, fact, receipt, documentDate, reference, ...cost };
    return [{ line: index + 1, item, commandId: fact, command: { type: "AddReceiptCost", data } as const }];
  });

/** The name of what a line adds. */
export const factOf = (id: string, index: number): string => `${id}-${index + 1}`;
