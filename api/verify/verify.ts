/** Proves, or names the first difference: log = trail, the chain intact, and every table the sum of its rows. */
import { openSession } from "../../read-models/database.ts";
import { bookSchema, generationSchema, quoted } from "../../read-models/names.ts";
import type { Book } from "../book.ts";
import type { Check } from "./check.ts";
import { lotsAsRecorded } from "./lots-as-recorded.ts";
import { nothingHidden } from "./nothing-hidden.ts";
import { originsAsRecorded } from "./origins-as-recorded.ts";
import { rowsAsRecorded } from "./rows-as-recorded.ts";
import { sumsAsRows } from "./sums-as-rows.ts";
import { trailAsLog } from "./trail-as-log.ts";

/** The book must have caught up. `onProgress` counts what was compared. */
export async function verify(book: Book, onProgress: (compared: number) => void): Promise<readonly Check[]> {
  const session = await openSession(book.databaseUrl, { onLost: book.mend });
  try {
    // All in one snapshot, so that a book in use can be verified.
    await session.script(["begin isolation level repeatable read read only"]);
    const [pointer] = await session.query<{ number: number }>(
      `select number from ${quoted(bookSchema(book.name))}.generation`,
    );
    const schema = generationSchema(book.name, pointer?.number ?? 0);
    const checks = [await trailAsLog(session, book, onProgress)];
    checks.push(await rowsAsRecorded(session, book.name, schema));
    checks.push(await originsAsRecorded(session, book.name, schema));
    checks.push(await lotsAsRecorded(session, book.name, schema));
    checks.push(...(await sumsAsRows(session, schema)));
    checks.push(await nothingHidden(session, book));
    await session.script(["commit"]);
    return checks;
  } finally {
    await session.close();
  }
}
