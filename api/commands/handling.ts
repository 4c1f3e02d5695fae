/** What is asked of a command handler, and what comes of it. */
import type { DomainEvent } from "../../domain/catalogue.ts";
import type { Decision } from "../../domain/kernel/decider.ts";
import type { Answer, Caller } from "./idempotency.ts";

/** `bulk`: the answer's position may be that of a later event of the same append, which spares a read. */
export type Request<C> = Caller & Readonly<{ stream: string; command: C; bulk?: boolean }>;
export type Outcome<R> =
  | Readonly<{ status: "accepted"; answer: Answer }>
  | Readonly<{ status: "refused"; refusal: R }>
  | Readonly<{ status: "key-reused" | "unavailable" }>;

export type CommandHandler<C, S, R, E = DomainEvent> = Readonly<{
  handle: (request: Request<C>) => Promise<Outcome<R>>;
  /** Finishes a command that a crash cut short, if there is one on the stream. */
  complete: (stream: string) => Promise<void>;
  /** As the log has it now. */
  current: (stream: string) => Promise<S>;
  /** What would be decided on that, and is not recorded. */
  preview: (stream: string, command: C) => Promise<Readonly<{ before: S; decision: Decision<E, R, S> }>>;
  /** Whatever is known is to be read again: events count otherwise than was believed. */
  forget: () => void;
}>;
