/**
 * Any number of processes share one book; one projects. An advisory lock on the writing session elects it; the epoch is
 * what stops an older projector that was taken for dead.
 */
import type { Recorded } from "../domain/kernel/event.ts";
import type { Session } from "../read-models/database.ts";
import { literal } from "../read-models/insert.ts";
import { bookSchema, generationSchema, quoted } from "../read-models/names.ts";

export type Checkpoint = Readonly<{
  /** Of the last event that was dealt with. */
  position: bigint;
  /** Where a subscription may resume: at `position`, or beyond it where foreign events follow. */
  reached: bigint;
  epoch: bigint;
  seq: bigint;
  hash: string;
  knownAt: string;
}>;

/** What a projector begins with. */
export type Taken = Readonly<{ checkpoint: Checkpoint; waiting: readonly Recorded[]; schema: string }>;

/** Another projector took over, or an earlier commit's outcome is not what was believed. */
export const isFenceLost = (error: unknown): boolean => (error as { code?: unknown }).code === "PF001";

const SILENCE_MAX_MS = 10_000;
/** How often a projector that has nothing to do says that it is there. */
export const SIGN_OF_LIFE_MS = 2_500;

/**
 * Waits for the lock. Whoever stands still in the middle of a COPY holds it as long as Postgres waits for the rest, which
 * none of its time-outs ends: so who waits looks, now and then, and ends such a session.
 */
async function elected(session: Session, lock: string): Promise<void> {
  await session.script([`set lock_timeout = ${SIGN_OF_LIFE_MS}`]);
  for (;;) {
    try {
      await session.query("select pg_advisory_lock(hashtextextended($1, 0))", [lock]);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
      await session.query(
        `select pg_terminate_backend(a.pid)
           from (select hashtextextended($1, 0) as key) k, pg_locks l join pg_stat_activity a using (pid)
          where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and a.datname = current_database()
            and l.classid::bigint = (k.key >> 32) & 4294967295 and l.objid::bigint = k.key & 4294967295
            and a.state = 'active' and a.wait_event = 'ClientRead'
            and a.query_start < now() - interval '${SILENCE_MAX_MS} milliseconds'`,
        [lock],
      );
    }
  }
}

const LOCK_NOT_AVAILABLE = "55P03";

/** Waits to be elected, then raises the epoch, and reads where the tables stand. */
export async function takeFence(session: Session, book: string): Promise<Taken> {
  const schema = bookSchema(book);
  await elected(session, `perpetual projector ${book}`);
  await session.script([
    "set lock_timeout = 0",
    // The log has it all, and rows go with their checkpoint: a lost commit is made again.
    "set synchronous_commit = off",
    // A projector that stands still, frozen or cut off, holds the lock no longer than this: another takes over.
    `set idle_session_timeout = ${SILENCE_MAX_MS}`,
    `set idle_in_transaction_session_timeout = ${SILENCE_MAX_MS}`,
  ]);
  const [row] = await session.query<Omit<Checkpoint, "knownAt"> & { known_at: string; number: number }>(
    `update ${quoted(schema)}.checkpoint c set epoch = epoch + 1
       from ${quoted(schema)}.generation g returning c.*, g.number`,
  );
  if (!row) throw new Error(`Invariant broken: the book ${book} has no checkpoint`);
  const { known_at: knownAt, number, ...checkpoint } = row;
  return {
    checkpoint: { ...checkpoint, knownAt },
    waiting: await waiting(session, schema),
    schema: generationSchema(book, number),
  };
}

/** The first statement of a batch's transaction: a projector with an older belief waits here, and then breaks. */
export function moveCheckpoint(book: string, from: Checkpoint, to: Checkpoint): string {
  const numbers = [from.position, from.epoch, to.position, to.reached, to.seq];
  const values = [...numbers.map(String), literal(to.hash), literal(to.knownAt)];
  return `select ${quoted(bookSchema(book))}.move_checkpoint(${values.join(", ")})`;
}

/** As `waitingText` wrote them. */
async function waiting(session: Session, schema: string): Promise<readonly Recorded[]> {
  const rows = await session.query<{ event: string; position: bigint }>(
    `select event, position from ${quoted(schema)}.waiting order by position`,
  );
  return rows.map(({ event, position }) => {
    const { revision, ...rest } = JSON.parse(event);
    return { ...rest, revision: BigInt(revision), position };
  });
}

export const waitingText = ({ id, type, data, metadata, stream, revision }: Recorded): string =>
  JSON.stringify({ id, type, data, metadata, stream, revision: `${revision}` });
