/** What hides or ends a stream, as the log's own events tell it. */
import type { Mark } from "../../domain/kernel/event-store.ts";

export const MARKING_TYPES = ["$metadata", "$streamDeleted"];

type Told = Readonly<{
  type: string;
  streamId: string;
  data: unknown;
  position?: { commit: bigint } | undefined;
}>;

/** `told`: all events of those types, in the order of the log. What was taken back is no mark any more. */
export function marksOn(prefix: string, told: readonly Told[]): readonly Mark[] {
  const marks = new Map<string, Mark>();
  for (const { type, streamId, data, position } of told) {
    const stream = streamId.replace(/^\$\$/, "");
    if (!stream.startsWith(prefix)) continue;
    const what = type === "$metadata" ? hiddenBy(data) : "a tombstone";
    marks.delete(stream);
    if (what) marks.set(stream, { stream, what, position: position?.commit ?? 0n });
  }
  return [...marks.values()];
}

/** Of a deleted stream `$tb` lies beyond every revision. */
function hiddenBy(data: unknown): string | undefined {
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
