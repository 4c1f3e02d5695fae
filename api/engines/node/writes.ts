/** What changes the log, and what came of it. */
import type { Expected } from "./expectation.ts";
import type { Proposed } from "./wire.ts";

export type Write = Readonly<{
  /** A deletion hides a stream, a tombstone ends it. */
  kind: "append" | "deletion" | "tombstone";
  stream: string;
  expected: Expected;
  events: readonly Proposed[];
  bytes: number;
  /** Milliseconds since 1970. Later than this it is not begun. */
  deadline: number;
}>;

export type Result =
  | Readonly<{ outcome: "written"; revision: number; position: number }>
  | Readonly<{ outcome: "wrong-version"; head: number }>
  /** Of a tombstone, or of a deletion where the stream was to exist. */
  | Readonly<{ outcome: "deleted" }>
  /** Surely not written. */
  | Readonly<{ outcome: "expired" }>
  /** Perhaps written. */
  | Readonly<{ outcome: "unknown" }>;
