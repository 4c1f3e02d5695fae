/**
 * What EventStoreDB answers, in memory, from the facts we measured; where they are silent, from its source (IndexWriter.
 * CheckCommit, StorageWriterService, IndexReader, BoundedCache). Left out: time ($maxAge), links, restarts, deletes of
 * metadata streams. A stream's numbering has no gaps, so that an event's revision is its index.
 */
export type Expected = "any" | "no_stream" | "stream_exists" | number;
export type Data = Readonly<Record<string, number>>;
/** No id: one that nobody else can know. */
export type NewEvent = Readonly<{ id: string | null; type: string; data: Data | null }>;
export type Recorded = NewEvent & Readonly<{ stream: string; revision: number | bigint }>;

export type From = "start" | "end" | number;
export type Command =
  | Readonly<{ kind: "append"; stream: string; events: readonly NewEvent[]; expected: Expected }>
  | Readonly<{ kind: "delete" | "tombstone"; stream: string; expected: Expected }>
  | Readonly<{ kind: "set metadata"; stream: string; metadata: Data; expected: Expected }>
  | Readonly<{ kind: "read"; stream: string; forwards: boolean; from: From; count: number | null }>;

export type Refused = Readonly<{ refused: string; expected?: string; actual?: string }>;
/** `at`: the event's place in the log, or that the answer names none; an append of nothing may name any. */
export type At = number | "nowhere" | "anywhere";
export type Answer =
  | Refused
  | Readonly<{ revision: string; at: At }>
  | Readonly<{ removed: At }>
  | Readonly<{ events: readonly string[] }>;

const TOMBSTONE = 2n ** 63n - 1n;
/** `$tb` of a soft-deleted stream, as JavaScript reads it. */
const DELETED = 2 ** 63;
const deleted: Refused = { refused: "stream-deleted" };

export const metaOf = (stream: string): string => `$$${stream}`;
const isMeta = (stream: string): boolean => stream.startsWith("$$");
const originalOf = (meta: string): string => meta.slice(2);

export const brief = ({ stream, revision, type, id, data }: Recorded): string =>
  `${stream}@${revision} ${type} ${id ?? "-"} ${data && JSON.stringify(data, Object.keys(data).sort())}`;

/** The numbers that a refused delete names expectations by. */
const wireNumber = (expected: Expected): number =>
  typeof expected === "number" ? expected : { any: -2, no_stream: -1, stream_exists: -4 }[expected];

