/**
 * Documents that reach many items: what each line asks is sent to its item by whoever recorded the document; and where a
 * crash came between, by the projecting process. A line's command follows from the document's event, so it counts once.
 */
import { type DomainEvent, decodeRecorded } from "../domain/catalogue.ts";
import { itemStream } from "../domain/inventory/item.ts";
import type { ItemCommand, ItemRefusal } from "../domain/inventory/item-commands.ts";
import type { Refusal } from "../domain/kernel/decider.ts";
import type { Metadata } from "../domain/kernel/event.ts";
import type { LineCommand } from "../domain/processes/line-command.ts";
import type { UnderWay } from "../read-models/under-way.ts";
import type { Book } from "./book.ts";
import { type Chore, whileProjecting } from "./chores.ts";
import type { Outcome } from "./commands/handling.ts";
import { type Caller, newEvents, sha256 } from "./commands/idempotency.ts";

/** So many items are asked together. */
const TOGETHER = 16;
const LOOK_EVERY_MS = 1_000;
/** Whoever recorded it may still be at it; both together do no harm. */
const PATIENCE_MS = 5_000;

/** The event that decided it. */
export type Document = Readonly<{
  event: DomainEvent;
  id: string;
  metadata: Pick<Metadata, "actor" | "correlationId">;
}>;
/** The last position of what was written; undefined where some of it was not: it is tried again. */
export type CarryOut = (document: Document) => Promise<bigint | undefined>;

/** `tell`: records that an item refused its line, as whoever `caller` says. */
export async function sendLines(
  { name, items, company }: Pick<Book, "name" | "items" | "company">,
  { id, metadata: { actor, correlationId } }: Document,
  lines: readonly LineCommand[],
  tell: (
    line: LineCommand,
    refusal: ItemRefusal,
    caller: (said: object) => Caller,
  ) => Promise<Outcome<Refusal>>,
): Promise<bigint | undefined> {
  const today = (await company())?.today ?? "";
  const waiting = lines.values();
  let last: bigint | undefined = -1n;
  const caller = (commandId: string, said: object): Caller => ({
    ...{ actor, correlationId, causationId: id, commandId },
    commandHash: sha256([commandId, said]),
  });

  async function one(): Promise<void> {
    for (const line of waiting) {
      const { item, commandId, command } = line;
      let outcome: Outcome<ItemRefusal | Refusal> = await items.handle({
        ...caller(commandId, command.data),
        stream: itemStream(name, item),
        command: { ...command, today } as ItemCommand,
      });
      // What has changed since it was decided; it is told, and nobody tries for ever.
      if (outcome.status === "refused")
        outcome = await tell(line, outcome.refusal as ItemRefusal, (said) =>
          caller(`${commandId}-refused`, said),
        );
      if (outcome.status !== "accepted") last = undefined;
      else if (last !== undefined && outcome.answer.position > last) last = outcome.answer.position;
    }
  }
  await Promise.all(Array.from({ length: TOGETHER }, one));
  return last;
}

/** Answered when its lines are written too: whoever waits for the position sees them. What is not written yet will be. */
export async function withLines(
  outcome: Outcome<Refusal>,
  caller: Caller,
  stream: string,
  carryOut: CarryOut,
): Promise<Outcome<Refusal>> {
  if (outcome.status !== "accepted") return outcome;
  const { answer } = outcome;
  const [event] = answer.events;
  const [stored] = newEvents(caller, stream, answer.events, "");
  if (!event || !stored) return outcome;
  const metadata = { actor: caller.actor, correlationId: caller.commandId };
  const last = await carryOut({ event, id: stored.id, metadata }).catch(() => undefined);
  const position = last !== undefined && last > answer.position ? last : answer.position;
  return { ...outcome, answer: { ...answer, position } };
}

/** `underWay`: documents after a seq that have lines left. */
export function carryingOut(
  now: () => Date,
  underWay: (after: bigint) => Promise<UnderWay>,
  carryOut: CarryOut,
): Chore {
  /** Up to here, every document is carried out: they are not looked at again. */
  let done = 0n;
  async function look(): Promise<void> {
    const { seq, documents } = await underWay(done);
    const left: string[] = [];
    for (const recorded of documents) {
      const { id, metadata, stream } = recorded;
      if (now().getTime() - Date.parse(metadata.recordedAt) < PATIENCE_MS) continue;
      const written = await carryOut({ event: decodeRecorded(recorded), id, metadata });
      if (written === undefined) left.push(stream);
    }
    if (documents.length === 0) done = seq;
    if (left.length > 0)
      throw new Error(`lines of ${left.join(", ")} could not be written: it is tried again`);
  }
  return { when: whileProjecting, everyMs: LOOK_EVERY_MS, look };
}
