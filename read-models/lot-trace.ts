/** Where a lot came from and where it went: all that moved it, in costing order, as the book knew it. */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { countsOn } from "./counts-on.ts";
import { lotRowsUntil } from "./lots.ts";
import type { Movement } from "./movements.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";

/** What one movement took of the lot, or brought, at a location. A transfer does both. */
export type Traced = Readonly<{
  movement: string;
  kind: Movement["kind"];
  effectiveDate: EffectiveDate;
  /** Later than that where it had been closed by then, and its rows have not gone back since. */
  countsOn: EffectiveDate;
  location: string;
  /** Signed, in the item's unit; of a count, what it found more or less. */
  quantity: DecimalText;
  purpose: string | null;
  /** The supplier's, customer's or warehouse's document. */
  reference: string | null;
  recorded: string;
}>;
export type TraceCursor = readonly [place: string, isIn: string, location: string];

/** What was cancelled never was. `found`: something is known of the lot. */
export function lotTrace(
  pool: Pool,
  book: string,
  asked: Moment & { item: string; lot: string },
  { limit, after }: Page<TraceCursor>,
): Promise<Answer<Paged<Traced, TraceCursor> & Readonly<{ found: boolean }>>> {
  return ask(pool, book, asked, async ({ tables, ...at }) => {
    const { schema, seq } = at;
    const { item, lot } = asked;
    const beyond = after
      ? sql`(m.place, (s.quantity > 0)::int, s.area) > (${after[0]}, ${after[1]}::int, ${after[2]})`
      : sql`true`;
    const { rows } = await sql<Traced & { cursor: TraceCursor }>`
      select m.movement, m.kind, m.effective as "effectiveDate", ${countsOn((name) => sql.table(`${schema}.${name}`), seq)} as "countsOn", s.area as location,
             trim_scale(s.quantity)::text as quantity, m.purpose, m.reference, m.seq::text as recorded,
             array[m.place, (s.quantity > 0)::int::text, s.area] as cursor
        from (select r.movement, r.area, sum(r.quantity) as quantity from ${lotRowsUntil(at, { item, lot })}
               group by r.movement, r.area having sum(r.quantity) <> 0) s
        join ${sql.table(`${schema}.movement`)} m on m.item = ${item} and m.movement = s.movement
       where ${beyond}
       order by m.place, (s.quantity > 0)::int, s.area limit ${limit + 1}`.execute(tables);
    const { rows: mentioned } = await sql`
      select from ${sql.table(`${schema}.lot_row`)} r where r.item = ${item} and r.lot = ${lot} and r.seq <= ${seq}
       union all
      select from ${sql.table(`${schema}.lot_description`)} d
       where d.item = ${item} and d.lot = ${lot} and d.seq <= ${seq} limit 1`.execute(tables);
    const { next } = paged(rows, limit, ({ cursor }) => cursor);
    return {
      found: mentioned.length > 0,
      rows: rows.slice(0, limit).map(({ cursor: _cursor, ...traced }) => traced),
      next,
    };
  });
}
