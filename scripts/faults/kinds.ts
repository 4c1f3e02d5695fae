/** What is done to the estate. Each ends with everything as it was left: mending is not its business. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../random.ts";
import type { Estate } from "./estate.ts";
import { familyOf, kill, signal } from "./processes.ts";

export type Kind = Readonly<{ name: string; strike: (estate: Estate, random: Random) => Promise<void> }>;

type Part = keyof Estate["pidOf"];

/** Beyond the longest time-out there is: an append's, and the silence of a projector. */
const FROZEN_MS = 12_000;

const kills = (...parts: readonly Part[]): Kind => ({
  name: `kill ${parts.join(" and ")}`,
  async strike({ pidOf }) {
    await Promise.all(parts.map((part) => kill(living(pidOf[part]()))));
  },
});

const freezes = (part: Part): Kind => ({
  name: `freeze ${part}`,
  async strike({ pidOf }) {
    const family = familyOf(living(pidOf[part]()));
    signal(family, "SIGSTOP");
    await sleep(FROZEN_MS);
    signal(family, "SIGCONT");
  },
});

function living(pid: number): number {
  if (pid <= 0) throw new Error("what was to be struck does not run");
  return pid;
}

const POSTGRES = 0;
const NODE = 1;

const line = (name: string, index: typeof POSTGRES | typeof NODE, ms: number): Kind => ({
  name,
  async strike({ lines }) {
    lines[index].hold(true);
    await sleep(ms);
    lines[index].hold(false);
  },
});

const cuts: Kind = {
  name: "cut the lines, again and again",
  async strike({ lines }, random) {
    for (let times = 3 + random(5); times > 0; times--) {
      const cut = lines[random(lines.length)];
      cut?.cut();
      cut?.refuse(true);
      await sleep(random(400));
      cut?.refuse(false);
      await sleep(random(200));
    }
  },
};

const HOUR_MS = 3_600_000;
const steps: Kind = {
  name: "step the clocks",
  async strike({ servers }, random) {
    for (const offset of [-30 * HOUR_MS, 50 * HOUR_MS, -HOUR_MS]) {
      servers[random(2)]?.stepClock(offset);
      await sleep(300);
    }
    for (const server of servers) server.stepClock(0);
  },
};

const full: Kind = {
  name: "fill the disk",
  async strike(estate) {
    for (const until = Date.now() + 3_000; Date.now() < until; await sleep(100)) estate.fillDisk();
    estate.freeDisk();
  },
};

/** A full disk only where there is one of the estate's own. */
export const kindsFor = ({ hasDisk }: Estate): readonly Kind[] => [
  kills("one"),
  kills("node"),
  kills("postgres"),
  kills("one", "two"),
  cuts,
  freezes("one"),
  kills("two", "node"),
  kills("node", "postgres"),
  line("hold up the line to Postgres", POSTGRES, 1_500),
  line("hold up the line to the node", NODE, 1_500),
  steps,
  kills("one", "postgres"),
  ...(hasDisk ? [full] : []),
  freezes("node"),
  freezes("two"),
  line("hold up the line to the node past its time-out", NODE, FROZEN_MS),
  freezes("postgres"),
];
