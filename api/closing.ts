/**
 * The second step of closing a period (COSTING §5), by the projecting process: what is under way when the closing is announced
 * is carried through; where the period had been open again, corrections go back to their own days first; then it is closed.
 */
import { itemStream } from "../domain/inventory/item.ts";
import { type Closing, closingUnderWay, itemsApart } from "../read-models/periods.ts";
import type { Pool } from "../read-models/schema.ts";
import { waitingStreams } from "../read-models/waiting.ts";
import type { Book } from "./book.ts";
import { type Chore, whileProjecting } from "./chores.ts";
import { sha256 } from "./commands/idempotency.ts";
import { companyStream, FRESH_MS } from "./company.ts";

const LOOK_EVERY_MS = 500;
/** Every process has heard of it by then, and what it had begun before is in the log. */
const HEARD_OF_MS = 3 * FRESH_MS;

type Parts = Readonly<{ pool: Pool; now: () => Date }> & Pick<Book, "name" | "companies" | "items">;

export const closing = (parts: Parts): Chore => ({
  when: whileProjecting,
  everyMs: LOOK_EVERY_MS,
  look: () => carryThrough(parts),
});

async function carryThrough({ pool, name, now, companies, items }: Parts): Promise<void> {
  const begun = await closingUnderWay(pool, name);
  if (!begun || now().getTime() - Date.parse(begun.recordedAt) < HEARD_OF_MS) return;
  if ((await waitingStreams(pool, name, 0)).length > 0) return; // `finishing` sees to it
  if (begun.reopened)
    for (const item of await itemsApart(pool, name)) {
      const data = { item, causedBy: begun.period };
      const outcome = await items.handle({
        ...callerOf(begun, ["redate", item]),
        stream: itemStream(name, item),
        // Until it is closed, its first day is the first open one.
        command: { type: "RedateCosts", data, today: "", openFrom: begun.period },
      });
      if (outcome.status === "unavailable")
        throw new Error(`${item} could not be dated anew: it is tried again`);
    }
  await companies.handle({
    ...callerOf(begun, ["close"]),
    stream: companyStream(name),
    command: { type: "FinishClosing", data: { company: name, period: begun.period } },
  });
}

/** Derived from the event that began it: whoever does it again does the same. */
function callerOf({ id, actor }: Closing, what: readonly string[]) {
  const commandHash = sha256([id, ...what]);
  return { commandId: commandHash.slice(0, 32), commandHash, actor };
}
