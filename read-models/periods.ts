/** The periods that were ever closed, or are being closed, as the book knew them. Only `knownAt` counts. */
import { sql } from "kysely";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { bookSchema } from "./names.ts";
import { type Answer, ask, type Moment, NOW, type Page, type Paged, paged } from "./question.ts";
import type { Pool } from "./schema.ts";

/** `openFrom`: the first open day, as the change left it. */
export type Period = Readonly<{
  period: EffectiveDate;
  status: "closing" | "closed" | "open";
  openFrom: EffectiveDate;
  reason: string | null;
  /** The seq of its last change. */
  changed: string;
}>;
export type PeriodCursor = readonly [period: string];

export function periods(
  pool: Pool,
  book: string,
  asked: Moment,
  { limit, after }: Page<PeriodCursor>,
): Promise<Answer<Paged<Period, PeriodCursor>>> {
  return ask(pool, book, asked, async ({ tables, schema, seq }) => {
    const { rows } = await sql<Period>`
      select distinct on (period) period, status, open_from as "openFrom", reason, p.seq::text as changed
        from ${sql.table(`${schema}.period_change`)} p
       where p.seq <= ${seq} and ${after ? sql`period > ${after[0]}::date` : sql`true`}
       order by period, p.seq desc limit ${limit + 1}`.execute(tables);
    return paged(rows, limit, ({ period }): PeriodCursor => [period]);
  });
}

/** The closing that has begun and is not done, and who began it. */
export type Closing = Readonly<{
  period: EffectiveDate;
  id: string;
  actor: string;
  recordedAt: string;
  reopened: boolean;
}>;

export async function closingUnderWay(pool: Pool, book: string): Promise<Closing | undefined> {
  const { last } = await ask(pool, book, NOW, async ({ tables, schema }) => {
    const change = sql.table(`${schema}.period_change`);
    const { rows } = await sql<Closing & { status: string }>`
      select p.period, p.status, t.id, t.metadata::json ->> 'actor' as actor,
             t.metadata::json ->> 'recordedAt' as "recordedAt",
             exists (select from ${change} o where o.period = p.period and o.status = 'open') as reopened
        from ${change} p join ${sql.table(`${bookSchema(book)}.trail`)} t using (seq)
       order by p.seq desc limit 1`.execute(tables);
    return { last: rows[0] };
  });
  return last?.status === "closing" ? last : undefined;
}

/** Items that have had a correction, or what a movement did to lots, on a later day than the movement's own. */
export async function itemsApart(pool: Pool, book: string): Promise<readonly string[]> {
  const { rows } = await ask(pool, book, NOW, ({ tables, schema }) =>
    sql<{ item: string }>`
      select k.item from ${sql.table(`${schema}.cost_row`)} r
        join ${sql.table(`${schema}.stock_key`)} k using (key)
        join ${sql.table(`${schema}.movement`)} m on m.item = k.item and m.movement = r.movement
       where r.effective > m.effective
       union
      select r.item from ${sql.table(`${schema}.lot_row`)} r
        join ${sql.table(`${schema}.movement`)} m on m.item = r.item and m.movement = r.movement
       where r.effective > m.effective
       order by item`.execute(tables),
  );
  return rows.map(({ item }) => item);
}
