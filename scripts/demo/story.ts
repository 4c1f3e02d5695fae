/** A small company's first quarter, told through its API. */
import { caller, table } from "./caller.ts";

export async function tell(url: string, say: (text: string) => void): Promise<void> {
  const { command, question } = caller(url, say);

  say("\n1. A company is founded, and two items are registered.");
  await command("/v1/company", "founding", {
    name: "Rod & Sons",
    baseCurrency: "EUR",
    valueScale: 2,
    timeZone: "Europe/Berlin",
  });
  await command("/v1/items/rod/registration", "rod", { name: "Steel rod", unit: "piece", quantityScale: 0 });
  await command("/v1/items/oil/registration", "oil", {
    name: "Cutting oil",
    unit: "l",
    quantityScale: 1,
    costBy: "lot",
  });

  say("\n2. Stock comes in: from the books before this one, and from suppliers, at rising prices.");
  await command("/v1/items/rod/opening-stock", "O-1", {
    effectiveDate: "2026-01-01",
    location: "main",
    layers: [
      { quantity: "10", value: "100", receivedOn: "2025-11-12" },
      { quantity: "3", value: "100", receivedOn: "2025-12-20" },
    ],
  });
  await command("/v1/items/rod/receipts", "R-1", receipt("2026-01-20", "10", "150", "PO-7"));
  await command("/v1/items/oil/receipts", "R-2", {
    ...receipt("2026-01-21", "20.5", "82", "PO-8"),
    lot: "L-26-01",
  });

  say(
    "\n3. Goods go out, at the cost of the oldest layers; and from one location to another, layers and all.",
  );
  await command("/v1/items/rod/issues", "I-1", issue("2026-02-03", "12", "sale", "SO-1001"));
  await command("/v1/items/rod/transfers", "T-1", {
    effectiveDate: "2026-02-10",
    quantity: "5",
    from: "main",
    to: "site-a",
  });
  await command("/v1/items/rod/issues", "I-2", {
    ...issue("2026-03-02", "2", "project", "P-1"),
    location: "site-a",
  });

  say("\n4. What can't be is refused, and says why; nothing is written.");
  await command("/v1/items/rod/issues", "I-3", issue("2026-03-03", "50", "sale", "SO-1002"));
  await command("/v1/items/rod/issues", "I-4", {
    ...issue("2026-03-03", "1.5.0", "sale", "SO-1002"),
    colour: "red",
  });

  say("\n5. The same request with the same key is the same movement: the warehouse pressed twice.");
  await command("/v1/items/rod/issues", "I-1", issue("2026-02-03", "12", "sale", "SO-1001"));

  say("\n6. Balances now, and at the end of January.");
  say(table(await question("/v1/balances", "balances")));
  say(table(await question("/v1/balances?asOf=2026-01-31", "balances")));

  say("\n7. The layers behind the rods: which receipts are still there, and where.");
  say(table(await question("/v1/items/rod/layers", "layers")));

  say("\n8. What the sale cost, layer by layer: 3 pieces for 100.00 leave their cents behind them exactly.");
  say(table(await question("/v1/items/rod/movements/I-1/draws", "draws")));

  say("\n9. As known then: the same day asked as the book knew it after its fifth event.");
  say(table(await question("/v1/balances?asOf=2026-03-31&knownAt=5", "balances")));

  say(
    "\n10. A delivery of January turns up late. It takes its place; what was moved and issued since costs otherwise from",
  );
  say("    then on, each on its own day; and what was known before stays what was known.");
  await command("/v1/items/rod/receipts", "R-0", receipt("2026-01-15", "10", "90", "PO-6"));
  for (const knownAt of ["", "?knownAt=9"])
    say(table(costs(await question(`/v1/items/rod/movements${knownAt}`, "movements"))));

  say(
    "\n11. Its invoice comes in March, and is dearer: what went to the project costs more too. And a freight bill,",
  );
  say("    which two receipts bear by their value. How the issue came to cost what it costs:");
  await command("/v1/items/rod/receipts/R-0/invoices", "INV-1", {
    ...{ documentDate: "2026-03-20", reference: "LS-77", quantity: "10", amount: "110" },
  });
  await command("/v1/landed-costs", "LC-1", {
    ...{ documentDate: "2026-03-22", reference: "Freight 9", amount: "24.01", basis: "value" },
    receipts: [
      { item: "rod", receipt: "R-0" },
      { item: "rod", receipt: "R-1" },
    ],
  });
  say(table(await question("/v1/items/rod/movements/I-2/costs", "costs")));
  say("    What the same stock was worth, before the invoice and now:");
  for (const knownAt of ["11", ""])
    say(table(await question(`/v1/balances?item=rod${knownAt && `&knownAt=${knownAt}`}`, "balances")));

  say("\n12. January is closed: nothing new is recorded into it.");
  await command("/v1/periods/2026-01-01/closing", "close-1", {});
  await command("/v1/items/rod/receipts", "R-9", receipt("2026-01-31", "1", "9", "PO-9"));

  say("\n13. And back to the events: what stands behind the balance at site-a, each sealed by the chain.");
  const events = await question("/v1/items/rod/events?location=site-a", "events");
  say(
    table(
      events.map(({ seq, stream, revision, type, hash }) => ({
        seq,
        stream,
        revision,
        type,
        hash: `${(hash as string).slice(0, 16)}…`,
      })),
    ),
  );
}

const costs = (movements: readonly Readonly<Record<string, unknown>>[]) =>
  movements.map(({ movement, kind, effectiveDate, location, quantity, value }) => ({
    ...{ movement, kind, effectiveDate, location, quantity, value },
  }));
const receipt = (effectiveDate: string, quantity: string, value: string, reference: string) => ({
  effectiveDate,
  quantity,
  value,
  reference,
  location: "main",
});
const issue = (effectiveDate: string, quantity: string, purpose: string, reference: string) => ({
  effectiveDate,
  quantity,
  purpose,
  reference,
  location: "main",
});
