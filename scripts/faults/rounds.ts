/** Rounds of load, fault, mending and reckoning, on one book that lives through them all. */
import { setTimeout as sleep } from "node:timers/promises";
import { randomFrom } from "../random.ts";
import { openEstate } from "./estate.ts";
import { kindsFor } from "./kinds.ts";
import { startLoad } from "./load.ts";
import { reckon } from "./reckoning.ts";

export type Round = Readonly<{
  number: number;
  fault: string;
  /** Acknowledged so far. */
  acknowledged: number;
  /** From the mending hand's first move until both servers were ready, in milliseconds. */
  readyAfter: number;
  wrong: readonly string[];
}>;

const LANES = 8;
const SOON_MS = 15_000;

type Options = Readonly<{
  rounds: number;
  seed: number;
  onRound: (round: Round) => void;
  only?: string | undefined;
}>;

/** Answers with what is still running in the end. `only`: the faults whose name has that. */
export async function faultRounds({ rounds, seed, onRound, only = "" }: Options): Promise<readonly number[]> {
  const random = randomFrom(seed);
  const estate = await openEstate("faults");
  let left: readonly number[] = [];
  try {
    const kinds = kindsFor(estate).filter(({ name }) => name.includes(only));
    const urls = estate.servers.map(({ url }) => url);
    const load = startLoad(estate.book, urls, LANES, random);
    await estate.mend();
    await load.found();
    for (let number = 1; number <= rounds; number++) {
      const kind = kinds[(number - 1) % kinds.length];
      if (!kind) throw new Error(`there is no fault called ${only}`);
      load.start();
      await sleep(200 + random(800));
      await kind.strike(estate, random);
      await sleep(random(300));
      const readyAfter = await estate.mend();
      await sleep(200);
      await load.stop();
      const late = readyAfter > SOON_MS ? [`ready again only after ${readyAfter} ms`] : [];
      const wrong = [...late, ...load.refused, ...(await reckon(estate, load.acknowledged))];
      onRound({ number, fault: kind.name, acknowledged: load.acknowledged.length, readyAfter, wrong });
      if (wrong.length > 0) break;
    }
  } finally {
    left = await estate.close();
  }
  return left;
}
