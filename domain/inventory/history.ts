/**
 * An item's movements in costing order, each with what it ought to do and what is booked of it, and the layers that lie
 * open after the last. What ought to be depends on the movements alone; what is booked is the sum of recorded rows.
 */
import { invariant } from "../kernel/assert.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import { type Draft, draftOf, emptyMap, type SortedMap } from "../kernel/sorted-map.ts";
import { type Booked, lacking, type OpenFrom } from "./booking.ts";
import { claimKey, claimOf } from "./claims.ts";
import type { Scales } from "./cost-row.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { Leg, Settlement } from "./leg.ts";
import type { Queues } from "./stock.ts";
import type { ValueFacts } from "./value-facts.ts";

export type Entry = Readonly<{
  /** As asked; a surplus has the value that it got when it was recorded. */
  move: MovementCommand;
  /** The day its rows count on: its effective date, or the first open day where that was closed by then. */
  day: EffectiveDate;
  legs: readonly Leg[];
  /** Of an issue that was short: how that was settled, by movements after it. */
  settled?: readonly Settlement[];
  /** Of a movement that brought goods where some were lacking: what it settled. */
  settles?: readonly Settlement[];
  /** Of a receipt, where there are any. */
  facts?: ValueFacts;
  /** As if it had never been. */
  cancelled?: true;
  /** By this movement, later. */
  compensated?: string;
  /** Undefined where it is just the legs on their days, as for nearly all. */
  booked: readonly Booked[] | undefined;
}>;
export type Placed = readonly [place: string, entry: Entry];

export type History = Readonly<{
  /** By place. */
  movements: SortedMap<Entry>;
  /** By movement. */
  places: SortedMap<string>;
  queues: Queues;
  /** Units that later movements claim of earlier ones, by the earlier one and the place of the later. */
  claims: SortedMap<bigint>;
  /** By area and place. */
  counts: SortedMap<string>;
  /** Whether costs go other ways than from layer to draw to layer: an issue may go short. */
  entangled: boolean;
  /** From this place on, movements have yet to be run again: one came between, or rows of theirs did. */
  stale: string | undefined;
  /** Places of movements that are booked otherwise than by their legs on their days. */
  apart: SortedMap<true>;
  /** The first open day with which those were last found to be booked as they ought to be; null: not yet. */
  settledAt: OpenFrom | null;
}>;

export const noHistory: History = {
  movements: emptyMap(),
  places: emptyMap(),
  queues: emptyMap(),
  claims: emptyMap(),
  counts: emptyMap(),
  entangled: false,
  stale: undefined,
  apart: emptyMap(),
  settledAt: undefined,
};

/** What ought to be booked of a movement, if nothing is closed. */
export const targetOf = ({ legs, settled = [], day }: Entry): readonly Booked[] => [
  ...legs.map(({ queue, layer, units, worth }) => ({ queue, layer, date: day, units, worth })),
  ...settled.map(({ queue, layer, on, units, worth }) => ({ queue, layer, date: on, units, worth })),
];

export const bookedOf = (entry: Entry): readonly Booked[] => entry.booked ?? targetOf(entry);

/** Puts an entry in its place, and says whether it is booked by its legs on their days. */
export function settle(
  movements: Draft<Entry>,
  apart: Draft<true>,
  place: string,
  { booked, ...entry }: Entry,
): boolean {
  const ought = { ...entry, booked: undefined };
  const isPlain = booked === undefined || lacking(booked, targetOf(ought), entry.day, undefined).length === 0;
  movements.set(place, isPlain ? ought : { ...entry, booked });
  if (isPlain) apart.delete(place);
  else apart.set(place, true);
  return isPlain;
}

/** What was asked of a movement that stands; undefined where there is none of this name, or it was undone. */
export function standing(
  history: Pick<History, "places" | "movements">,
  movement: string,
): MovementCommand | undefined {
  const entry = entryNamed(history, movement);
  return entry?.cancelled || entry?.compensated !== undefined ? undefined : entry?.move;
}

export function entryNamed(
  { places, movements }: Pick<History, "places" | "movements">,
  movement: string,
): Entry | undefined {
  const place = places.get(movement);
  return place === undefined ? undefined : movements.get(place);
}

/** A recorded movement, by its name. */
export function entryOf(
  { places, movements }: History,
  movement: string,
  among: SortedMap<Entry> = movements,
): Placed {
  const place = places.get(movement);
  const entry = place === undefined ? undefined : among.get(place);
  invariant(place !== undefined && entry !== undefined, `${movement} was not recorded`);
  return [place, entry];
}

/** With a movement in its place, and what it says of others; its legs and those after it have yet to be run. */
export function withMovement(history: History, place: string, entry: Entry, scales: Scales): History {
  const [movements, places] = [draftOf(history.movements), draftOf(history.places)];
  const { move } = entry;
  movements.set(place, entry);
  places.set(move.data.movement, place);
  if (move.type === "CompensateMovement") {
    const [undone, before] = entryOf(history, move.data.compensated);
    movements.set(undone, { ...before, compensated: move.data.movement });
  }
  const { claims, counts } = saidBy(history, move, place, scales);
  return {
    ...{ ...history, movements, places, claims, counts },
    entangled: history.entangled || isEntangling(move),
  };
}

/** Without it, as if it had never been. Its legs are still those that it had: running on from there moves them back. */
export function withoutMovement(history: History, place: string, entry: Entry, scales: Scales): History {
  const movements = draftOf(history.movements);
  movements.set(place, { ...entry, cancelled: true, booked: bookedOf(entry) });
  const { move } = entry;
  if (move.type === "CompensateMovement") {
    const [undone, { compensated: _compensated, ...before }] = entryOf(history, move.data.compensated);
    movements.set(undone, before);
  }
  const { claims, counts } = saidBy(history, move, place, scales, "gone");
  return { ...history, movements, claims, counts };
}

/** What a movement claims, or cuts. */
function saidBy(
  history: History,
  move: MovementCommand,
  place: string,
  scales: Scales,
  is: "there" | "gone" = "there",
): Pick<History, "claims" | "counts"> {
  const claim = claimOf(move, (movement) => entryNamed(history, movement)?.move, scales);
  if (!claim && move.type !== "CountStock") return history; // nearly all
  const [claims, counts] = [draftOf(history.claims), draftOf(history.counts)];
  if (claim && is === "there") claims.set(claimKey(claim.of, place), claim.units);
  else if (claim) claims.delete(claimKey(claim.of, place));
  if (move.type === "CountStock" && is === "there")
    counts.set(countKey(move.data.location, place), move.data.movement);
  else if (move.type === "CountStock") counts.delete(countKey(move.data.location, place));
  return { claims, counts };
}

const isEntangling = (move: MovementCommand): boolean =>
  move.type === "IssueGoods" && move.data.mayGoShort !== undefined;

export const countKey = (area: string, place: string): string => `${area} ${place}`;

export const least = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b);
