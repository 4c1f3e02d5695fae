/** The audit trail (DESIGN §6): every event with its seq, as canonical JSON text, and the chain that seals it. */
import { hash } from "node:crypto";
import type { Insertable } from "kysely";
import { canonicalJson, type Recorded } from "../domain/kernel/event.ts";
import type { BookTables } from "../read-models/schema.ts";
import type { Entry } from "./entry.ts";

export type Sealed = Readonly<{ hash: string; knownAt: string }>;
export const UNSEALED: Sealed = { hash: "0".repeat(64), knownAt: "" };

/** h(seq) = SHA-256, hex, of canonicalJson([h(seq − 1), seq, stream, revision, id, type, data, metadata]). */
export function chained(
  before: string,
  seq: bigint,
  { stream, revision, id, type }: Pick<Recorded, "stream" | "revision" | "id" | "type">,
  /** Both as canonical JSON. */
  { data, metadata }: Readonly<{ data: string; metadata: string }>,
): string {
  const head = canonicalJson([before, `${seq}`, stream, `${revision}`, id, type]);
  return hash("sha256", `${head.slice(0, -1)},${data},${metadata}]`);
}

export function trailRow(
  { seq, recorded }: Entry,
  before: Sealed,
): Insertable<BookTables["trail"]> & { hash: string } {
  const { stream, revision, id, type, position } = recorded;
  const { commandId, part, of, recordedAt } = recorded.metadata;
  const text = { data: canonicalJson(recorded.data), metadata: canonicalJson(recorded.metadata) };
  return {
    seq,
    stream,
    revision,
    id,
    type,
    ...text,
    hash: chained(before.hash, seq, recorded, text),
    command_id: commandId,
    part,
    parts: of,
    position,
    // ISO 8601 in UTC sorts as text; "" comes before all of it.
    known_at: before.knownAt > recordedAt ? before.knownAt : recordedAt,
  };
}
