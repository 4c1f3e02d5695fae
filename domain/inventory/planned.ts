/** Every movement of an item as it ought to be, by all that are recorded. */
import { invariant } from "../kernel/assert.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import type { Scales } from "./cost-row.ts";
import { type History, settle } from "./history.ts";
import { type LeftShort, rewind } from "./running.ts";
import { type Below, runOn } from "./running-on.ts";

const plans = new WeakMap<History, History>();

/** Every movement as it ought to be, by all that are recorded. Found once for a history, however often it is asked. */
export function planned(history: History, scales: Scales): History {
  const known = plans.get(history);
  if (known) return known;
  const plan = planOf(history, scales);
  invariant("movements" in plan, "a recorded movement takes what is not there");
  plans.set(history, plan);
  return plan;
}

/** The same, or which of them would be short, where one of them is not to be. */
export function planOf(history: History, scales: Scales): History | LeftShort | Below {
  if (history.stale === undefined) return history;
  const from = rewind(history, history.stale);
  const run = runOn({ before: history, after: history, turn: history.stale, from }, scales);
  if (!("history" in run)) return run;
  const [movements, apart] = [draftOf(run.history.movements), draftOf(history.apart)];
  for (const turn of [...run.changed, ...from.later.map(([at]) => at)]) {
    const entry = movements.get(turn);
    if (entry?.booked) settle(movements, apart, turn, entry);
  }
  const settledAt = apart.size === 0 ? history.settledAt : null;
  return { ...run.history, movements, stale: undefined, apart, settledAt };
}
