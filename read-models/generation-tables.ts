/**
 * The tables of one generation (facts on point in time: rows and month-end sums, both insert-only). Derived, so never
 * migrated: where their shape changes, `SHAPE` counts on, and a new generation is filled.
 */
import { type Kysely, sql } from "kysely";
import { createLotTables } from "./lot-tables.ts";
import { createStocktakeTables } from "./stocktake-tables.ts";

export const SHAPE = 7;

export async function createGenerationTables(db: Kysely<unknown>, schema: string): Promise<void> {
  const table = (name: string) => sql.table(`${schema}.${name}`);
  await sql`create schema ${sql.id(schema)}`.execute(db);
  await sql`
    create table ${table("stock_key")} (
      key  integer primary key,
      item text collate "C" not null,
      area text collate "C" not null,
      lot  text collate "C" not null,
      project text collate "C" not null,
      unique (item, area, lot, project)
    )`.execute(db);
  await sql`
    create table ${table("cost_row")} (
      key        integer not null,
      effective  date    not null,
      seq        bigint  not null,
      line       integer not null,
      movement   text    not null,
      layer      text    not null,
      cause      text    not null,
      quantity   numeric not null,
      value      numeric not null,
      known_last date    not null,
      primary key (key, effective, seq, line) include (quantity, value)
    )`.execute(db);
  await sql`create index cost_row_known on ${table("cost_row")} (key, seq desc) include (known_last)`.execute(
    db,
  );
  await sql`create index cost_row_movement on ${table("cost_row")} (movement, key)`.execute(db);
  await sql`
    create table ${table("month_end")} (
      key      integer not null,
      month    date    not null,
      seq      bigint  not null,
      quantity numeric not null,
      value    numeric not null,
      primary key (key, month, seq) include (quantity, value)
    )`.execute(db);
  await sql`
    create table ${table("month_end_layer")} (
      key      integer not null,
      month    date    not null,
      seq      bigint  not null,
      layer    text    not null,
      quantity numeric not null,
      value    numeric not null,
      primary key (key, month, seq, layer) include (quantity, value)
    )`.execute(db);
  await sql`
    create table ${table("layer_origin")} (
      item        text collate "C" not null,
      layer       text collate "C" not null,
      seq         bigint not null,
      received_on date   not null,
      primary key (item, layer, seq) include (received_on)
    )`.execute(db);
  await sql`
    create table ${table("movement")} (
      item        text collate "C" not null,
      place       text collate "C" not null,
      seq         bigint not null,
      movement    text   not null,
      kind        text   not null,
      effective   date   not null,
      counts_on   date   not null,
      time        text,
      location    text   not null,
      to_location text,
      lot         text,
      project     text,
      quantity    numeric not null,
      measured    numeric,
      measured_unit text,
      purpose     text,
      reference   text,
      primary key (item, place)
    )`.execute(db);
  await sql`create unique index movement_name on ${table("movement")} (item, movement)`.execute(db);
  await sql`
    create table ${table("item_unit")} (
      item     text collate "C" not null,
      unit     text collate "C" not null,
      seq      bigint  not null,
      quantity numeric not null,
      equals   numeric not null,
      primary key (item, unit)
    )`.execute(db);
  await sql`
    create table ${table("period_change")} (
      seq       bigint primary key,
      period    date   not null,
      status    text   not null,
      open_from date   not null,
      reason    text
    )`.execute(db);
  await sql`
    create table ${table("cancelled_movement")} (
      item      text collate "C" not null,
      movement  text   not null,
      seq       bigint not null,
      reference text   not null,
      primary key (item, movement)
    )`.execute(db);
  await sql`
    create table ${table("value_fact")} (
      item                text collate "C" not null,
      fact                text collate "C" not null,
      seq                 bigint not null,
      kind                text   not null,
      receipt             text,
      document_date       date   not null,
      reference           text   not null,
      quantity            numeric,
      amount              numeric,
      exchange_difference numeric,
      cancels             text,
      primary key (item, fact)
    )`.execute(db);
  await sql`create index value_fact_cancels on ${table("value_fact")} (item, cancels) where cancels is not null`.execute(
    db,
  );
  await sql`
    create table ${table("landed_cost_line")} (
      landed_cost text    not null,
      line        integer not null,
      seq         bigint  not null,
      item        text collate "C" not null,
      receipt     text    not null,
      fact        text collate "C" not null,
      amount      numeric not null,
      primary key (landed_cost, line)
    )`.execute(db);
  await sql`create index landed_cost_line_seq on ${table("landed_cost_line")} (seq)`.execute(db);
  await sql`
    create table ${table("landed_cost_refusal")} (
      landed_cost text    not null,
      line        integer not null,
      seq         bigint  not null,
      reason      text    not null,
      primary key (landed_cost, line)
    )`.execute(db);
  await sql`create index value_fact_known on ${table("value_fact")} (item, seq)`.execute(db);
  await sql`
    create table ${table("item_version")} (
      item           text collate "C" not null,
      seq            bigint  not null,
      name           text    not null,
      unit           text    not null,
      quantity_scale integer not null,
      value_scale    integer not null,
      cost_by        text    not null,
      active         boolean not null,
      tracks         text,
      primary key (item, seq)
    )`.execute(db);
  await createStocktakeTables(db, table);
  await createLotTables(db, table);
}
