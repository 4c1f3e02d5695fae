/**
 * Logs of what a company decided over several items, and the naive reading of it: every row with the day it counts on, and
 * when the goods of every layer first came. Adds up rows and nothing else.
 */
import fc from "fast-check";
import type { DomainEvent } from "../../domain/catalogue.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { counted, type Seen } from "./drawn-rows.ts";
import { closedHistories, type History, played } from "./histories.ts";
import { command, recorded } from "./log.ts";

export type DrawnStock = Readonly<{ histories: readonly History[]; turns: readonly number[] }>;
export const drawnStock: fc.Arbitrary<DrawnStock> = fc.record({
  histories: fc.array(closedHistories, { minLength: 1, maxLength: 5, size: "max" }),
  turns: fc.array(fc.nat(9_999), { minLength: 5, maxLength: 40, size: "max" }),
});

const PERIOD_DAYS = ["2026-01-16", "2026-02-01", "2026-03-01"];

/** The items' commands in turn; now and then the company closes time, of which those who decided had not heard. */
export function logOfStock({ histories, turns }: DrawnStock): readonly Recorded[] {
  const items = histories.map((history, index) => {
    const item = `i${index}`;
    const accepted = played(history).flatMap(({ decision }) => (decision.ok ? [decision.events] : []));
    return accepted.map((events, n) =>
      command(
        `x.item-${item}`,
        `${item}-${n}`,
        events.map((event) => ({ ...event, data: { ...event.data, item } }) as DomainEvent),
      ),
    );
  });
  const log: ReturnType<typeof command>[number][] = [];
  for (let turn = 0; items.some((left) => left.length > 0); turn += 1) {
    const drawn = turns[turn % turns.length] ?? 0;
    if (drawn % 7 === 0) {
      const openFrom = PERIOD_DAYS[turn % PERIOD_DAYS.length] ?? "";
      const data = { company: "x", period: "2026-01-01", openFrom };
      log.push(...command("x.company-x", `p${turn}`, [{ type: "PeriodClosed", data } as DomainEvent]));
    }
    const left = items.filter((commands) => commands.length > 0);
    log.push(...(left[drawn % left.length]?.shift() ?? []));
  }
  return recorded(log);
}

/** From `seq` on, a layer's goods first came that day. */
export type Origin = Readonly<{ item: string; layer: string; seq: bigint; day: string }>;
export type Stock = Readonly<{
  rows: readonly Omit<Seen, "movement" | "seq" | "line">[];
  origins: readonly Origin[];
  ends: readonly bigint[];
}>;

type Data = Readonly<{
  item: string;
  movement: string;
  effectiveDate: string;
  lot?: string | null;
  project?: string | null;
  openFrom: string;
  quantity: string;
  layers: readonly { layer: string; receivedOn: string }[];
  rows?: readonly { layer: string; area: string; date: string; quantity: string; value: string }[];
}>;

/** What comes from outside, or may, or is lacking from then on. */
const BRINGS = ["GoodsReceived", "UnmatchedGoodsReturned", "StockCounted", "GoodsIssuedAllowingShort"];

/** One command after the other, as `logOfStock` has them. */
export function naiveStock(log: readonly Recorded[]): Stock {
  const rows: Stock["rows"][number][] = [];
  const origins: Origin[] = [];
  const ends: bigint[] = [];
  let openFrom = "";
  let lot = "";
  let [own, named] = ["", ""];
  for (const [index, { type, data, metadata }] of log.entries()) {
    const seq = BigInt(index + 1);
    const known = seq + BigInt(metadata.of - metadata.part);
    if (metadata.part === metadata.of) ends.push(seq);
    const said = data as unknown as Data;
    if (said.lot !== undefined) lot = said.lot ?? "";
    const { item, movement } = said;
    if (type === "ProjectNamed") named = said.project ?? "";
    if (said.effectiveDate !== undefined) [own, named] = [named, ""];
    const project = type === "MovementsRecosted" || type === "CostRowsOfProject" ? (said.project ?? "") : own;
    for (const { layer, area, date, quantity, value } of said.rows ?? []) {
      const amount = { units: counted(quantity), worth: counted(value) };
      rows.push({
        item,
        area,
        lot,
        project,
        layer,
        date: date < openFrom ? openFrom : date,
        ...amount,
        known,
      });
    }
    if (type === "PeriodClosed") openFrom = said.openFrom;
    if (BRINGS.includes(type) || (type === "StockAdjusted" && counted(said.quantity) > 0n))
      origins.push({ item, layer: movement, seq, day: said.effectiveDate });
    if (type === "FirstReceiptsTold")
      for (const { layer, receivedOn: day } of said.layers) origins.push({ item, layer, seq, day });
    if (type === "OpeningStockRecorded")
      for (const [n, { receivedOn }] of said.layers.entries()) {
        const layer = n === 0 ? movement : [movement, movement, n + 1].join("/");
        origins.push({ item, layer, seq, day: receivedOn });
      }
  }
  return { rows, origins, ends };
}

/** The day on which a layer's goods first came, as known at a seq: its own last entry, or else that of its receipt. */
export function firstDay(
  origins: readonly Origin[],
  { item, layer }: Pick<Seen, "item" | "layer">,
  seq: bigint,
) {
  const own = (name: string | undefined) =>
    origins
      .filter((one) => one.item === item && one.layer === name && one.seq <= seq)
      .sort((a, b) => (a.seq < b.seq ? -1 : 1))
      .at(-1)?.day;
  return own(layer) ?? own(layer.split("/")[1]);
}
