/** Every event of the log is in the trail, in its place, to the letter; nothing else is; and the chain seals it. */
import { canonicalJson } from "../../domain/kernel/event.ts";
import { LOG_START } from "../../domain/kernel/event-store.ts";
import type { Entry } from "../../projections/entry.ts";
import { type Sealed, trailRow, UNSEALED } from "../../projections/trail.ts";
import { commandAssembler } from "../../projections/whole-commands.ts";
import type { Session } from "../../read-models/database.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import type { Book } from "../book.ts";
import type { Check } from "./check.ts";
import { cursor } from "./cursor.ts";

type Row = Omit<ReturnType<typeof trailRow>, "position"> & { position: bigint };
const NAME = "log = trail, chain intact";

export async function trailAsLog(
  session: Session,
  { name, store }: Pick<Book, "name" | "store">,
  onProgress: (compared: number) => void,
): Promise<Check> {
  const trail = cursor<Row>(
    session,
    "trail_rows",
    `select * from ${quoted(bookSchema(name))}.trail order by seq`,
  );
  const [end] = await session.query<{ position: bigint }>(
    `select position from ${quoted(bookSchema(name))}.checkpoint`,
  );
  const last = end?.position ?? LOG_START;
  let compared = 0;
  let sealed: Sealed = UNSEALED;
  for await (const entry of entriesUpTo(store, name, last)) {
    const { value: there } = await trail.next();
    const difference = there ? differenceOf(entry, there as Row, sealed) : `seq ${entry.seq} is missing`;
    if (difference !== undefined) return { name: NAME, compared, difference };
    sealed = { hash: (there as Row).hash, knownAt: (there as Row).known_at };
    compared += 1;
    onProgress(compared);
  }
  const { value: beyond } = await trail.next();
  const difference = beyond ? `the trail has seq ${(beyond as Row).seq}, the log does not` : undefined;
  return { name: NAME, compared, difference };
}

function differenceOf(entry: Entry, there: Row, before: Sealed): string | undefined {
  const expected = trailRow(entry, before);
  const at = `seq ${entry.seq}, ${entry.recorded.stream} revision ${entry.recorded.revision}`;
  const wrong = Object.entries(expected).find(
    ([column, value]) => there[column as keyof Row]?.toString() !== value?.toString(),
  );
  return (
    wrong &&
    `${at}: ${wrong[0]} is ${canonicalJson(`${there[wrong[0] as keyof Row]}`)} in the trail, ${canonicalJson(`${wrong[1]}`)} by the log`
  );
}

/** Whole commands of the log, numbered as the projector numbers them, up to a position. */
async function* entriesUpTo(store: Book["store"], book: string, last: bigint): AsyncGenerator<Entry> {
  const assembler = commandAssembler([]);
  let seq = 0n;
  for await (const { events, caughtUp } of store.subscribe(
    `${book}.`,
    LOG_START,
    new AbortController().signal,
  )) {
    const upTo = events.filter(({ position }) => position <= last);
    const { commands, undecodable } = assembler.assemble(upTo, seq);
    if (undecodable) throw undecodable;
    const entries = commands.flat();
    yield* entries;
    seq = entries.at(-1)?.seq ?? seq;
    if (caughtUp || (events.at(-1)?.position ?? LOG_START) >= last) return;
  }
}
