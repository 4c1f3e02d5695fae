/** What is kept of lots, in each generation: rows that move them, as cost rows move stock, and what is known of them. Insert-only. */
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";

export type LotTables = {
  /** Of items that track lots, and of those costed by lot. `effective`: the day it counts on. */
  lot_row: {
    item: string;
    lot: string;
    area: string;
    effective: EffectiveDate;
    seq: bigint;
    line: number;
    movement: string;
    quantity: DecimalText;
  };
  /** The latest is what holds. */
  lot_description: {
    item: string;
    lot: string;
    seq: bigint;
    expires_on: EffectiveDate | null;
    supplier_lot: string | null;
  };
};

export async function createLotTables(
  db: Kysely<unknown>,
  table: (name: string) => RawBuilder<unknown>,
): Promise<void> {
  await sql`
    create table ${table("lot_row")} (
      item      text collate "C" not null,
      lot       text collate "C" not null,
      area      text collate "C" not null,
      effective date    not null,
      seq       bigint  not null,
      line      integer not null,
      movement  text    not null,
      quantity  numeric not null,
      primary key (item, lot, area, effective, seq, line) include (movement, quantity)
    )`.execute(db);
  await sql`
    create table ${table("lot_description")} (
      item         text collate "C" not null,
      lot          text collate "C" not null,
      seq          bigint not null,
      expires_on   date,
      supplier_lot text,
      primary key (item, lot, seq) include (expires_on, supplier_lot)
    )`.execute(db);
}
