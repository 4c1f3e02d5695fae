/** Running an item's movements back and on, in their turns: what each ought to do, by those before it. */
import { draftOf } from "../kernel/sorted-map.ts";
import type { Scales } from "./cost-row.ts";
import { countDifferences } from "./count-difference.ts";
import { type Course, courseFrom } from "./course.ts";
import type { Short } from "./drawing.ts";
import { bookedOf, type Entry, entryOf, type History, type InTurn } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import { areSame, turned } from "./leg.ts";
import { legsOf } from "./legs-of.ts";
import { settle } from "./settling.ts";
import { openStock, type Stock, unitsBeside } from "./stock.ts";
import { lyingBefore } from "./untaken.ts";

/** Between two turns. */
type Point = Readonly<{ stock: Stock; course: Course }>;
export type From = Point & Readonly<{ later: readonly InTurn[] }>;
type Ran = Readonly<{ ran: readonly InTurn[] }>;
export type LeftShort = Readonly<{ short: Short; of: MovementCommand }>;

/** The stock as it lay just before a turn, and the movements from there on. */
export function rewind(history: History, turn: string, exempt = history.exempt): From {
  const { movements, queues } = history;
  const [stock, course] = [openStock(queues, exempt), courseFrom(history, turn)];
  const later: InTurn[] = [];
  if ((movements.maxKey() ?? "") < turn) return { stock, course, later };
  for (const each of movements.entriesReversed()) {
    if (each[0] < turn) break;
    later.push(each);
    const { legs, settles = [] } = each[1];
    for (const leg of [...legs, ...settles].reverse()) stock.move(turned(leg));
  }
  return { stock, course, later: later.reverse() };
}

/** Moves on by one movement, unless it would be short. */
function runOne(
  { stock, course }: Point,
  turn: string,
  { move, place, facts, cancelled }: Entry,
  scales: Scales,
): Pick<Entry, "legs" | "settles"> | (Readonly<{ short: Short }> & Partial<LeftShort>) {
  const at = place ?? turn;
  // Others may have run before it that are placed after it.
  const isInPlace = place === undefined;
  const there = isInPlace ? stock : lyingBefore(stock, at);
  const book = (free: string) =>
    unitsBeside(stock, free) - (isInPlace ? 0n : course.movedAfter(free, at, turn));
  const run = cancelled ? { legs: [] } : legsOf(move, at, { stock: there, course, book }, scales, facts);
  if ("short" in run) return run;
  const { legs } = run;
  for (const leg of legs) stock.move(leg);
  const counted = isInPlace ? [] : countDifferences(stock, course, { place: at, turn, legs }, scales);
  if ("short" in counted) return counted;
  const settles = [...counted, ...settle(stock, course, [...legs, ...counted], { move, turn })];
  course.went({ move, legs }, settles);
  return settles.length === 0 ? { legs } : { legs, settles };
}

/**
 * Runs movements on, and answers with those that do something else than before, and those of which something else is settled; or
 * says which of them would be short.
 */
export function rerun(history: History, from: From, scales: Scales): Ran | LeftShort {
  const ran = new Map<string, Entry>();
  const settledOnes = new Set<string>();
  for (const [turn, entry] of from.later) {
    const run = runOne(from, turn, entry, scales);
    if ("short" in run) return { short: run.short, of: run.of ?? entry.move };
    for (const { of } of [...(entry.settles ?? []), ...(run.settles ?? [])]) settledOnes.add(of);
    if (areSame(run.legs, entry.legs) && areSame(run.settles ?? [], entry.settles ?? [])) continue;
    const { settles: _settles, ...before } = entry;
    ran.set(turn, { ...before, ...run, booked: bookedOf(entry) });
  }
  const later = new Map(from.later);
  for (const movement of settledOnes) {
    const [turn, recorded] = entryOf(history, movement);
    const before = ran.get(turn) ?? later.get(turn) ?? recorded;
    const settled = from.course.settledOf(movement);
    if (areSame(settled, before.settled ?? [])) continue;
    ran.set(turn, { ...before, settled, booked: bookedOf(ran.has(turn) ? before : recorded) });
  }
  return { ran: [...ran].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** With movements that do something else than is booked of them, each in its turn. */
export function withRan(
  history: History,
  ran: readonly InTurn[],
): Pick<History, "movements" | "apart" | "entangled"> {
  const [movements, apart] = [draftOf(history.movements), draftOf(history.apart)];
  for (const [turn, entry] of ran) {
    movements.set(turn, entry);
    apart.set(turn, true);
  }
  return { movements, apart, entangled: history.entangled || hasSettled(ran) };
}

/** Then costs go other ways than from layer to draw to layer. */
const hasSettled = (ran: readonly InTurn[]): boolean => ran.some(([, { settles }]) => settles);
