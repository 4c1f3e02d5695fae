/**
 * Bills that many receipts bear: what each of them has to is sent to its item, line by line, by whoever recorded the bill; and
 * where a crash came between, by the projecting process. A line's command follows from the bill's event, so it counts once.
 */
import { decodeRecorded } from "../domain/catalogue.ts";
import { itemStream } from "../domain/inventory/item.ts";
import type { ItemCommand, ItemRefusal } from "../domain/inventory/item-commands.ts";
import {
  type LandedCostEvents,
  type LandedCostRefusal,
  landedCostStream,
} from "../domain/inventory/landed-cost.ts";
import type { Metadata } from "../domain/kernel/event.ts";
import { landedCostCommands } from "../domain/processes/landed-cost.ts";
import { landedCostsUnderWay } from "../read-models/landed-costs.ts";
import type { Book } from "./book.ts";
import { type Chore, whileProjecting } from "./chores.ts";
import type { Outcome } from "./commands/handling.ts";
import { sha256 } from "./commands/idempotency.ts";

/** So many items are asked together. */
const TOGETHER = 16;
const LOOK_EVERY_MS = 1_000;
/** Whoever recorded it may still be at it; both together do no harm. */
const PATIENCE_MS = 5_000;

type Parts = Pick<Book, "name" | "items" | "landedCosts" | "company">;
type Bill = Readonly<{
  data: LandedCostEvents["LandedCostAllocated"];
  id: string;
  metadata: Pick<Metadata, "actor" | "correlationId">;
}>;

/** Answers with the last position of what was written; undefined where some of it was not: it is tried again. */
export async function carryOut(parts: Parts, { data, id, metadata }: Bill): Promise<bigint | undefined> {
  const { name, items, landedCosts, company } = parts;
  const today = (await company())?.today ?? "";
  const stream = landedCostStream(name, data.landedCost);
  const { refused } = await landedCosts.current(stream);
  const waiting = landedCostCommands(data, id)
    .filter(({ line }) => !refused.includes(line))
    .values();
  let last: bigint | undefined = -1n;
  const of = { actor: metadata.actor, correlationId: metadata.correlationId, causationId: id };
  const sent = (commandId: string, said: object) => ({
    ...of,
    commandId,
    commandHash: sha256([commandId, said]),
  });

  async function one(): Promise<void> {
    for (const { line, item, commandId, command } of waiting) {
      let outcome: Outcome<ItemRefusal | LandedCostRefusal> = await items.handle({
        ...sent(commandId, command.data),
        stream: itemStream(name, item),
        command: { ...command, today } as ItemCommand,
      });
      if (outcome.status === "refused") {
        // What changed since the bill was spread; it is told, and nobody tries for ever.
        const { receipt } = command.data as { receipt: string };
        const said = { landedCost: data.landedCost, line, item, receipt, reason: outcome.refusal.name };
        outcome = await landedCosts.handle({
          ...sent(`${commandId}-refused`, said),
          stream,
          command: { type: "ReportRefusedLine", data: said },
        });
      }
      if (outcome.status !== "accepted") last = undefined;
      else if (last !== undefined && outcome.answer.position > last) last = outcome.answer.position;
    }
  }
  await Promise.all(Array.from({ length: TOGETHER }, one));
  return last;
}

export function carryingOut({ pool, now, ...parts }: Parts & Pick<Book, "pool" | "now">): Chore {
  /** Up to here, every bill is carried out: they are not looked at again. */
  let done = 0n;
  async function look(): Promise<void> {
    const { seq, bills } = await landedCostsUnderWay(pool, parts.name, done);
    const left: string[] = [];
    for (const recorded of bills) {
      const { id, metadata } = recorded;
      if (now().getTime() - Date.parse(metadata.recordedAt) < PATIENCE_MS) continue;
      const { type, data } = decodeRecorded(recorded);
      if (type !== "LandedCostAllocated") continue;
      const written = await carryOut(parts, { data, id, metadata });
      if (written === undefined) left.push(data.landedCost);
    }
    if (bills.length === 0) done = seq;
    if (left.length > 0)
      throw new Error(`lines of ${left.join(", ")} could not be written: it is tried again`);
  }
  return { when: whileProjecting, everyMs: LOOK_EVERY_MS, look };
}
