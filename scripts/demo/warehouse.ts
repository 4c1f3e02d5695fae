/** Chapters of the warehouse: goods under way and back, goods that were not there, and what was found. */
import type { Caller } from "./caller.ts";
import { issue, receipt } from "./said.ts";

const MARCH = "asOf=2026-03-31";

export async function warehouse({ say, command, show }: Caller): Promise<void> {
  say("\n13. Goods under way lie on the truck, layers and all, until they arrive: three of four have.");
  await command("/v1/items/rod/dispatches", "D-1", {
    ...{ effectiveDate: "2026-03-10", quantity: "4", from: "main", via: "truck", to: "site-b" },
  });
  await command("/v1/items/rod/arrivals", "A-1", {
    ...{ effectiveDate: "2026-03-12", quantity: "3", dispatch: "D-1", location: "site-b" },
  });
  await show(`/v1/items/rod/layers?${MARCH}`, "layers", "layer", "location", "quantity", "value", "since");

  say(
    "\n14. A customer returns two of a sale, at what they had cost it, last drawn first; two go back to their",
  );
  say("    supplier, who credits 28: what they cost beyond that is a loss.");
  await command("/v1/items/rod/returns", "B-1", {
    ...{ effectiveDate: "2026-03-13", quantity: "2", issue: "I-1", location: "main", reference: "RMA 4" },
  });
  await command("/v1/items/rod/supplier-returns", "B-2", {
    ...{ effectiveDate: "2026-03-16", quantity: "2", receipt: "R-1", location: "main", credit: "28" },
  });

  say(
    "\n15. At site-a more may go out than the book has. What is short costs what came last, until the next",
  );
  say("    delivery settles it: it was dearer.");
  await command("/v1/locations/site-a/short-stock", "short", { allowed: true });
  await command("/v1/items/rod/issues", "I-5", issue("2026-03-18", "5", "project", "P-1", "site-a"));
  await show(`/v1/balances?item=rod&location=site-a&${MARCH}`, "balances");
  await command("/v1/items/rod/receipts", "R-3", receipt("2026-03-19", "4", "80", "PO-11", "site-a"));
  await show("/v1/items/rod/movements/I-5/costs", "costs", "cause", "date", "quantity", "value", "total");

  say(
    "\n16. A count says what is there, whatever the book has: one is missing. What comes late, but was there before",
  );
  say("    it was counted, changes what is missing, not what was found.");
  await command("/v1/items/rod/counts", "C-1", {
    ...{ effectiveDate: "2026-03-24", location: "main", counted: "11" },
  });
  await command("/v1/items/rod/issues", "I-6", {
    ...issue("2026-03-24", "1", "sale", "SO-1003"),
    before: "C-1",
  });
  await show(`/v1/balances?item=rod&location=main&${MARCH}`, "balances");
  await show("/v1/items/rod/movements/C-1/costs", "costs", "cause", "date", "quantity", "value", "total");

  say(
    "\n17. A stocktake of site-a finds one more than the book has. Whoever approves it has counted none of it.",
  );
  const sheet = "/v1/stocktakes/S-1";
  await command(`${sheet}/opening`, "S-1-open", { location: "site-a", date: "2026-03-31" });
  await command(`${sheet}/counts`, "S-1-rod", { item: "rod", counted: "3" });
  await command(`${sheet}/approval`, "S-1-ada", {});
  await command(`${sheet}/approval`, "S-1-bob", {}, "bob");
  await command(`${sheet}/posting`, "S-1-post", {});
  const variance = ["bookQuantity", "bookValue", "varianceQuantity", "varianceValue"];
  await show(`${sheet}/lines`, "lines", "item", "counted", "countedBy", "status", ...variance);
}
