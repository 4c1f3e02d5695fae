/**
 * `npm run bench`: throughput, each figure beside a bound that was measured in the same run. Absolute figures say what
 * machine it was; ratios say how much of what the client, or the database, can do is left to who uses Perpetual.
 */
import { availableParallelism, cpus } from "node:os";
import { Command, Option } from "commander";
import { balances } from "./bench/balances.ts";
import { bulk } from "./bench/bulk.ts";
import { stopChildren } from "./bench/children.ts";
import { commands } from "./bench/commands.ts";
import { late } from "./bench/late.ts";
import { node } from "./bench/node.ts";
import { type Place, withPlace } from "./bench/place.ts";
import { rebuild } from "./bench/rebuild.ts";
import { HEAD, lineOf, type Row } from "./bench/table.ts";

const cases: Readonly<Record<string, (place: Place) => Promise<readonly Row[]>>> = {
  commands,
  late,
  import: bulk,
  "catch-up": rebuild,
  balances,
  node,
};

async function bench({ quick, only }: Readonly<{ quick: boolean; only?: string }>): Promise<void> {
  const { DATABASE_URL, EVENTSTORE_URL } = process.env;
  const servers = [
    DATABASE_URL ? "your Postgres" : "embedded Postgres",
    EVENTSTORE_URL ? "your EventStoreDB" : "embedded node",
  ];
  console.log(
    `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? "?"}, ${servers.join(", ")}`,
  );
  console.log(lineOf(HEAD));
  for (const [name, measure] of Object.entries(cases)) {
    if (only !== undefined && only !== name) continue;
    for (const row of await withPlace(quick, measure)) console.log(lineOf(row));
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stopChildren);

await new Command("bench")
  .description("Measure throughput, each figure beside its bound in the same run.")
  .addOption(new Option("--quick", "ten times less of everything").default(false))
  .addOption(new Option("--only <case>", "one of the cases").choices(Object.keys(cases)))
  .action(bench)
  .parseAsync();
