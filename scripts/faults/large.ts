/** An item of so many layers that moving them takes more than one append: half of such a move must never be seen. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "./load.ts";

export const LARGE = "large";
const LAYERS = 800;
const OPENINGS = 2;
const ON_HAND = LAYERS * OPENINGS;
const KEY_LENGTH = 64;
const LOOK_MS = 100;

/** As long as may be: it is in every row. */
const keyOf = (name: string): string => name.padEnd(KEY_LENGTH, "-");
const day = (number: number): string => new Date(Date.UTC(1991, 0, number)).toISOString().slice(0, 10);

type Keyed = Readonly<{ key: string; command: Command }>;
const path = `/v1/items/${LARGE}`;

/** Registers it, then brings in its layers. */
export const broughtIn: readonly Keyed[] = [
  { key: keyOf("L"), command: { path: `${path}/registration`, body: { unit: "piece", quantityScale: 0 } } },
  ...Array.from({ length: OPENINGS }, (_, number) => ({
    key: keyOf(`O${number}`),
    command: {
      path: `${path}/opening-stock`,
      body: {
        effectiveDate: day(1),
        location: "A",
        layers: Array.from({ length: LAYERS }, (_, n) => ({ quantity: "1", value: `${1 + (n % 7)}.01` })),
      },
    },
  })),
];

/** All of it, to and fro. */
export function moved(number: number): Keyed {
  const [from, to] = number % 2 === 0 ? ["A", "B"] : ["B", "A"];
  const body = { effectiveDate: day(2 + number), from, to, quantity: `${ON_HAND}` };
  return { key: keyOf(`T${number}`), command: { path: `${path}/transfers`, body } };
}

/** Looks at it as long as there is load; tells when any of it is missing, or there twice, where all of it was shown once. */
export async function watch(
  urls: readonly string[],
  isOver: () => boolean,
  tell: (wrong: string) => void,
): Promise<void> {
  const whole = new Set<string>();
  for (let turn = 0; !isOver(); turn++) {
    const url = `${urls[turn % urls.length]}/v1/balances?item=${LARGE}`;
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) {
        const { balances } = (await response.json()) as { balances: readonly { quantity: string }[] };
        const seen = balances.reduce((sum, { quantity }) => sum + Number(quantity), 0);
        if (seen === ON_HAND) whole.add(url);
        else if (whole.has(url)) tell(`${url} shows ${seen} of ${ON_HAND}: half a command`);
      }
    } catch {
      // it is down, or says nothing
    }
    await sleep(LOOK_MS);
  }
}
