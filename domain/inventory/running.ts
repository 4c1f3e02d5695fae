/** Running an item's movements back and on, in costing order: what each ought to do, by those before it. */
import { invariant } from "../kernel/assert.ts";
import { draftOf } from "../kernel/sorted-map.ts";
import type { Scales } from "./cost-row.ts";
import { type Course, courseFrom } from "./course.ts";
import type { Short } from "./drawing.ts";
import {
  bookedOf,
  type Entry,
  entryOf,
  type History,
  type Placed,
  settle as settleEntry,
} from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import { areSame, turned } from "./leg.ts";
import { legsOf } from "./legs-of.ts";
import { settle } from "./settling.ts";
import { openStock, type Stock } from "./stock.ts";

/** A point of the costing order. */
type Point = Readonly<{ stock: Stock; course: Course }>;
type From = Point & Readonly<{ later: readonly Placed[] }>;
type Ran = Readonly<{ ran: readonly Placed[] }>;
type LeftShort = Readonly<{ short: Short; of: MovementCommand }>;

/** The stock as it lay just before a place, and the movements from there on. */
export function rewind(history: History, place: string): From {
  const { movements, queues } = history;
  const [stock, course] = [openStock(queues), courseFrom(history, place)];
  const later: Placed[] = [];
  if ((movements.maxKey() ?? "") < place) return { stock, course, later };
  for (const placed of movements.entriesReversed()) {
    if (placed[0] < place) break;
    later.push(placed);
    const { legs, settles = [] } = placed[1];
    for (const leg of [...legs, ...settles].reverse()) stock.move(turned(leg));
  }
  return { stock, course, later: later.reverse() };
}

/** Moves on by one movement, unless it would be short. */
function runOn(
  { stock, course }: Point,
  place: string,
  { move, day, facts, cancelled }: Entry,
  scales: Scales,
): Pick<Entry, "legs" | "settles"> | { short: Short } {
  const run = cancelled ? { legs: [] } : legsOf(move, place, { stock, course }, scales, facts);
  if ("short" in run) return run;
  for (const leg of run.legs) stock.move(leg);
  const settles = settle(stock, course, run.legs, { at: place, day });
  course.went({ move, day, legs: run.legs }, settles);
  return settles.length === 0 ? { legs: run.legs } : { legs: run.legs, settles };
}

/**
 * Runs movements on, and answers with those that do something else than before, and the issues that are settled otherwise; or
 * says which of them would be short.
 */
export function rerun(history: History, from: From, scales: Scales): Ran | LeftShort {
  const ran = new Map<string, Entry>();
  const issues = new Set<string>();
  for (const [place, entry] of from.later) {
    const run = runOn(from, place, entry, scales);
    if ("short" in run) return { short: run.short, of: entry.move };
    for (const { issue } of [...(entry.settles ?? []), ...(run.settles ?? [])]) issues.add(issue);
    if (areSame(run.legs, entry.legs) && areSame(run.settles ?? [], entry.settles ?? [])) continue;
    const { settles: _settles, ...before } = entry;
    ran.set(place, { ...before, ...run, booked: bookedOf(entry) });
  }
  const later = new Map(from.later);
  for (const issue of issues) {
    const [place, recorded] = entryOf(history, issue);
    const before = ran.get(place) ?? later.get(place) ?? recorded;
    const settled = from.course.settledOf(issue);
    if (areSame(settled, before.settled ?? [])) continue;
    ran.set(place, { ...before, settled, booked: bookedOf(ran.has(place) ? before : recorded) });
  }
  return { ran: [...ran].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** With movements that do something else than is booked of them, each in its place. */
export function withRan(history: History, ran: readonly Placed[]): Pick<History, "movements" | "apart"> {
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  for (const [place, entry] of ran) {
    movements.set(place, entry);
    apart.set(place, true);
  }
  return { movements, apart };
}

const plans = new WeakMap<History, History>();

/** Every movement as it ought to be, by all that are recorded. Found once for a history, however often it is asked. */
export function planned(history: History, scales: Scales): History {
  const known = plans.get(history);
  if (known) return known;
  const plan = planOf(history, scales);
  invariant(!("short" in plan), "a recorded movement takes what is not there");
  plans.set(history, plan);
  return plan;
}

/** The same, or which of them would be short, where one of them is not to be. */
export function planOf(history: History, scales: Scales): History | LeftShort {
  if (history.stale === undefined) return history;
  const from = rewind(history, history.stale);
  const run = rerun(history, from, scales);
  if ("short" in run) return run;
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  for (const [place, entry] of run.ran) movements.set(place, entry);
  for (const [place] of [...run.ran, ...from.later]) {
    const entry = movements.get(place);
    if (entry?.booked) settleEntry(movements, apart, place, entry);
  }
  const settledAt = apart.size === 0 ? history.settledAt : null;
  return { ...history, movements, queues: from.stock.close(), stale: undefined, apart, settledAt };
}
