/** A batch is one transaction: trail, rows and checkpoint together, so that every table stands at the same seq. */
import type { Recorded } from "../domain/kernel/event.ts";
import type { Session } from "../read-models/database.ts";
import { insertInto, write } from "../read-models/insert.ts";
import { bookSchema, quoted } from "../read-models/names.ts";
import type { BookTables } from "../read-models/schema.ts";
import { type Checkpoint, moveCheckpoint, type Taken, waitingText } from "./fence.ts";
import { generation } from "./generation.ts";
import { type Sealed, trailRow } from "./trail.ts";
import { commandAssembler } from "./whole-commands.ts";

/** `reached`: a position to resume from, where one is known beyond the last event. */
export type Batch = Readonly<{ events: readonly Recorded[]; reached?: bigint | undefined }>;

export interface Applier {
  checkpoint(): Checkpoint;
  /** Whether events lie aside whose command has no end yet. */
  waits(): boolean;
  /** Whatever it rejects with, this applier is not to be used again. */
  apply(batch: Batch): Promise<void>;
}

/** Continues from where the tables stand. */
export function batchApplier(session: Session, book: string, taken: Taken): Applier {
  const schema = bookSchema(book);
  const { fold } = generation(session, taken.schema);
  const assembler = commandAssembler(taken.waiting);
  let { checkpoint } = taken;

  async function apply({ events: delivered, reached = -1n }: Batch): Promise<void> {
    const events = delivered.filter(({ position }) => position > checkpoint.position);
    if (events.length === 0 && reached <= checkpoint.reached) return;
    const { commands, aside, taken: done, last, undecodable } = assembler.assemble(events, checkpoint.seq);
    const position = last ?? checkpoint.position;
    const resume = [checkpoint.reached, position, undecodable ? -1n : reached].reduce((a, b) =>
      a > b ? a : b,
    );
    let sealed: Sealed = checkpoint;
    const trail = commands.flat().map((entry) => {
      const row = trailRow(entry, sealed);
      sealed = { hash: row.hash, knownAt: row.known_at };
      return row;
    });
    const moved = {
      ...checkpoint,
      ...sealed,
      position,
      reached: resume,
      seq: checkpoint.seq + BigInt(trail.length),
    };
    const waiting = aside.map((event) => ({
      position: event.position,
      stream: event.stream,
      event: waitingText(event),
    }));
    const before = [moveCheckpoint(book, checkpoint, moved)];
    if (done.length > 0)
      before.push(`delete from ${quoted(schema)}.waiting where position in (${done.join(", ")})`);
    await write(session, before, [
      insertInto<BookTables["trail"]>(schema, "trail", TRAIL, trail),
      insertInto<BookTables["waiting"]>(schema, "waiting", ["position", "stream", "event"], waiting),
      ...(await fold(commands)),
    ]);
    checkpoint = moved;
    // What came before it stands; nothing after it is ever applied.
    if (undecodable) throw undecodable;
  }

  return {
    checkpoint: () => checkpoint,
    waits: () => assembler.waits(),
    apply,
  };
}

const TRAIL = [
  "seq",
  "stream",
  "revision",
  "id",
  "type",
  "data",
  "metadata",
  "hash",
  "command_id",
  "part",
  "parts",
  "position",
  "known_at",
] as const;
