/** `npm run faults`: kills, freezes, cuts, fills and steps whatever can be, under load, and compares after each round. */
import { Command } from "commander";
import { faultRounds } from "./faults/rounds.ts";

type Options = Readonly<{ rounds: string; seed: string; only?: string }>;

async function faults({ rounds, seed, only }: Options): Promise<void> {
  console.log(`${rounds} rounds, --seed ${seed}`);
  if (process.getuid?.() !== 0) console.log("The disk is not filled: only root may have one of its own.");
  let wrongs = 0;
  let longest = 0;
  const left = await faultRounds({
    rounds: Number(rounds),
    seed: Number(seed),
    only,
    onRound({ number, fault, acknowledged, readyAfter, wrong }) {
      wrongs += wrong.length;
      longest = Math.max(longest, readyAfter);
      console.log(`${number}. ${fault}: ${acknowledged} acknowledged, ready again after ${readyAfter} ms`);
      for (const line of wrong) console.log(`   WRONG: ${line}`);
    },
  });
  console.log(
    `${wrongs} wrong; ready again after ${longest} ms at most; left behind: ${left.join(", ") || "nothing"}`,
  );
  process.exitCode = wrongs > 0 || left.length > 0 ? 1 : 0;
}

await new Command("faults")
  .description(
    "Break everything that can break, under load, and compare what was acknowledged with what is there.",
  )
  .option("--rounds <n>", "how many", "200")
  .option("--seed <n>", "of what is drawn", `${Date.now() % 1_000_000}`)
  .option("--only <text>", "faults with that in their name")
  .action(faults)
  .parseAsync();
