/** Balances at random (asOf, knownAt): one item's against a select by primary key, all items' against one row by index each. */
import type { Asking } from "./asking.ts";
import { newBook, type Place } from "./place.ts";
import { percentile } from "./rounds.ts";
import { count, type Row } from "./table.ts";
import { withWorker } from "./worker.ts";

const ITEMS = 10_000;
const ROWS = [100_000, 1_000_000];
const SAMPLES = { one: 2_000, all: 10 };

type Latencies = Readonly<{ bound: readonly number[]; subject: readonly number[] }>;

export async function balances({ env, quick }: Place): Promise<readonly Row[]> {
  const many = quick ? 10 : 1;
  const [items, sizes] = [ITEMS / many, ROWS.map((rows) => rows / many)];
  const all = sizes.at(-1) ?? 0;
  const book = newBook();
  return withWorker<Asking, readonly Row[]>("asking.js", env, async (asking) => {
    const measured: Readonly<{ rows: number; rate: number; one: Latencies; every: Latencies }>[] = [];
    let filled = 0;
    for (const rows of sizes) {
      const seconds = await asking.ask("fill", { book, items, until: rows, all });
      await asking.ask("one", { samples: 200, seed: 3 }); // warms up
      const one = await asking.ask("one", { samples: SAMPLES.one / many, seed: 4 });
      const every = await asking.ask("all", { samples: SAMPLES.all, seed: 5 });
      measured.push({ rows, rate: (rows - filled) / seconds, one, every });
      filled = rows;
    }
    const rowsOf = (name: string, which: "one" | "every") =>
      measured.map((at): Row => {
        const [first = at] = measured;
        const growth = (median(at[which]) / median(first[which])).toFixed(2);
        const grown = at === first ? "" : `; p50 ${growth} × that of ${count(first.rows)}`;
        const rate = which === "one" ? `; filled at ${count(at.rate)} rows/s` : "";
        return latencyRow(`${name}, ${count(at.rows)} rows`, at[which], `${grown}${rate}`);
      });
    return [...rowsOf("balance of one item", "one"), ...rowsOf(`balances of ${count(items)} items`, "every")];
  });
}

const median = ({ subject }: Latencies): number => percentile(subject, 50);
const ms = (milliseconds: number): string => `${milliseconds.toFixed(2)} ms`;

/** The ratio is of p95, as a rate's: below 1 where the bound is faster. */
function latencyRow(name: string, { bound, subject }: Latencies, more: string): Row {
  const [bound95, subject95] = [percentile(bound, 95), percentile(subject, 95)];
  return {
    name,
    subject: `p95 ${ms(subject95)}`,
    bound: `p95 ${ms(bound95)}`,
    ratio: (bound95 / subject95).toFixed(2),
    expected: "",
    note: `p50 ${ms(percentile(subject, 50))}, the bound's ${ms(percentile(bound, 50))}${more}`,
  };
}
