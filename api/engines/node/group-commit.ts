/**
 * Writes → groups: one commits while the next gathers, and each is decided on what the one before left behind, so that
 * no answer rests on anything that isn't durable. Alone, a write commits at once.
 */
import { decide, NO_EVENTS } from "./expectation.ts";
import { type Line, type Lines, streamHeads } from "./heads.ts";
import type { Log } from "./log.ts";
import { DELETION, metadataOf, undeleted } from "./retention.ts";
import { METADATA, metastreamOf, originalOf, STREAM_DELETED, systemEvent } from "./streams.ts";
import { type Proposed, recordedEvent, TOMBSTONE } from "./wire.ts";
import type { Row, Writer } from "./writer.ts";
import type { Result, Write } from "./writes.ts";

export type Group = Readonly<{ rows: readonly Row[]; results: readonly Result[] }>;

/** `onCommitted` is told before anybody gets an answer, or an event. */
export function groups(
  log: Log,
  writer: Writer,
  onCommitted: (rows: readonly Row[]) => void,
): (writes: readonly Write[]) => Promise<Group> {
  const heads = streamHeads(writer);
  let { free } = writer.end;

  return async (writes) => {
    const lines = await heads.load(writes);
    const group = gathered(writes, lines, { head: log.head, free });
    await writer.commit(group.rows);
    ({ free } = group);
    heads.remember(writes.map(({ stream }) => lines(stream)));
    onCommitted(group.rows);
    log.publish(group.rows);
    return group;
  };
}

type End = Readonly<{ head: number; free: number }>;

function gathered(writes: readonly Write[], lines: Lines, end: End): Group & { free: number } {
  const rows: Row[] = [];
  let { free } = end;
  const created = `${Date.now()}0000`;
  const results = writes.map((write) => {
    const line = lines(write.stream);
    if (line.heads.events === TOMBSTONE) return { outcome: "deleted" } as const;
    return write.kind === "append" ? append(write, line) : remove(write, line);
  });
  return { rows, results, free };

  function append({ stream, expected, events }: Write, line: Line): Result {
    const ids = events.map(({ id }) => id);
    const decision = decide(expected, ids, line);
    if (decision.kind === "wrong-version") return { outcome: "wrong-version", head: line.head };
    if (decision.kind === "deleted") return { outcome: "deleted" };
    if (decision.kind === "repeat") return { outcome: "written", ...decision.last };
    const owner = lines(originalOf(stream));
    const from = owner.head + 1;
    const wasDeleted = owner.deleted && events.length > 0;
    for (const event of events) add(line, event, line.head + 1);
    const last = { revision: line.head, position: rows.at(-1)?.position ?? end.head };
    // Written to again, what was deleted stays hidden, also when it is metadata that is written.
    if (wasDeleted) describe(stream, undeleted(owner.heads.described, from));
    return { outcome: "written", ...last };
  }

  function remove({ kind, stream, expected }: Write, line: Line): Result {
    // Metadata alone can be deleted.
    const missing = kind === "deletion" && line.head === NO_EVENTS && line.heads.metadata === NO_EVENTS;
    const decision = decide(expected, [], line);
    if (decision.kind === "deleted") return { outcome: "deleted" };
    if (missing || decision.kind === "wrong-version") return { outcome: "wrong-version", head: line.head };
    if (kind === "deletion") describe(stream, DELETION);
    else add(line, systemEvent(STREAM_DELETED, ""), TOMBSTONE);
    return { outcome: "written", revision: line.head, position: rows.at(-1)?.position ?? end.head };
  }

  function describe(stream: string, metadata: string): void {
    const line = lines(metastreamOf(originalOf(stream)));
    add(line, systemEvent(METADATA, metadata), line.head + 1);
  }

  function add(line: Line, event: Proposed, revision: number): void {
    const stream = Buffer.from(line.name);
    const position = free;
    const recorded = recordedEvent(event, { stream, revision, position, created });
    const row = { id: event.id, stream: line.name, revision, position, recorded };
    rows.push(row);
    line.learn(row);
    line.head = revision;
    if (line.isMetadata) line.heads.described = metadataOf(Buffer.from(event.data));
    free += recorded.length;
  }
}
