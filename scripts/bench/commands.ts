/** Commands through HTTP, the projector on, against the bare client's appends of the same events. */
import type { BareClient } from "./bare-client.ts";
import type { HttpLoad } from "./http-load.ts";
import { newBook, type Place } from "./place.ts";
import { percentile, rounds } from "./rounds.ts";
import { withServer } from "./serving.ts";
import { perSecond, type Row } from "./table.ts";
import { withWorker } from "./worker.ts";

const ROUNDS = 5;
const SETTINGS = [
  { inFlight: 1, commands: 1_000, expected: 0.6 },
  { inFlight: 64, commands: 5_000, expected: 0.4 },
];
const ITEMS = 1_000;
/** A server that has just started takes twice as long for a command. */
const WARM_UP = 10_000;

export async function commands({ env, quick }: Place): Promise<readonly Row[]> {
  const many = quick ? 10 : 1;
  const settings = SETTINGS.map((setting) => ({ ...setting, commands: setting.commands / many }));
  const warmUp = WARM_UP / many;
  const moves = settings.reduce((sum, setting) => sum + setting.commands * ROUNDS, warmUp);
  const workload = { items: ITEMS, moves };
  const bareBook = newBook();
  return withServer({ ...env, BOOK: newBook() }, (url) =>
    withWorker<BareClient, readonly Row[]>("bare-client.js", env, (bare) =>
      withWorker<HttpLoad, readonly Row[]>("http-load.js", env, async (load) => {
        await bare.ask("prepare", { ...workload, book: bareBook, together: 1 });
        await load.ask("prepare", { ...workload, url });
        const shown = async (position: bigint) => {
          const answer = await fetch(`${url}/v1/balances?limit=1&minPosition=${position}`);
          if (!answer.ok) throw new Error(await answer.text());
        };
        await load.ask("send", { from: 0, to: 1, inFlight: 1 }); // the company
        let done = 0;
        for (const until of [ITEMS, ITEMS + warmUp]) {
          await bare.ask("append", { from: done, to: until, inFlight: 64 });
          await shown((await load.ask("send", { from: done + 1, to: until + 1, inFlight: 64 })).position);
          done = until;
        }

        const rows: Row[] = [];
        for (const { inFlight, commands, expected } of settings) {
          const first = done;
          const of = (round: number) => ({ from: first + round * commands, inFlight });
          const latencies: number[] = [];
          const lags: number[] = [];
          const rates = await rounds(ROUNDS, {
            async bound(round) {
              const { from } = of(round);
              return commands / (await bare.ask("append", { from, to: from + commands, inFlight }));
            },
            async subject(round) {
              const from = of(round).from + 1; // the company's
              const sent = await load.ask("send", { from, to: from + commands, inFlight });
              latencies.push(...sent.latencies);
              const start = performance.now();
              await shown(sent.position);
              lags.push(performance.now() - start);
              return commands / sent.seconds;
            },
          });
          done += commands * ROUNDS;
          rows.push({
            ...perSecond(`commands over HTTP, ${inFlight} in flight`, rates, expected),
            note: `p50 ${ms(percentile(latencies, 50))}, p95 ${ms(percentile(latencies, 95))}; the last is shown ${ms(percentile(lags, 50))} later`,
          });
        }
        return rows;
      }),
    ),
  );
}

const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`;
