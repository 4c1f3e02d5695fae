/** What one movement does to one layer: its cost rows, as the rules reckon with them, in steps of the item's scales. */
import type { EffectiveDate } from "../kernel/event.ts";

/** FIFO runs in an area, in a lot of it, in a project's stock of that (COSTING §2). Ids hold neither space nor @: names don't meet. */
export function queueName(area: string, lot: string | null, project: string | null = null): string {
  const free = lot === null ? area : `${area} ${lot}`;
  return project === null ? free : `${free}@${project}`;
}
export const areaOf = (queue: string): string => freeBeside(queue).split(" ", 1)[0] ?? queue;
/** Null: of the free stock. */
export const projectIn = (queue: string): string | null => queue.split("@", 2)[1] ?? null;
/** The queue of the free stock beside a project's, or itself. */
export const freeBeside = (queue: string): string => queue.split("@", 1)[0] ?? queue;
/** How the names of all projects' queues beside a free one begin. */
export const pinnedBeside = (free: string): string => `${free}@`;

export type Moved = Readonly<{
  queue: string;
  layer: string;
  /** Signed: below zero for what leaves. */
  units: bigint;
  worth: bigint;
}>;
/**
 * Of a receipt of which units went back uninvoiced: the units that bear what its invoices differ by, and how much of `worth` that is.
 */
export type Borne = Readonly<{ units: bigint; worth: bigint }>;
/**
 * `place`: of the layer in its queue, which is the movement that brought it there, and which of its layers it is. `deficit`:
 * the layer is what an issue took without having it; it holds less than nothing. `from`: the place of the layer that goods were drawn
 * of when they went which come back. `receivedOn`: when its goods first came, where that is not the day of the receipt in its name.
 */
export type Leg = Moved &
  Readonly<{ place: string; deficit?: true; borne?: Borne; from?: string; receivedOn?: EffectiveDate }>;

/**
 * A leg that a movement got after it ran: it settles an issue's deficit (COSTING §11), or is what a count found otherwise (§12).
 * `on`: its day. `at`: the turn of the movement because of which.
 */
export type Settlement = Leg & Readonly<{ of: string; on: EffectiveDate; at: string }>;

const INDEX_DIGITS = 7;

/** The layers of one movement keep their order. */
export const layerPlace = (movementPlace: string, index: number): string =>
  `${movementPlace}/${`${index}`.padStart(INDEX_DIGITS, "0")}`;

export const turned = <L extends Moved & Readonly<{ borne?: Borne }>>(leg: L): L => ({
  ...leg,
  units: -leg.units,
  worth: -leg.worth,
  ...(leg.borne && { borne: { units: -leg.borne.units, worth: -leg.borne.worth } }),
});

/** Whether they do the same, in the same order. */
export const areSame = (
  some: readonly (Leg | Settlement)[],
  others: readonly (Leg | Settlement)[],
): boolean =>
  some.length === others.length &&
  some.every((leg, index) => {
    const other = others[index] ?? leg;
    const { layer, place, units, worth, borne } = other;
    return (
      leg.layer === layer &&
      leg.place === place &&
      leg.units === units &&
      leg.worth === worth &&
      leg.borne?.units === borne?.units &&
      leg.borne?.worth === borne?.worth &&
      leg.receivedOn === other.receivedOn &&
      leg.from === other.from &&
      timeOf(leg) === timeOf(other)
    );
  });

const timeOf = (leg: Leg | Settlement): string => ("at" in leg ? `${leg.on} ${leg.at}` : "");

/** The movement that brought a layer where it lies. */
export const bringerOf = (layer: string): string => layer.split("/", 1)[0] ?? layer;
/** The receipt, opening stock or surplus that its goods stem from. */
export const receiptOf = (layer: string): string => {
  const [first = "", receipt = first] = layer.split("/");
  return receipt;
};

/** Opening stock O brings O, O/O/2, O/O/3 … in the order given. */
export const openingName = (movement: string, index: number): string =>
  index === 0 ? movement : `${movement}/${movement}/${index + 1}`;

/**
 * Names the layers that a movement brings out of others: T/R, and T/R/2 where T has a second piece of R. After the receipt,
 * not after the whole chain of movements, so that names stay short.
 */
export function pieceNames(movement: string): (source: string) => string {
  const pieces = new Map<string, number>();
  return (source) => {
    const receipt = receiptOf(source);
    const piece = (pieces.get(receipt) ?? 0) + 1;
    pieces.set(receipt, piece);
    return piece > 1 ? `${movement}/${receipt}/${piece}` : `${movement}/${receipt}`;
  };
}
