/** An import of a file, the projector off, to its last acknowledgement, against the bare client's same appends. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BareClient } from "./bare-client.ts";
import type { Importer } from "./importer.ts";
import { newBook, type Place } from "./place.ts";
import { median, type Rates, rounds } from "./rounds.ts";
import { perSecond, type Row } from "./table.ts";
import { withWorker } from "./worker.ts";
import { csvOf, movesOf, type Workload } from "./workload.ts";

const ROUNDS = 3;
const WORKLOAD: Workload = { items: 1_000, moves: 60_000 };
/** As many lines as an import looks at together, and one window is sent while the next is decided. */
const TOGETHER = 10_000;

export const bulkWorkload = (quick: boolean): Workload =>
  quick ? { items: WORKLOAD.items / 10, moves: WORKLOAD.moves / 10 } : WORKLOAD;

export async function writeCsv({ folder, quick }: Place): Promise<string> {
  const file = join(folder, "movements.csv");
  await writeFile(file, csvOf(movesOf(bulkWorkload(quick))));
  return file;
}

export const importInto = (place: Place, book: string, file: string) =>
  withWorker<Importer, Awaited<ReturnType<Importer["import"]>>>("importer.js", place.env, (worker) =>
    worker.ask("import", { book, file }),
  );

/** Every round in processes of its own, as an import is one. */
export async function bulk(place: Place): Promise<readonly Row[]> {
  const workload = bulkWorkload(place.quick);
  const { items, moves } = workload;
  const file = await writeCsv(place);
  const bare: Readonly<{ whole: number; moves: number }>[] = [];
  const imports: Awaited<ReturnType<typeof importInto>>[] = [];
  const whole = await rounds(ROUNDS, {
    bound: () =>
      withWorker<BareClient, number>("bare-client.js", place.env, async (client) => {
        const to = await client.ask("prepare", { ...workload, book: newBook(), together: TOGETHER });
        const registering = await client.ask("append", { from: 0, to: items, inFlight: items });
        const writing = await client.ask("append", { from: items, to, inFlight: items });
        bare.push({ whole: registering + writing, moves: writing });
        return (items + moves) / (registering + writing);
      }),
    async subject() {
      const done = await importInto(place, newBook(), file);
      imports.push(done);
      return (items + moves) / done.written;
    },
  });
  const written = imports.map((done) => moves / (done.written - done.registered));
  const bound = bare.map((done) => moves / done.moves);
  const writing: Rates = {
    subject: median(written),
    bound: median(bound),
    ratio: median(written.map((rate, round) => rate / (bound[round] ?? Number.NaN))),
  };
  const [checked, registered, all] = (["checked", "registered", "written"] as const).map((part) =>
    median(imports.map((done) => done[part])).toFixed(1),
  );
  return [
    {
      ...perSecond(`import of ${moves} lines, ${items} new items`, whole, 0.7),
      note: `checked after ${checked} s, items registered after ${registered} s, done after ${all} s`,
    },
    { ...perSecond("… its last part, deciding and writing", writing, undefined), note: "" },
  ];
}
