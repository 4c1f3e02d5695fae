/** The ids and hashes by which a repeat is known, across restarts and between processes. */
import { hash } from "node:crypto";
import { type DomainEvent, decode, decodeRecorded } from "../../domain/catalogue.ts";
import {
  canonicalJson,
  inOrder,
  type Metadata,
  type NewEvent,
  type Recorded,
} from "../../domain/kernel/event.ts";

/**
 * Who asks, and by which key. `commandHash` is of the request as sent, before defaults. A command that follows from an event
 * names it as its cause, and belongs together with it.
 */
export type Caller = Pick<Metadata, "commandId" | "commandHash" | "actor"> &
  Partial<Pick<Metadata, "causationId" | "correlationId">>;

export type Answer = Readonly<{ revision: bigint; position: bigint; events: readonly DomainEvent[] }>;
/** What a command was answered first, and to which request. */
export type First = Readonly<{ commandHash: string; answer: Answer }>;

/** The first answer, from the events of the command as they are read back, one by one. */
export function answered(before: First | undefined, event: Recorded): First {
  const { revision, position, metadata } = event;
  const events = [...(before?.answer.events ?? []), decodeRecorded(event)];
  return { commandHash: metadata.commandHash, answer: { revision, position, events } };
}

/** Hex. */
export const sha256 = (value: unknown): string => hash("sha256", canonicalJson(value));
export const sha256OfText = (text: string): string => hash("sha256", text);

/** A command's events as they will be stored: checked, numbered, and with ids that follow from what they say. */
export function newEvents(
  { commandId, commandHash, actor, causationId = commandId, correlationId = commandId }: Caller,
  stream: string,
  events: readonly DomainEvent[],
  recordedAt: string,
): readonly NewEvent[] {
  // Keys in their order from the start, as canonical JSON has them: it is encoded again on its way.
  const caller = { actor, causationId, commandHash, commandId, correlationId };
  return events.map(decode).map(({ type, data: decided }, index) => {
    const data = inOrder<object>(decided);
    const id = uuid(sha256([stream, commandId, commandHash, index, type, data]));
    return { id, type, data, metadata: { ...caller, of: events.length, part: index + 1, recordedAt } };
  });
}

/** Version 8, of content: the store compares ids only, so equal ids must mean an equal fact. */
const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
