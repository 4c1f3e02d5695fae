/** The rows of a long answer, a page at a time, in the session's transaction. */
import type { Session } from "../../read-models/database.ts";

const PAGE = 2_000;

export async function* cursor<Row extends object>(
  session: Session,
  name: string,
  text: string,
): AsyncGenerator<Row> {
  await session.query(`declare ${name} no scroll cursor for ${text}`);
  for (;;) {
    const rows = await session.query<Row>(`fetch ${PAGE} from ${name}`);
    yield* rows;
    if (rows.length < PAGE) break;
  }
  await session.query(`close ${name}`);
}
