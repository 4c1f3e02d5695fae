/** The keys that the fold has at hand; others are loaded from the tables, many in one question. */
import { type DecimalText, exact } from "../domain/kernel/decimal.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";
import type { Session } from "../read-models/database.ts";
import { add, type KeyState, newKey, noSums, type Sums } from "./key-state.ts";

/** "" where the item is not costed by lot, and for what is free. */
export type KeyName = Readonly<{ item: string; area: string; lot: string; project: string }>;

const KEYS_MAX = 50_000;
/** Ids hold no space. */
export const textOfName = ({ item, area, lot, project }: KeyName): string =>
  `${item} ${area} ${lot} ${project}`;

type LayerRow = {
  key: number;
  month: EffectiveDate;
  layer: string;
  quantity: DecimalText;
  value: DecimalText;
};

export function keyMemory(session: Session, schema: string) {
  const keys = new Map<string, KeyState>();
  let last: number | undefined;

  /** What is there of the names that are not at hand. */
  async function stored(names: readonly KeyName[]): Promise<readonly (KeyName & { key: number })[]> {
    const columns = (["item", "area", "lot", "project"] as const).map((part) => names.map((n) => n[part]));
    return session.query(
      `select k.* from "${schema}".stock_key k
         join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as w (item, area, lot, project) using (item, area, lot, project)`,
      columns,
      "stock_keys",
    );
  }

  async function sumsOf(found: readonly number[]): Promise<readonly KeyState[]> {
    const known = await session.query<{ key: number; known_last: EffectiveDate; seq: bigint }>(
      `select w.key, l.known_last, l.seq from unnest($1::int[]) as w (key)
        cross join lateral (select known_last, seq from "${schema}".cost_row r
                             where r.key = w.key order by seq desc limit 1) l`,
      [found],
      "key_last",
    );
    // The latest month-end sum of all, and the rows after it.
    const layers = await session.query<LayerRow>(
      `select w.key, p.layer, sum(p.quantity) as quantity, sum(p.value) as value from unnest($1::int[]) as w (key)
         left join lateral (select month, seq from "${schema}".month_end m
                             where m.key = w.key order by month desc, seq desc limit 1) b on true
        cross join lateral (
          select layer, quantity, value from "${schema}".month_end_layer m
           where m.key = w.key and m.month = b.month and m.seq = b.seq
           union all
          select layer, quantity, value from "${schema}".cost_row r
           where r.key = w.key and r.effective >= coalesce((b.month + interval '1 month')::date, '-infinity')) p
        group by w.key, p.layer`,
      [found],
      "key_layers",
    );
    const states = new Map(known.map(({ key, known_last, seq }) => [key, stateOf(key, known_last, seq)]));
    for (const { key, ...row } of layers) {
      const state = states.get(key);
      if (state) add(state.sums, canonical(row));
    }
    return [...states.values()];
  }

  return {
    /** Answers with the names that are new to the book, each with its state; `get` then has every one. */
    async load(names: readonly KeyName[]): Promise<readonly (KeyName & { key: number })[]> {
      const missing = new Map<string, KeyName>();
      for (const name of names) if (!keys.has(textOfName(name))) missing.set(textOfName(name), name);
      if (missing.size === 0) return [];
      if (last === undefined) {
        const [row] = await session.query<{ last: number }>(
          `select coalesce(max(key), 0) as last from "${schema}".stock_key`,
        );
        last = row?.last ?? 0;
      }
      const found = last > 0 ? await stored([...missing.values()]) : [];
      const names_ = new Map(found.map((row) => [row.key, textOfName(row)]));
      const states = found.length > 0 ? await sumsOf(found.map(({ key }) => key)) : [];
      for (const state of states) keys.set(names_.get(state.key) ?? "", state);
      const added: (KeyName & { key: number })[] = [];
      for (const [text, name] of missing) {
        if (keys.has(text)) continue;
        last += 1;
        keys.set(text, newKey(last));
        added.push({ ...name, key: last });
      }
      return added;
    },

    get(name: KeyName): KeyState {
      const state = keys.get(textOfName(name));
      if (!state) throw new Error(`Invariant broken: ${textOfName(name)} was not loaded`);
      return state;
    },

    /** The latest version of every month-end sum, for keys that get a back-dated row. */
    async loadClosed(states: readonly KeyState[]): Promise<void> {
      const without = states.filter(({ closed }) => !closed);
      if (without.length === 0) return;
      const months = await session.query<LayerRow>(
        `select distinct m.key, m.month, coalesce(l.layer, '') as layer, l.quantity, l.value
           from (select distinct on (key, month) key, month, seq from "${schema}".month_end
                  where key = any($1::int[]) order by key, month, seq desc) m
           left join "${schema}".month_end_layer l using (key, month, seq)`,
        [without.map(({ key }) => key)],
        "key_closed",
      );
      const byKey = new Map(without.map(({ key }) => [key, new Map<EffectiveDate, Sums>()]));
      for (const { key, month, layer, ...amount } of months) {
        const closed = byKey.get(key);
        const sums = closed?.get(month) ?? noSums();
        closed?.set(month, sums);
        if (layer !== "") add(sums, canonical({ layer, ...amount }));
      }
      for (const state of without) state.closed = byKey.get(state.key);
    },

    /** Bounds memory between batches: the oldest are loaded again when they are needed. */
    shrink(): void {
      for (const text of keys.keys()) {
        if (keys.size <= KEYS_MAX) return;
        keys.delete(text);
      }
    },
  };
}

const stateOf = (key: number, knownLast: EffectiveDate, lastSeq: bigint): KeyState => ({
  key,
  knownLast,
  lastSeq,
  sums: noSums(),
  closed: undefined,
});

/** Numerics come with trailing zeros. */
const canonical = <R extends { quantity: DecimalText; value: DecimalText }>(row: R): R => ({
  ...row,
  quantity: exact(row.quantity).toFixed() as DecimalText,
  value: exact(row.value).toFixed() as DecimalText,
});
