/** What a crash between two appends left out of a command (COSTING §6): decided again from its first event, it gives the rest. */
import { type DomainEvent, decode } from "../../domain/catalogue.ts";
import { invariant } from "../../domain/kernel/assert.ts";
import type { Decider, Refusal } from "../../domain/kernel/decider.ts";
import type { Command, NewEvent, Recorded } from "../../domain/kernel/event.ts";
import { newEvents } from "./idempotency.ts";
import type { Known } from "./known-stream.ts";

/** The commands that a recalled one may have been, by what its event does not say. */
export type Variants<C> = (recalled: C) => Promise<Iterable<C>>;

/** The variant is meant that gives the very events which are there. */
export async function missingOf<C extends Command, E extends DomainEvent, S, R extends Refusal>(
  { decide, recall }: Decider<C, E, S, R>,
  variants: Variants<C>,
  stream: string,
  { state: before, begun: parts }: Known<S>,
): Promise<readonly NewEvent[]> {
  const { metadata } = parts[0] as Recorded;
  const [first, ...next] = parts.map((part) => decode(part) as E);
  for (const command of await variants(recall(first as E, ...next))) {
    const decision = decide(command, before);
    if (!decision.ok) continue;
    const events = newEvents(metadata, stream, decision.events, metadata.recordedAt);
    const isIt = events.length === metadata.of && parts.every(({ id }, index) => id === events[index]?.id);
    if (isIt) return events.slice(parts.length);
  }
  invariant(false, `${stream}: the command ${metadata.commandId} would be completed otherwise than begun`);
}
