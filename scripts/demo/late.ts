/** Chapters of what comes late: a delivery, its invoice, a freight bill. */
import { type Caller, table } from "./caller.ts";
import { receipt } from "./said.ts";

const COST = ["movement", "kind", "effectiveDate", "location", "quantity", "value"] as const;

export async function lateFacts({ say, command, show, known }: Caller): Promise<void> {
  say(
    "\n10. A delivery of January turns up late. It takes its place; what was moved and issued since costs otherwise from",
  );
  say("    then on, each on its own day; and what was known before stays what was known.");
  await command("/v1/items/rod/receipts", "R-0", receipt("2026-01-15", "10", "90", "PO-6"));
  await show("/v1/items/rod/movements", "movements", ...COST);
  await show("/v1/items/rod/movements?knownAt=9", "movements", ...COST);

  say(
    "\n11. The late invoice. Before it: what the stock was worth at the end of March, and how it had come to it.",
  );
  const march = "asOf=2026-03-31";
  await show(`/v1/balances?item=rod&${march}`, "balances");
  await show(`/v1/items/rod/movements?location=site-a&${march}`, "movements", ...COST);
  const before = known();
  say(
    "    The delivery's invoice is dearer: 110 for what came in at 90. First asked what it would correct, on which day:",
  );
  const invoice = { documentDate: "2026-03-20", reference: "LS-77", quantity: "10", amount: "110" };
  const path = "/v1/items/rod/receipts/R-0/invoices";
  const { corrections } = await command(`${path}?preview=true`, "INV-1", invoice);
  say(table(corrections as Parameters<typeof table>[0]));
  await command(path, "INV-1", invoice);
  say(
    "    After it, as it is known now: what went to the project costs more too, on the day on which it went there.",
  );
  await show(`/v1/balances?item=rod&${march}`, "balances");
  await show(`/v1/items/rod/movements?location=site-a&${march}`, "movements", ...COST);
  say("    After it, as it was known before: not a cent has changed.");
  await show(`/v1/balances?item=rod&${march}&knownAt=${before}`, "balances");
  await show(`/v1/items/rod/movements?location=site-a&${march}&knownAt=${before}`, "movements", ...COST);

  say(
    "\n12. A freight bill, which two receipts bear by their value. How the issue came to cost what it costs:",
  );
  await command("/v1/landed-costs", "LC-1", {
    ...{ documentDate: "2026-03-22", reference: "Freight 9", amount: "24.01", basis: "value" },
    receipts: [
      { item: "rod", receipt: "R-0" },
      { item: "rod", receipt: "R-1" },
    ],
  });
  await show("/v1/items/rod/movements/I-2/costs", "costs");
}
