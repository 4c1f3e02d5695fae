/** Bound and subject take turns, so that whatever else the machine does falls on both; medians pass over the worst. */

/** A second. */
export type Rates = Readonly<{ bound: number; subject: number; ratio: number }>;

type Turn = (round: number) => Promise<number>;

export async function rounds(
  count: number,
  { bound, subject }: Readonly<{ bound: Turn; subject: Turn }>,
): Promise<Rates> {
  const bounds: number[] = [];
  const subjects: number[] = [];
  for (let round = 0; round < count; round++)
    for (const isBound of round % 2 === 0 ? [true, false] : [false, true])
      if (isBound) bounds.push(await bound(round));
      else subjects.push(await subject(round));
  return {
    bound: median(bounds),
    subject: median(subjects),
    ratio: median(subjects.map((rate, round) => rate / (bounds[round] ?? Number.NaN))),
  };
}

export const median = (numbers: readonly number[]): number => percentile(numbers, 50);

export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (percent / 100) * (sorted.length - 1);
  const [below = Number.NaN, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
