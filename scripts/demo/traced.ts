/** Chapters of goods that are told apart: lots that are traced, and what is pinned for a project. */
import type { Caller } from "./caller.ts";
import { issue, receipt } from "./said.ts";

export async function toldApart({ say, command, show }: Caller): Promise<void> {
  const glue = "/v1/items/glue";
  const of = (...lots: readonly (readonly [lot: string, quantity: string])[]) => ({
    lots: lots.map(([lot, quantity]) => ({ lot, quantity })),
  });
  say("\n22. Glue costs by FIFO, whichever pot is taken; but which lot went to whom can be told.");
  await command(`${glue}/registration`, "glue", { name: "Glue", unit: "pot", quantityScale: 0 });
  await command(`${glue}/lot-tracking`, "glue-lots", {});
  await command(`${glue}/lots`, "glue-G7", { lot: "G7", expiresOn: "2026-09-30", supplierLot: "7731" });
  await command(`${glue}/receipts`, "R-20", {
    ...receipt("2026-04-07", "10", "50", "PO-20"),
    ...of(["G7", "6"], ["G8", "4"]),
  });
  await command(`${glue}/issues`, "I-20", {
    ...issue("2026-04-09", "5", "sale", "SO-1010"),
    ...of(["G7", "3"], ["G8", "2"]),
  });
  await show(`${glue}/pick?quantity=4&location=main&asOf=2026-04-10`, "lots");
  await show(
    `${glue}/lots/G7/trace`,
    "movements",
    "movement",
    "kind",
    "effectiveDate",
    "location",
    "quantity",
    "reference",
  );

  say(
    "\n23. Six pots are pinned for a project: nobody else gets them, and it is a stock of its own until it is used.",
  );
  await command(`${glue}/receipts`, "R-21", { ...receipt("2026-04-13", "10", "70", "PO-21"), lot: "G9" });
  await command(`${glue}/pins`, "P-1", {
    ...{ effectiveDate: "2026-04-14", location: "main", project: "roof", quantity: "6" },
  });
  await command(`${glue}/issues`, "I-21", { ...issue("2026-04-15", "10", "sale", "SO-1011"), lot: "G9" });
  await command(`${glue}/issues`, "I-22", {
    ...issue("2026-04-15", "2", "project", "WO-4"),
    ...{ lot: "G9", project: "roof" },
  });
  await show("/v1/valuation?by=item,location,project&item=glue", "valuation");
}
