/** The movements of an item in costing order, each with its cost as known. */
import { sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate, TimeOfDay } from "../domain/kernel/event.ts";
import { countsOn } from "./counts-on.ts";
import { type Answer, ask, type Moment, NOW, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";

export type Movement = Readonly<{
  movement: string;
  kind:
    | "opening"
    | "receipt"
    | "issue"
    | "transfer"
    | "pin"
    | "unpin"
    | "adjustment"
    | "return"
    | "supplierReturn"
    | "dispatch"
    | "arrival"
    | "count"
    | "compensation";
  effectiveDate: EffectiveDate;
  /** Later than that where it had been closed by then, and its rows have not gone back since. */
  countsOn: EffectiveDate;
  time: TimeOfDay | null;
  location: string;
  /** Where a transfer goes, a dispatch until it arrives; else null. */
  to: string | null;
  lot: string | null;
  /** Of whose stock it is; of a pin, what it goes into or comes out of. Null: of the free one. */
  project: string | null;
  /** As asked: an adjustment's is signed, all others are above zero; a count's is what was counted. */
  quantity: DecimalText;
  /** How that was said, or measured besides, in another unit. */
  measured: DecimalText | null;
  measuredUnit: string | null;
  /** Σ value of its rows at `location`: below zero for what left it, or was pinned. As known at `seq`. */
  value: DecimalText;
  purpose: string | null;
  reference: string | null;
  /** The seq that recorded it. */
  recorded: string;
  /** The seq that cancelled it: it moves nothing from then on. */
  cancelled: string | null;
}>;
/** A place in costing order. */
export type MovementCursor = readonly [place: string];

export function movements(
  pool: Pool,
  book: string,
  asked: Moment & { item: string; location?: string; from?: EffectiveDate },
  { limit, after }: Page<MovementCursor>,
): Promise<Answer<Paged<Movement, MovementCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, asOf, seq }) => {
    const { item, location, from } = asked;
    const on = countsOn((name) => sql.table(`${schema}.${name}`), seq);
    const { rows } = await sql<Movement & { place: string }>`
      select m.movement, m.kind, m.effective as "effectiveDate", ${on} as "countsOn", m.time, m.location, m.to_location as "to", m.lot, m.project,
             trim_scale(m.quantity)::text as quantity, trim_scale(m.measured)::text as measured,
             m.measured_unit as "measuredUnit", trim_scale(c.value)::text as value,
             m.purpose, m.reference, m.seq::text as recorded, x.seq::text as cancelled, m.place
        from ${sql.table(`${schema}.movement`)} m
        left join ${sql.table(`${schema}.cancelled_movement`)} x
          on x.item = m.item and x.movement = m.movement and x.seq <= ${seq}
       cross join lateral (
         select coalesce(sum(r.value), 0) as value
           from ${sql.table(`${schema}.stock_key`)} k
           join ${sql.table(`${schema}.cost_row`)} r on r.key = k.key and r.movement = m.movement
          where k.item = m.item and k.area = m.location and k.lot = coalesce(m.lot, '') and (m.kind not in ('pin', 'unpin') or k.project = '')
            and r.effective <= ${asOf}::date and r.seq <= ${seq}) c
       where m.item = ${item} and ${on} <= ${asOf}::date and m.seq <= ${seq}
         and ${from === undefined ? sql`true` : sql`m.place >= ${from} and ${on} >= ${from}::date`}
         and ${location === undefined ? sql`true` : sql`${location} in (m.location, m.to_location)`}
         and ${after ? sql`m.place > ${after[0]}` : sql`true`}
       order by m.place limit ${limit + 1}`.execute(tables);
    const { next } = paged(rows, limit, ({ place }): MovementCursor => [place]);
    return { rows: rows.slice(0, limit).map(({ place: _place, ...movement }) => movement), next };
  });
}

/** The last day on which a movement counts that was not cancelled; null: there is none. As the tables have it now. */
export async function lastMovementDay(pool: Pool, book: string): Promise<EffectiveDate | null> {
  const { last } = await ask(pool, book, NOW, async ({ tables, schema, seq }) => {
    const on = countsOn((name) => sql.table(`${schema}.${name}`), seq);
    const { rows } = await sql<{ last: EffectiveDate | null }>`
      select max(${on}) as last from ${sql.table(`${schema}.movement`)} m
       where not exists (select from ${sql.table(`${schema}.cancelled_movement`)} x
                          where x.item = m.item and x.movement = m.movement)`.execute(tables);
    return { last: rows[0]?.last ?? null };
  });
  return last;
}
