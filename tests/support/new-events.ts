import { randomUUID } from "node:crypto";
import type { Metadata, NewEvent } from "../../domain/kernel/event.ts";

const metadata: Metadata = {
  recordedAt: "2026-03-31T12:00:00.000Z",
  actor: "ada",
  commandId: "c-1",
  commandHash: "0".repeat(64),
  part: 1,
  of: 1,
  correlationId: "c-1",
  causationId: "c-1",
};

export const newEvent = (data: object = {}, type = "GoodsCounted"): NewEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata,
});

/** Numbered from `from`, so that a reader can tell what is missing. */
export const newEvents = (count: number, from = 0): NewEvent[] =>
  Array.from({ length: count }, (_, index) => newEvent({ number: from + index }));

/** Tests share a server: each takes a book of its own. */
export const anyBook = (): string => `t${randomUUID().replaceAll("-", "").slice(0, 20)}`;
