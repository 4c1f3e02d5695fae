/** The lots of an item at (asOf, knownAt): how much of each lies where, and which of them to take. */
import { type RawBuilder, sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import { type Answer, ask, type Moment, type Page, type Paged, paged, type Snapshot } from "./question.ts";
import type { Pool } from "./schema.ts";

type Known = Readonly<{ expiresOn: EffectiveDate | null; supplierLot: string | null }>;

/** Above zero, in the item's unit; of an item costed by lot, below zero where issues went short. */
export type LotStock = Readonly<{ lot: string; location: string; quantity: DecimalText }> & Known;
export type LotCursor = readonly [lot: string, location: string];
type Which = Readonly<{ item: string; location?: string; lot?: string }>;
type At = Pick<Snapshot, "schema" | "asOf" | "seq">;

/** `r`: the rows of an item's lots up to a moment. */
export const lotRowsUntil = (
  { schema, asOf, seq }: At,
  { item, location, lot }: Which,
): RawBuilder<unknown> => sql`
  ${sql.table(`${schema}.lot_row`)} r
  where r.item = ${item} and r.effective <= ${asOf}::date and r.seq <= ${seq}
    and ${lot === undefined ? sql`true` : sql`r.lot = ${lot}`}
    and ${location === undefined ? sql`true` : sql`r.area = ${location}`}`;

/** `f`: what is known of the lot in column `lot`; nulls where nothing is. */
const known = ({ schema, seq }: At, item: string, lot: string): RawBuilder<unknown> => sql`
  left join lateral (
    select d.expires_on, d.supplier_lot from ${sql.table(`${schema}.lot_description`)} d
     where d.item = ${item} and d.lot = ${sql.ref(lot)} and d.seq <= ${seq} order by d.seq desc limit 1) f on true`;

/** Only what is there. */
export function lots(
  pool: Pool,
  book: string,
  asked: Moment & Which,
  { limit, after }: Page<LotCursor>,
): Promise<Answer<Paged<LotStock, LotCursor>>> {
  return ask(pool, book, asked, async ({ tables, ...at }) => {
    const beyond = after ? sql`(r.lot, r.area) > (${after[0]}, ${after[1]})` : sql`true`;
    const { rows } = await sql<LotStock>`
      select s.lot, s.area as location, trim_scale(s.quantity)::text as quantity,
             f.expires_on as "expiresOn", f.supplier_lot as "supplierLot"
        from (select r.lot, r.area, sum(r.quantity) as quantity from ${lotRowsUntil(at, asked)} and ${beyond}
               group by r.lot, r.area having sum(r.quantity) <> 0
               order by r.lot, r.area limit ${limit + 1}) s ${known(at, asked.item, "s.lot")}
       order by s.lot, s.area`.execute(tables);
    return paged(rows, limit, (row): LotCursor => [row.lot, row.location]);
  });
}

/** `quantity`: how much of it to take, of what lies there. `receivedOn`: when the first of it came to the item. */
export type Picked = Readonly<{
  lot: string;
  quantity: DecimalText;
  onHand: DecimalText;
  receivedOn: EffectiveDate;
}> &
  Known;
export type PickCursor = readonly [rank: string];

/** First what expires first, then what came first; never what has expired. `total`: less than is asked for where there is no more. */
export function picks(
  pool: Pool,
  book: string,
  asked: Moment & Readonly<{ item: string; location: string; quantity: DecimalText }>,
  { limit, after }: Page<PickCursor>,
): Promise<Answer<Paged<Picked, PickCursor> & Readonly<{ total: DecimalText | null }>>> {
  return ask(pool, book, asked, async ({ tables, ...at }) => {
    const { item, location, quantity } = asked;
    const { rows } = await sql<Picked & { rank: string; total: DecimalText }>`
      select p.lot, trim_scale(p.quantity)::text as quantity, trim_scale(p.on_hand)::text as "onHand",
             p.received_on as "receivedOn", p.expires_on as "expiresOn", p.supplier_lot as "supplierLot", p.rank,
             trim_scale(p.total)::text as total
        from (select t.*, sum(t.quantity) over () as total
                from (select l.*, least(l.on_hand, ${quantity}::numeric - l.before) as quantity
                        from (select c.*, sum(c.on_hand) over taken - c.on_hand as before,
                                     row_number() over taken as rank
                                from (${candidates(at, item, location)}) c
                              window taken as (order by c.expires_on nulls last, c.received_on, c.lot)) l
                       where l.before < ${quantity}::numeric) t) p
       where ${after ? sql`p.rank > ${after[0]}::bigint` : sql`true`}
       order by p.rank limit ${limit + 1}`.execute(tables);
    const { next } = paged(rows, limit, ({ rank }): PickCursor => [`${rank}`]);
    const total = after ? null : (rows[0]?.total ?? ("0" as DecimalText));
    return { rows: rows.slice(0, limit).map(({ rank: _rank, total: _total, ...pick }) => pick), next, total };
  });
}

/** What lies at a location and is good by then. A receipt that was cancelled since did not come. */
const candidates = (at: At, item: string, location: string): RawBuilder<unknown> => sql`
  select s.lot, s.on_hand, o.received_on, f.expires_on, f.supplier_lot
    from (select r.lot, sum(r.quantity) as on_hand from ${lotRowsUntil(at, { item, location })}
           group by r.lot having sum(r.quantity) > 0) s ${known(at, item, "s.lot")}
   cross join lateral (
     select min(m.effective) as received_on
       from (select r.effective from ${lotRowsUntil(at, { item })} and r.lot = s.lot
              group by r.movement, r.area, r.effective having sum(r.quantity) > 0) m) o
   where coalesce(f.expires_on, 'infinity'::date) >= ${at.asOf}::date`;