export function eventStoreModel() {
  const log: Recorded[] = [];
  const streams = new Map<string, Recorded[]>();
  const tombstoned = new Set<string>();
  const eventsOf = (stream: string): readonly Recorded[] => streams.get(stream) ?? [];
  const headOf = (stream: string): number => eventsOf(stream).length - 1;
  const isTombstoned = (stream: string): boolean =>
    tombstoned.has(stream) || (isMeta(stream) && tombstoned.has(originalOf(stream)));
  /** Whatever the type of the last event there. */
  const metadataOf = (stream: string): Data =>
    isMeta(stream) ? { $maxCount: 1 } : (eventsOf(metaOf(stream)).at(-1)?.data ?? {});
  const isSoftDeleted = (stream: string): boolean => metadataOf(stream)["$tb"] === DELETED;
  const firstVisible = (stream: string): number => {
    const { $maxCount = Number.POSITIVE_INFINITY, $tb = 0 } = metadataOf(stream);
    return Math.max(0, headOf(stream) - $maxCount + 1, $tb);
  };

  function write(stream: string, event: NewEvent): void {
    const recorded = { ...event, stream, revision: headOf(stream) + 1 };
    log.push(recorded);
    streams.set(stream, [...eventsOf(stream), recorded]);
  }
  const writeMetadata = (stream: string, data: Data): void =>
    write(metaOf(stream), { id: null, type: "$metadata", data });

  type Decision = "accepted" | Refused | Readonly<{ repeated: Recorded }>;

  function decide(stream: string, expected: Expected, ids: readonly (string | null)[]): Decision {
    if (isTombstoned(stream)) return deleted;
    const head = headOf(stream);
    const wrong: Refused = {
      refused: "wrong-expected-version",
      expected: `${expected}`,
      actual: head < 0 ? "no_stream" : `${head}`,
    };
    if (expected === "stream_exists" && isSoftDeleted(stream)) return deleted;
    if (expected === "stream_exists" && head < 0 && headOf(metaOf(stream)) < 0) return wrong;

    const last = (events: readonly (Recorded | undefined)[]) => ({ repeated: events.at(-1) as Recorded });
    if (expected === "any" || expected === "stream_exists") {
      // Facts: by event id, per stream. The source's cache knows an id only where it was used first.
      const uses = ids.map((id) => eventsOf(stream).findLast((event) => id !== null && event.id === id));
      if (!uses[0]) return "accepted";
      return uses.includes(undefined) ? wrong : last(uses);
    }

    const after = expected === "no_stream" ? 0 : expected + 1;
    if (after > head + 1) return wrong;
    if (after === head + 1) return "accepted";
    // Facts: a soft-deleted stream is as an empty one. Newer sources refuse an append of nothing.
    if (ids.length === 0) return expected === "no_stream" && isSoftDeleted(stream) ? "accepted" : wrong;
    const there = eventsOf(stream).slice(after, after + ids.length);
    const differs = ids.findIndex((id, index) => id === null || there[index]?.id !== id);
    if (differs < 0) return last(there);
    return differs === 0 && expected === "no_stream" && isSoftDeleted(stream) ? "accepted" : wrong;
  }

  function append(stream: string, events: readonly NewEvent[], expected: Expected): Answer {
    const ids = events.map(({ id }) => id);
    const decision = decide(stream, expected, ids);
    if (decision !== "accepted" && "refused" in decision) return decision;
    if (decision !== "accepted") {
      // Facts: with the first result. By the source, one that is hidden by now has no position any more.
      const { repeated } = decision;
      return { revision: `${repeated.revision}`, at: log.indexOf(repeated) };
    }
    const next = headOf(stream) + 1;
    // Facts: an append of no events writes nothing. By the source, it brings a deleted stream back.
    const comesBack = events.length > 0 && isSoftDeleted(stream);
    const originalComesBack = events.length > 0 && isMeta(stream) && isSoftDeleted(originalOf(stream));
    for (const event of events) write(stream, event);
    const at = events.length === 0 ? "anywhere" : log.length - 1;
    const revision = `${Math.max(0, headOf(stream))}`;
    // What was deleted stays hidden.
    if (comesBack) writeMetadata(stream, { ...metadataOf(stream), $tb: next });
    if (originalComesBack) {
      const original = originalOf(stream);
      writeMetadata(original, { ...metadataOf(original), $tb: headOf(original) + 1 });
    }
    return { revision, at };
  }

  function remove(stream: string, expected: Expected, hard: boolean): Answer {
    const decision = decide(stream, expected, [null]);
    // Metadata alone can be deleted.
    const nothing = !hard && headOf(stream) < 0 && headOf(metaOf(stream)) < 0;
    if (decision === deleted) return deleted;
    if (decision !== "accepted" || nothing)
      return {
        refused: "wrong-expected-version",
        expected: `${wireNumber(expected)}`,
        actual: `${headOf(stream)}`,
      };
    if (hard) {
      log.push({ stream, revision: TOMBSTONE, type: "$streamDeleted", id: null, data: null });
      tombstoned.add(stream);
    } else writeMetadata(stream, { $tb: DELETED });
    return { removed: log.length - 1 };
  }

  function read(stream: string, forwards: boolean, from: From, count: number | null): Answer {
    // Before the stream is looked at.
    if (count === 0 || (forwards && from === "end")) return { refused: "unknown" };
    if (isTombstoned(stream)) return deleted;
    if (headOf(stream) < 0 || isSoftDeleted(stream)) return { refused: "stream-not-found" };
    const visible = eventsOf(stream).slice(firstVisible(stream));
    const start = from === "start" ? 0 : from === "end" ? headOf(stream) : from;
    const ahead = forwards
      ? visible.filter(({ revision }) => revision >= start)
      : visible.filter(({ revision }) => revision <= start).reverse();
    return { events: ahead.slice(0, count ?? ahead.length).map(brief) };
  }

  return {
    log: (): readonly string[] => log.map(brief),
    /** Of the events of its own, also when it is deleted. */
    headOf,
    perform(command: Command): Answer {
      const { stream } = command;
      switch (command.kind) {
        case "append":
          return append(stream, command.events, command.expected);
        case "set metadata": {
          const event = { id: null, type: "$metadata", data: command.metadata };
          return append(metaOf(stream), [event], command.expected);
        }
        case "read":
          return read(stream, command.forwards, command.from, command.count);
        default:
          return remove(stream, command.expected, command.kind === "tombstone");
      }
    },
  };
}
