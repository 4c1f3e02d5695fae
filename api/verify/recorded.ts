/** What the trail says, to compare a table with: its commands, as the folds are fed them; and the first text that differs. */
import { decodeRecorded, UndecodableEvent } from "../../domain/catalogue.ts";
import type { Entry, WholeCommand } from "../../projections/entry.ts";
import type { Session } from "../../read-models/database.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import { recordedOf } from "../../read-models/trail.ts";
import type { Check } from "./check.ts";
import { cursor } from "./cursor.ts";

type TrailRow = Parameters<typeof recordedOf>[0] & { seq: bigint };
/** What the trail holds is not an event. */
class Unreadable extends Error {}

/** `name`: of the cursor, of which a transaction may have several. */
export async function* recordedCommands(
  session: Session,
  book: string,
  name: string,
): AsyncGenerator<WholeCommand> {
  let command: Entry[] = [];
  const trail = cursor<TrailRow>(
    session,
    name,
    `select * from ${quoted(bookSchema(book))}.trail order by seq`,
  );
  for await (const row of trail) {
    const entry = entryOf(row);
    command.push(entry);
    if (entry.recorded.metadata.part < entry.recorded.metadata.of) continue;
    yield command as unknown as WholeCommand;
    command = [];
  }
}

function entryOf(row: TrailRow): Entry {
  try {
    const recorded = recordedOf(row);
    return { seq: row.seq, recorded, event: decodeRecorded(recorded) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof UndecodableEvent)) throw error;
    throw new Unreadable(`seq ${row.seq} of the trail: ${error.message}`);
  }
}

/** Both in the same order; equal where their texts are. */
export async function asRecorded(
  name: string,
  recorded: AsyncIterable<string>,
  table: AsyncIterator<string>,
): Promise<Check> {
  let compared = 0;
  try {
    for await (const expected of recorded) {
      const { value: there = "nothing" } = await table.next();
      if (there !== expected) {
        const difference = `${expected} is recorded, ${there} is in the table`;
        return { name, compared, difference };
      }
      compared += 1;
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { name, compared: 0, difference: error.message };
  }
  const { value: beyond } = await table.next();
  return { name, compared, difference: beyond && `${beyond} is in no event` };
}
