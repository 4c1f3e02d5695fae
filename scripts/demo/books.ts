/** Chapters of the books: a month closed, what was undone in it, what stock is worth, and the events behind it all. */
import { type Caller, table } from "./caller.ts";
import { receipt } from "./said.ts";

export async function closedBooks({ say, command, question, show }: Caller): Promise<void> {
  say("\n18. January is closed: nothing new is recorded into it.");
  await command("/v1/periods/2026-01-01/closing", "close-1", {});
  await command("/v1/items/rod/receipts", "R-9", receipt("2026-01-31", "1", "9", "PO-9"));

  say(
    "\n19. The oil of January had never come. January stands: it is undone by a movement of its own, in March.",
  );
  await command("/v1/items/oil/movements/R-2/cancellation", "X-1", {
    ...{ reference: "typed twice", compensateOn: "2026-03-25" },
  });
  for (const day of ["2026-01-31", "2026-03-31"]) await show(`/v1/balances?item=oil&asOf=${day}`, "balances");

  say(
    "\n20. What the stock is worth at the end of the quarter, and how old it is, in days since it first came.",
  );
  await show("/v1/valuation?by=item,location&asOf=2026-03-31", "valuation");
  await show("/v1/ageing?buckets=30,60,90&asOf=2026-03-31", "ageing");

  say("\n21. And back to the events: what stands behind the balance at site-a, each sealed by the chain.");
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
