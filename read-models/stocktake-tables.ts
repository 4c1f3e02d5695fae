/** The tables of a generation that stocktakes have. */
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";

export type StocktakeTables = {
  /** As opened. */
  stocktake: {
    stocktake: string;
    seq: bigint;
    location: string;
    effective: EffectiveDate;
    reference: string | null;
  };
  /** `status`: approved, posted or abandoned. A count that comes later takes an approval back. */
  stocktake_change: {
    stocktake: string;
    seq: bigint;
    status: string;
    approved_by: string | null;
    reason: string | null;
  };
  /** Every count of a line; the last one is what counts. */
  stocktake_count: {
    stocktake: string;
    line: number;
    seq: bigint;
    item: string;
    lot: string | null;
    counted: DecimalText;
    counted_by: string;
  };
  /** Of the count of a line that has the seq before. */
  stocktake_lot: { stocktake: string; line: number; seq: bigint; lot: string; counted: DecimalText };
  /** What a posting sends to an item: settled when the item has a movement of that name, or refused it. */
  stocktake_posting: { stocktake: string; line: number; seq: bigint; item: string; movement: string };
  stocktake_refusal: {
    item: string;
    movement: string;
    seq: bigint;
    reason: string;
    leaves_short: string | null;
  };
  /** Movements that were before a count, though recorded after it. */
  placed_before: { item: string; movement: string; seq: bigint; count: string };
};

export async function createStocktakeTables(
  db: Kysely<unknown>,
  table: (name: string) => RawBuilder<unknown>,
): Promise<void> {
  await sql`
    create table ${table("stocktake")} (
      stocktake text collate "C" primary key,
      seq       bigint not null,
      location  text   not null,
      effective date   not null,
      reference text
    )`.execute(db);
  await sql`
    create table ${table("stocktake_change")} (
      stocktake   text   not null,
      seq         bigint not null,
      status      text   not null,
      approved_by text,
      reason      text,
      primary key (stocktake, seq)
    )`.execute(db);
  await sql`
    create table ${table("stocktake_count")} (
      stocktake  text    not null,
      line       integer not null,
      seq        bigint  not null,
      item       text collate "C" not null,
      lot        text,
      counted    numeric not null,
      counted_by text    not null,
      primary key (stocktake, line, seq)
    )`.execute(db);
  await sql`
    create table ${table("stocktake_lot")} (
      stocktake text    not null,
      line      integer not null,
      seq       bigint  not null,
      lot       text collate "C" not null,
      counted   numeric not null,
      primary key (stocktake, line, seq, lot) include (counted)
    )`.execute(db);
  await sql`
    create table ${table("stocktake_posting")} (
      stocktake text    not null,
      line      integer not null,
      seq       bigint  not null,
      item      text collate "C" not null,
      movement  text    not null,
      primary key (stocktake, line, seq)
    )`.execute(db);
  await sql`create index stocktake_posting_seq on ${table("stocktake_posting")} (seq)`.execute(db);
  await sql`
    create table ${table("stocktake_refusal")} (
      item         text collate "C" not null,
      movement     text   not null,
      seq          bigint not null,
      reason       text   not null,
      leaves_short text,
      primary key (item, movement)
    )`.execute(db);
  await sql`
    create table ${table("placed_before")} (
      item     text collate "C" not null,
      movement text   not null,
      seq      bigint not null,
      count    text   not null,
      primary key (item, movement)
    )`.execute(db);
}
