/**
 * The day on which a movement counts: its own, or the first open one where it came too late for that (COSTING §5). Its rows go back to
 * their own day when that is open again, and so does it.
 */
import { type RawBuilder, sql } from "kysely";
import type { Table } from "./under-way.ts";

/** Of movement `m`, as known at `seq`. */
export const countsOn = (table: Table, seq: bigint): RawBuilder<unknown> => sql`
  case when m.counts_on = m.effective then m.effective else least(m.counts_on,
    (select min(r.effective) from ${table("stock_key")} k join ${table("cost_row")} r on r.key = k.key
      where k.item = m.item and r.movement = m.movement and r.seq <= ${seq}),
    (select min(r.effective) from ${table("lot_row")} r
      where r.item = m.item and r.movement = m.movement and r.seq <= ${seq})) end`;
