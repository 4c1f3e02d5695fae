/**
 * The one connection that writes. It holds an advisory lock, which elects it, and an epoch, which each statement
 * checks: a node that was taken for dead writes nothing any more.
 */
import type { Session } from "../../../read-models/database.ts";
import { NO_EVENTS, type Stored } from "./expectation.ts";
import { SCHEMA, streamKey, tables } from "./schema.ts";
import { openPlanned } from "./session.ts";
import { TOMBSTONE } from "./wire.ts";

export type Row = Stored & Readonly<{ stream: string; recorded: Buffer }>;

/** What a decision needs of a stream and of the one that describes it; and in one of them the latest event with an id. */
export type Question = Readonly<{ events: string; metadata: string; sought: string; id: string | undefined }>;
export type Answer = Readonly<{
  head: number;
  /** The last event of the one that describes it. */
  metadata: Buffer | undefined;
  withId: Stored | undefined;
}>;
export type Range = Readonly<{ stream: string; from: number; to: number }>;

export interface Writer {
  /** Where the log ends: the last position, and the first that is free. */
  readonly end: Readonly<{ head: number; free: number }>;
  /** One answer a question. */
  ask(questions: readonly Question[]): Promise<readonly Answer[]>;
  range(range: Range): Promise<readonly Stored[]>;
  withIds(stream: string, ids: readonly string[]): Promise<readonly Stored[]>;
  /** All rows, durably, or none. With no rows it proves that nobody else has taken over. */
  commit(rows: readonly Row[]): Promise<void>;
  close(): Promise<void>;
}

export class LogIsHeld extends Error {
  constructor() {
    super("another node has it");
  }
}

/** Any number, as long as no other program's advisory lock in this database has it. */
const LOCK = "7310579619871459";

const END = `select position as head, position + octet_length(recorded) as free
  from ${SCHEMA}.event order by position desc limit 1`;
// `is not distinct from` uses no index: looking for an id must not walk its stream.
const ASK = `select head, recorded, id, revision, position
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) with ordinality
    as question (events, metadata, stream, sought, number)
  left join lateral
    (select max(revision) as head from ${SCHEMA}.event where event.stream = events) as head on true
  left join lateral
    (select recorded from ${SCHEMA}.event where event.stream = metadata order by event.revision desc limit 1)
    as described on true
  left join lateral
    (select id, revision, position from ${SCHEMA}.event
     where event.id = sought and event.stream is not distinct from question.stream order by revision desc limit 1)
    as found on true
  order by number`;
const RANGE = `select id, revision, position from ${SCHEMA}.event
  where stream = $1 and revision between $2 and $3`;
const WITH_IDS = `select distinct on (id) id, revision, position from ${SCHEMA}.event
  where id = any ($2::uuid[]) and stream is not distinct from $1 order by id, revision desc`;
const COMMIT = `with held as materialized (select from ${SCHEMA}.fence where epoch = $1 for share),
  written as (
    insert into ${SCHEMA}.event (position, stream, revision, id, recorded)
    select place, stream, revision, id, substring($6::bytea from first for bytes)
    from held, unnest($2::bigint[], $3::uuid[], $4::bigint[], $5::uuid[], $7::int[], $8::int[])
      as row (place, stream, revision, id, first, bytes))
  select count(*) as epochs from held`;
const HELD = `select count(*) as epochs from ${SCHEMA}.fence where epoch = $1`;

type StoredRow = Readonly<{ id: string; revision: bigint; position: bigint }>;
const stored = ({ id, revision, position }: StoredRow): Stored => ({
  id,
  revision: Number(revision),
  position: Number(position),
});

/** Throws `LogIsHeld` when another has the lock. After `onLost`, every call rejects. */
export async function openWriter(databaseUrl: string, onLost: (error: Error) => void): Promise<Writer> {
  const session = await openPlanned(databaseUrl, onLost);
  try {
    const epoch = await elect(session);
    const [last] = await session.query<{ head: bigint; free: bigint }>(END);
    const end = { head: Number(last?.head ?? 0n), free: Number(last?.free ?? 1n) };
    return { end, ...statements(session, epoch), close: () => session.close() };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function elect(session: Session): Promise<bigint> {
  const [lock] = await session.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [LOCK]);
  if (!lock?.held) throw new LogIsHeld();
  await session.query("set synchronous_commit = on");
  await session.query(tables);
  const raise = `update ${SCHEMA}.fence set epoch = epoch + 1 returning epoch`;
  const [fence] = await session.query<{ epoch: bigint }>(raise);
  if (!fence) throw new Error("the log has no fence");
  return fence.epoch;
}

function statements(session: Session, epoch: bigint): Omit<Writer, "end" | "close"> {
  return {
    async ask(questions) {
      const keys = (["events", "metadata", "sought"] as const).map((name) =>
        questions.map((question) => streamKey(question[name])),
      );
      const ids = questions.map(({ id }) => id ?? null);
      type Found = Readonly<
        { head: bigint | null; recorded: Buffer | null } & { [K in keyof StoredRow]: StoredRow[K] | null }
      >;
      const rows = await session.query<Found>(ASK, [...keys, ids], "ask");
      return rows.map(({ head, recorded, id, revision, position }) => ({
        head: head === null ? NO_EVENTS : Number(head),
        metadata: recorded ?? undefined,
        withId:
          id === null || revision === null || position === null
            ? undefined
            : stored({ id, revision, position }),
      }));
    },
    async range({ stream, from, to }) {
      return (await session.query<StoredRow>(RANGE, [streamKey(stream), from, to], "range")).map(stored);
    },
    async withIds(stream, ids) {
      return (await session.query<StoredRow>(WITH_IDS, [streamKey(stream), ids], "with-ids")).map(stored);
    },
    async commit(rows) {
      const [fence] =
        rows.length === 0
          ? await session.query<{ epochs: bigint }>(HELD, [epoch], "held")
          : await session.query<{ epochs: bigint }>(COMMIT, [epoch, ...columns(rows)], "commit");
      if (fence?.epochs !== 1n) throw new LogIsHeld();
    },
  };
}

const TOMBSTONE_STORED = `${2n ** 63n - 1n}`;

/** All bytes in one parameter, the only kind that the driver sends as they are. */
function columns(rows: readonly Row[]): readonly unknown[] {
  let next = 1;
  const firsts = rows.map(({ recorded }) => {
    const first = next;
    next += recorded.length;
    return first;
  });
  return [
    rows.map(({ position }) => position),
    rows.map(({ stream }) => streamKey(stream)),
    rows.map(({ revision }) => (revision === TOMBSTONE ? TOMBSTONE_STORED : revision)),
    rows.map(({ id }) => id),
    Buffer.concat(rows.map(({ recorded }) => recorded)),
    firsts,
    rows.map(({ recorded }) => recorded.length),
  ];
}
