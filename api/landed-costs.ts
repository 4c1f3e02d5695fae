/**
 * Bills that many receipts bear: what each of them has to is sent to its item, line by line, by whoever recorded the bill; and
 * where a crash came between, by the projecting process. A line's command follows from the bill's event, so it counts once.
 */
import { decodeRecorded } from "../domain/catalogue.ts";
import { itemStream } from "../domain/inventory/item.ts";
import type { ItemCommand } from "../domain/inventory/item-events.ts";
import type { LandedCostEvents } from "../domain/inventory/landed-cost.ts";
import type { Metadata } from "../domain/kernel/event.ts";
import { landedCostCommands } from "../domain/processes/landed-cost.ts";
import { landedCostsUnderWay } from "../read-models/landed-costs.ts";
import type { Book } from "./book.ts";
import { type Chore, whileProjecting } from "./chores.ts";
import { sha256 } from "./commands/idempotency.ts";

/** So many items are asked together. */
const TOGETHER = 16;
const LOOK_EVERY_MS = 1_000;
/** Whoever recorded it may still be at it; both together do no harm. */
const PATIENCE_MS = 5_000;

type Items = Pick<Book, "name" | "items" | "company">;
type Bill = Readonly<{
  data: LandedCostEvents["LandedCostAllocated"];
  id: string;
  metadata: Pick<Metadata, "actor" | "correlationId">;
}>;

/** Answers with the last position of what was written; undefined where some of it was not: it is tried again. */
export async function carryOut(
  { name, items, company }: Items,
  { data, id, metadata }: Bill,
): Promise<bigint | undefined> {
  const founded = await company();
  const waiting = landedCostCommands(data, id).values();
  let last: bigint | undefined = -1n;
  async function one(): Promise<void> {
    for (const { item, commandId, command } of waiting) {
      const outcome = await items.handle({
        ...{ commandId, commandHash: sha256([commandId, command.data]), stream: itemStream(name, item) },
        ...{ actor: metadata.actor, correlationId: metadata.correlationId, causationId: id },
        command: { ...command, today: founded?.today ?? "", openFrom: founded?.openFrom } as ItemCommand,
      });
      if (outcome.status !== "accepted") last = undefined;
      else if (last !== undefined && outcome.answer.position > last) last = outcome.answer.position;
    }
  }
  await Promise.all(Array.from({ length: TOGETHER }, one));
  return last;
}

export const carryingOut = ({ pool, now, ...items }: Items & Pick<Book, "pool" | "now">): Chore => ({
  when: whileProjecting,
  everyMs: LOOK_EVERY_MS,
  async look() {
    for (const recorded of await landedCostsUnderWay(pool, items.name)) {
      const { id, metadata } = recorded;
      if (now().getTime() - Date.parse(metadata.recordedAt) < PATIENCE_MS) continue;
      const { type, data } = decodeRecorded(recorded);
      if (type !== "LandedCostAllocated") continue;
      if ((await carryOut(items, { data, id, metadata })) === undefined)
        throw new Error(`a line of the bill ${data.landedCost} could not be written: it is tried again`);
    }
  },
});
