/**
 * The sums of a key at (asOf, seq), at a cost that does not grow with the history (facts on point in time): the day is cut
 * to the last that was known, the latest month-end sum before its month is taken, and the rows since are added.
 */
import { type RawBuilder, sql } from "kysely";
import type { Snapshot } from "./question.ts";

/** Which keys: of one item, location, lot, project, or of all. */
export type Which = Readonly<{ item?: string; location?: string; lot?: string; project?: string }>;

const all = sql`true`;
export const whichKeys = ({ item, location, lot, project }: Which): RawBuilder<unknown> => sql`
  ${item === undefined ? all : sql`k.item = ${item}`} and
  ${location === undefined ? all : sql`k.area = ${location}`} and
  ${lot === undefined ? all : sql`k.lot = ${lot}`} and
  ${project === undefined ? all : sql`k.project = ${project}`}`;

/** A day and a seq, or columns that have them. */
type At = Readonly<{ asOf: Snapshot["asOf"] | RawBuilder<unknown>; seq: Seq }>;
type Seq = bigint | RawBuilder<unknown>;

/** `k` is a stock_key; gives `p.day`, and `b` with its month-end sum where there is one. */
export const baseOfKey = (schema: string, { asOf, seq }: At): RawBuilder<unknown> => sql`
  cross join lateral (
    select least(${asOf}::date, r.known_last) as day from ${sql.table(`${schema}.cost_row`)} r
     where r.key = k.key and r.seq <= ${seq} order by r.seq desc limit 1) p
  left join lateral (
    select m.month, m.seq, m.quantity, m.value, (m.month + interval '1 month')::date as since
      from ${sql.table(`${schema}.month_end`)} m
     where m.key = k.key and m.month < date_trunc('month', p.day)::date and m.seq <= ${seq}
     order by m.month desc, m.seq desc limit 1) b on true`;

/** The rows of key `k` that its month-end sum has not counted. */
const rowsSince = (schema: string, seq: Seq): RawBuilder<unknown> => sql`
  ${sql.table(`${schema}.cost_row`)} r
  where r.key = k.key and r.effective >= coalesce(b.since, '-infinity'::date)
    and r.effective <= p.day and r.seq <= ${seq}`;

/** `s`: what there is of key `k`. */
export const sumOfKey = (schema: string, seq: Seq): RawBuilder<unknown> => sql`
  cross join lateral (
    select coalesce(b.quantity, 0) + coalesce(sum(r.quantity), 0) as quantity,
           coalesce(b.value, 0) + coalesce(sum(r.value), 0) as value from ${rowsSince(schema, seq)}) s`;

/** `s`: what there is of key `k`, layer by layer; empty ones too. */
export const layersOfKey = (schema: string, seq: Seq): RawBuilder<unknown> => sql`
  cross join lateral (
    select layer, sum(quantity) as quantity, sum(value) as value from (
      select l.layer, l.quantity, l.value from ${sql.table(`${schema}.month_end_layer`)} l
       where l.key = k.key and l.month = b.month and l.seq = b.seq
       union all
      select r.layer, r.quantity, r.value from ${rowsSince(schema, seq)}) parts
     group by layer) s`;

/** The receipt in a layer's name: that of `T/R/2` is R. */
export const receiptOf = (layer: string): RawBuilder<string> =>
  sql`coalesce(nullif(split_part(${sql.ref(layer)}, '/', 2), ''), ${sql.ref(layer)})`;
