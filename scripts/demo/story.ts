/** A small company's first quarter, told through its API. */
import { closedBooks } from "./books.ts";
import { type Caller, caller } from "./caller.ts";
import { lateFacts } from "./late.ts";
import { issue, receipt } from "./said.ts";
import { toldApart } from "./traced.ts";
import { warehouse } from "./warehouse.ts";

export async function tell(url: string, say: (text: string) => void): Promise<void> {
  const story = caller(url, say);
  await beginning(story);
  await answers(story);
  await lateFacts(story);
  await warehouse(story);
  await closedBooks(story);
  await toldApart(story);
}

async function beginning({ say, command }: Caller): Promise<void> {
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
  await command("/v1/items/rod/issues", "I-2", issue("2026-03-02", "2", "project", "P-1", "site-a"));
}

async function answers({ say, command, show }: Caller): Promise<void> {
  say("\n4. What can't be is refused, and says why; nothing is written.");
  await command("/v1/items/rod/issues", "I-3", issue("2026-03-03", "50", "sale", "SO-1002"));
  await command("/v1/items/rod/issues", "I-4", {
    ...issue("2026-03-03", "1.5.0", "sale", "SO-1002"),
    colour: "red",
  });

  say("\n5. The same request with the same key is the same movement: the warehouse pressed twice.");
  await command("/v1/items/rod/issues", "I-1", issue("2026-02-03", "12", "sale", "SO-1001"));

  say("\n6. Balances now, and at the end of January.");
  await show("/v1/balances", "balances");
  await show("/v1/balances?asOf=2026-01-31", "balances");

  say("\n7. The layers behind the rods: which receipts are still there, and where.");
  await show("/v1/items/rod/layers", "layers");

  say("\n8. What the sale cost, layer by layer: 3 pieces for 100.00 leave their cents behind them exactly.");
  await show("/v1/items/rod/movements/I-1/draws", "draws");

  say("\n9. As known then: the same day asked as the book knew it after its fifth event.");
  await show("/v1/balances?asOf=2026-03-31&knownAt=5", "balances");
}
