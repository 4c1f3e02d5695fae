/** Needs `npx tsc -p .` first, as `npm test` does. */
import { expect, test } from "vitest";
import { openEstate } from "../../../scripts/faults/estate.ts";
import { startLoad } from "../../../scripts/faults/load.ts";
import { kill, signal } from "../../../scripts/faults/processes.ts";
import { reckon } from "../../../scripts/faults/reckoning.ts";
import { faultRounds, type Round } from "../../../scripts/faults/rounds.ts";
import { randomFrom } from "../../../scripts/random.ts";

const ROUNDS = 20;

/**
 * Goal: whatever is killed, frozen, cut, filled or stepped under load, nothing that was acknowledged is lost or doubled, no
 * command is half, `verify` is clean, the service answers again soon, and no process is left. Method: two servers on one book,
 * behind lines that can be cut; after each round what was acknowledged is compared with the log and with what is shown.
 */
test("nothing acknowledged is lost, whatever breaks", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  const rounds: Round[] = [];
  const left = await faultRounds({ rounds: ROUNDS, seed, onRound: (round) => rounds.push(round) });
  const wrong = rounds.filter((round) => round.wrong.length > 0);
  expect(wrong, `SEED=${seed}`).toEqual([]);
  expect(rounds.length).toBe(ROUNDS);
  if (!rounds.some(({ fault }) => fault === "fill the disk"))
    console.warn("the disk was not filled: only root, where it may mount one, has a disk of its own");
  expect(rounds.at(-1)?.acknowledged).toBeGreaterThan(ROUNDS * 20);
  expect(left).toEqual([]);
}, 600_000);

/**
 * Goal: while the server that projects stands still the other one takes over, and the first, awake again, writes nothing.
 * Method: it is frozen until what the other was told since is shown; then it wakes up, in the middle of its work.
 */
test("a frozen projector is replaced, and does no harm when it wakes up", async () => {
  const estate = await openEstate("faults");
  const [one, two] = estate.servers;
  const projects = async (url: string): Promise<string> => {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    return response ? ((await response.json()) as { projector: string }).projector : "down";
  };
  const toProject = async (url: string) => {
    for (const until = Date.now() + 30_000; (await projects(url)) !== "projecting"; ) {
      if (Date.now() > until) throw new Error(`${url} does not project`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const load = startLoad(estate.book, [two.url], 4, randomFrom(1));
  try {
    await kill(two.pid);
    await toProject(one.url);
    await estate.mend(); // two comes second, and waits
    expect([await projects(one.url), await projects(two.url)]).toEqual(["projecting", "standby"]);
    await load.found();
    load.start();
    signal([one.pid], "SIGSTOP");
    await toProject(two.url);
    signal([one.pid], "SIGCONT");
    await estate.mend();
    await load.stop();
    expect(load.acknowledged.length).toBeGreaterThan(50);
    expect(await reckon(estate, load.acknowledged)).toEqual([]);
    expect([await projects(one.url), await projects(two.url)]).toEqual(["standby", "projecting"]);
  } finally {
    expect(await estate.close()).toEqual([]);
  }
}, 120_000);
