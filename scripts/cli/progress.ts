/** A bar on long work, on standard error, where a person watches; elsewhere nothing. */
import { Presets, SingleBar } from "cli-progress";

export type Bar = Readonly<{ show: (label: string, done: number) => void; end: () => void }>;

export function progressBar(): Bar {
  if (!process.stderr.isTTY) return { show: () => {}, end: () => {} };
  const bar = new SingleBar(
    { format: "{label} {value} ({duration_formatted})", stream: process.stderr, clearOnComplete: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    show(label, done) {
      if (!started) bar.start(0, 0, { label });
      started = true;
      bar.update(done, { label });
    },
    end: () => bar.stop(),
  };
}
