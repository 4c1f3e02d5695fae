/** Bills that many receipts bear, carried out: what each of them has to is sent to its item. */
import { landedCostStream } from "../domain/inventory/landed-cost.ts";
import { landedCostCommands } from "../domain/processes/landed-cost.ts";
import type { Book } from "./book.ts";
import { type Document, sendLines } from "./carrying-out.ts";

type Parts = Pick<Book, "name" | "items" | "landedCosts" | "company">;

export async function carryOut(parts: Parts, document: Document): Promise<bigint | undefined> {
  const { event, id } = document;
  if (event.type !== "LandedCostAllocated") return -1n;
  const { landedCost } = event.data;
  const stream = landedCostStream(parts.name, landedCost);
  const { refused } = await parts.landedCosts.current(stream);
  const waiting = landedCostCommands(event.data, id).filter(({ line }) => !refused.includes(line));
  return sendLines(parts, document, waiting, ({ line, item, command }, { name: reason }, caller) => {
    const { receipt } = command.data as { receipt: string };
    const data = { landedCost, line, item, receipt, reason };
    return parts.landedCosts.handle({
      ...caller(data),
      stream,
      command: { type: "ReportRefusedLine", data },
    });
  });
}
