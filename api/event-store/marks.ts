/** What hides or ends a stream, as the log's own events tell it. */
import type { Mark } from "../../domain/kernel/event-store.ts";

export const STREAM_DELETED = "$streamDeleted";

type Told = Readonly<{
  type: string;
  streamId: string;
  data: unknown;
  position?: { commit: bigint } | undefined;
}>;

/**
 * `told`: all that describes streams of the book and all that ends one, each in the order of the log. What was taken back is no
 * mark any more.
 */
export function marksOn(prefix: string, told: readonly Told[]): readonly Mark[] {
  const marks = new Map<string, Mark>();
  for (const { type, streamId, data, position } of told) {
    const isTombstone = type === STREAM_DELETED && !streamId.startsWith("$$");
    const stream = streamId.replace(/^\$\$/, "");
    if (!stream.startsWith(prefix)) continue;
    const what = isTombstone ? "a tombstone" : hiddenBy(data);
    marks.delete(stream);
    if (what) marks.set(stream, { stream, what, position: position?.commit ?? 0n });
  }
  return [...marks.values()].toSorted((a, b) => (a.position < b.position ? -1 : 1));
}

/** Of a deleted stream `$tb` lies beyond every revision. */
function hiddenBy(told: unknown): string | undefined {
  const data = told instanceof Uint8Array ? parsed(told) : told;
  if (typeof data !== "object" || data === null) return undefined;
  const { $tb: before, $maxCount: count, $maxAge: age } = data as Readonly<Record<string, unknown>>;
  if (Number(before) > Number.MAX_SAFE_INTEGER) return "a deletion";
  const limits = [
    ["$tb", before],
    ["$maxCount", count],
    ["$maxAge", age],
  ].filter(([, value]) => value !== undefined);
  return limits.length === 0 ? undefined : limits.map((limit) => limit.join(" ")).join(", ");
}

/** A server may go by it though it is not marked as JSON. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
