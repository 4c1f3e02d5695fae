/** From a figure to the events behind it: those whose cost rows it is the sum of, straight from the trail. */
import { sql } from "kysely";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";
import { type Which, whichKeys } from "./stock.ts";

/** As stored, with its place in the book and the chain's hash there. */
export type TrailEvent = Readonly<{
  seq: string;
  stream: string;
  revision: string;
  id: string;
  type: string;
  data: unknown;
  metadata: unknown;
  hash: string;
}>;
export type EventCursor = readonly [seq: string];

/** Of a balance (item, location, lot), a layer of it, or a movement. */
export type Figure = Which & Readonly<{ item: string; layer?: string; movement?: string }>;

export function eventsBehind(
  pool: Pool,
  book: string,
  asked: Moment & Figure,
  { limit, after }: Page<EventCursor>,
): Promise<Answer<Paged<TrailEvent, EventCursor>>> {
  return ask(pool, book, asked, async ({ book: trail, tables, schema, asOf, seq }) => {
    const { layer, movement } = asked;
    const behind = sql<{ seq: bigint }>`
      select distinct r.seq from ${sql.table(`${schema}.stock_key`)} k
        join ${sql.table(`${schema}.cost_row`)} r on r.key = k.key
       where ${whichKeys(asked)} and r.effective <= ${asOf}::date and r.seq <= ${seq}
         and ${layer === undefined ? sql`true` : sql`r.layer = ${layer}`}
         and ${movement === undefined ? sql`true` : sql`r.movement = ${movement}`}
         and ${after ? sql`r.seq > ${after[0]}::bigint` : sql`true`}
       order by r.seq limit ${limit + 1}`;
    const seqs = (await behind.execute(tables)).rows.map((row) => row.seq);
    const found = await trail
      .selectFrom("trail")
      .select(["seq", "stream", "revision", "id", "type", "data", "metadata", "hash"])
      .where("seq", "in", seqs.length > 0 ? seqs : [-1n])
      .orderBy("seq")
      .execute();
    const events = found.map((row) => ({
      ...row,
      seq: `${row.seq}`,
      revision: `${row.revision}`,
      data: JSON.parse(row.data),
      metadata: JSON.parse(row.metadata),
    }));
    return paged(events, limit, (row): EventCursor => [row.seq]);
  });
}
