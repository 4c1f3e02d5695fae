/** What a stream shows of its events, by its metadata. Nothing is erased: `$all` shows what a stream hides. Pure. */

export type Retention = Readonly<{
  /** So many of the last ones. */
  maxCount?: number;
  /** Milliseconds. */
  maxAge?: number;
  /** The first revision that is shown; DELETED when the whole stream is. */
  truncateBefore: number;
}>;

export const ALL_SHOWN: Retention = { truncateBefore: 0 };
/** A metadata stream's own: only its last event counts. */
export const LAST_SHOWN: Retention = { truncateBefore: 0, maxCount: 1 };

/** `$tb` of a deleted stream is 2⁶³ − 1: beyond every revision. */
export const DELETED = Number.POSITIVE_INFINITY;
export const DELETION = '{"$tb":9223372036854775807}';

export type StreamMetadata = Readonly<Record<string, unknown>>;

/** No object: no metadata, as EventStoreDB has it. */
export function metadataOf(data: Buffer | undefined): StreamMetadata | undefined {
  if (!data) return undefined;
  try {
    const metadata: unknown = JSON.parse(data.toString());
    return typeof metadata === "object" && metadata !== null ? (metadata as StreamMetadata) : {};
  } catch {
    return {};
  }
}

/** A value that makes no sense takes the others with it. */
export function retentionOf(metadata: StreamMetadata | undefined): Retention {
  const { $maxCount: maxCount, $maxAge: maxAge, $tb: before } = metadata ?? {};
  const makeSense = [isCount(maxCount, 1), isCount(maxAge, 1), isCount(before, 0)].every(Boolean);
  if (!makeSense) return ALL_SHOWN;
  const truncateBefore = Number(before ?? 0);
  return {
    truncateBefore: truncateBefore > Number.MAX_SAFE_INTEGER ? DELETED : truncateBefore,
    ...(maxCount === undefined ? {} : { maxCount: Number(maxCount) }),
    ...(maxAge === undefined ? {} : { maxAge: Number(maxAge) * 1_000 }),
  };
}

const isCount = (value: unknown, least: number): boolean =>
  value === undefined || (Number.isInteger(value) && Number(value) >= least);

export const isDeleted = ({ truncateBefore }: Retention): boolean => truncateBefore === DELETED;

/** The same metadata for a stream that was deleted and is written to again, from this revision on. */
export const undeleted = (metadata: StreamMetadata | undefined, from: number): string =>
  JSON.stringify({ ...metadata, $tb: from });
