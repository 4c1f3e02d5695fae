/** What was learnt of receipts' values, and what bills have to reach: a line each, which a value fact of its name settles. */
import type { Insertable } from "kysely";
import { factOf } from "../domain/processes/landed-cost.ts";
import type { GenerationTables } from "../read-models/schema.ts";
import type { Entry } from "./entry.ts";

export function valueFact({ event, seq }: Entry): Insertable<GenerationTables["value_fact"]> | undefined {
  switch (event.type) {
    case "ReceiptInvoiced":
    case "ReceiptCostAdded": {
      const { item, fact, receipt, documentDate, reference, amount, exchangeDifference } = event.data;
      const kind = "kind" in event.data ? event.data.kind : "invoice";
      const quantity = "quantity" in event.data ? event.data.quantity : null;
      return {
        ...{ item, fact, seq, kind, receipt, reference, quantity, amount, cancels: null },
        ...{ document_date: documentDate, exchange_difference: exchangeDifference },
      };
    }
    case "ValueFactCancelled": {
      const { item, fact, documentDate, reference, cancelled } = event.data;
      return {
        ...{ item, fact, seq, kind: "cancellation", receipt: null, reference, quantity: null, amount: null },
        ...{ cancels: cancelled, document_date: documentDate, exchange_difference: null },
      };
    }
    default:
      return undefined;
  }
}

export function landedCostLines({
  event,
  seq,
  recorded,
}: Entry): readonly Insertable<GenerationTables["landed_cost_line"]>[] {
  if (event.type !== "LandedCostAllocated") return [];
  const { landedCost, lines } = event.data;
  return lines.map(({ item, receipt, amount }, index) => ({
    ...{ landed_cost: landedCost, line: index + 1, seq, item, receipt, amount },
    fact: factOf(recorded.id, index),
  }));
}

export function landedCostRefusal({
  event,
  seq,
}: Entry): Insertable<GenerationTables["landed_cost_refusal"]> | undefined {
  if (event.type !== "LandedCostLineRefused") return undefined;
  const { landedCost, line, reason } = event.data;
  return { landed_cost: landedCost, line, seq, reason };
}
