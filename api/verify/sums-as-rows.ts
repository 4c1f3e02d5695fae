/** Layers = balances = month-end sums = rows: each against the naive sum of cost rows, which they only make quicker. */
import type { Session } from "../../read-models/database.ts";
import type { Check } from "./check.ts";

type Found = Readonly<{ compared: bigint; difference: string | null }>;

/** Each text gives how many figures it compared, and the first that differs. */
const questions = (schema: string): readonly (readonly [name: string, text: string])[] => {
  const t = (name: string) => `"${schema}".${name}`;
  const naive = (until: string) => `
    cross join lateral (select coalesce(sum(r.quantity), 0) as quantity, coalesce(sum(r.value), 0) as value
      from ${t("cost_row")} r where r.key = k.key and ${until}) n`;
  const first = (label: string) => `count(*) as compared,
    min(${label}) filter (where (s.quantity, s.value) is distinct from (n.quantity, n.value)) as difference`;
  const key = "concat_ws(' ', k.item, k.area, nullif(k.lot, ''), nullif(k.project, ''))";
  return [
    [
      "month-end sums = rows",
      `select ${first(`${key} || ' at ' || s.month || ' as of seq ' || s.seq`)}
         from ${t("month_end")} s join ${t("stock_key")} k using (key)
         ${naive("r.effective < s.month + interval '1 month' and r.seq <= s.seq")}`,
    ],
    [
      "every month that ended has its sum",
      `select ${first(`${key} || ' at ' || e.month`)}
         from (select r.key, date_trunc('month', r.effective)::date as month,
                 max(max(r.effective)) over (partition by r.key) as last
                 from ${t("cost_row")} r group by 1, 2) e
         join ${t("stock_key")} k using (key)
         left join lateral (select m.quantity, m.value from ${t("month_end")} m
           where (m.key, m.month) = (e.key, e.month) order by m.seq desc limit 1) s on true
         ${naive("r.effective < e.month + interval '1 month'")}
        where e.month < date_trunc('month', e.last)`,
    ],
    [
      "month-end layers = month-end sums",
      `select ${first(`${key} || ' at ' || n.month || ' as of seq ' || n.seq`)}
         from ${t("month_end")} n join ${t("stock_key")} k using (key)
         cross join lateral (select coalesce(sum(l.quantity), 0) as quantity, coalesce(sum(l.value), 0) as value
           from ${t("month_end_layer")} l where (l.key, l.month, l.seq) = (n.key, n.month, n.seq)) s`,
    ],
    [
      "month-end layers = rows",
      `select ${first(`${key} || ' layer ' || s.layer || ' at ' || s.month || ' as of seq ' || s.seq`)}
         from ${t("month_end_layer")} s join ${t("stock_key")} k using (key)
         ${naive("r.layer = s.layer and r.effective < s.month + interval '1 month' and r.seq <= s.seq")}`,
    ],
    [
      "balances = rows",
      `select ${first(key)} from ${t("stock_key")} k
         left join lateral (select m.month, m.quantity, m.value from ${t("month_end")} m
           where m.key = k.key order by m.month desc, m.seq desc limit 1) b on true
         cross join lateral (select coalesce(b.quantity, 0) + coalesce(sum(r.quantity), 0) as quantity,
             coalesce(b.value, 0) + coalesce(sum(r.value), 0) as value from ${t("cost_row")} r
           where r.key = k.key and r.effective >= coalesce((b.month + interval '1 month')::date, '-infinity')) s
         ${naive("true")}`,
    ],
    // What an issue lacks is a layer of its own name, and no open one: it is not above zero.
    [
      "open layers are not below zero, and an empty one is worth nothing",
      `select count(*) as compared, min(l.key || ' layer ' || layer) filter (
          where sign * l.quantity < 0 or sign * l.value < 0 or (l.quantity = 0 and l.value <> 0)) as difference
         from (select key, layer, sum(quantity) as quantity, sum(value) as value
                 from ${t("cost_row")} group by key, layer) l
         left join ${t("stock_key")} k on k.key = l.key
         left join ${t("movement")} m on m.item = k.item and m.movement = l.layer and m.kind = 'issue'
        cross join lateral (select case when m.movement is null then 1 else -1 end as sign) s`,
    ],
    [
      "lots = stock on every day, where they are tracked",
      `select count(*) as compared, min(item || ' ' || area || ' on ' || effective) filter (where quantity <> 0) as difference
         from (select item, area, effective, sum(quantity) as quantity
                 from (select item, area, effective, quantity from ${t("lot_row")}
                       union all
                       select k.item, k.area, r.effective, -r.quantity from ${t("cost_row")} r join ${t("stock_key")} k using (key)
                        where exists (select from ${t("item_version")} v where v.item = k.item and v.tracks is not null)) p
                group by item, area, effective) s`,
    ],
  ];
};

export async function sumsAsRows(session: Session, schema: string): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const [name, text] of questions(schema)) {
    const [found] = await session.query<Found>(text);
    checks.push({ name, compared: Number(found?.compared ?? 0), difference: found?.difference ?? undefined });
  }
  return checks;
}
