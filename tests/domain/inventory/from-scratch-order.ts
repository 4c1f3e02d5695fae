/** What moves goods, in one form for all kinds; and which of them comes first. */

/** So many for so much. */
export type Lump = Readonly<{ units: bigint; worth: bigint }>;

export type Move = Readonly<{
  name: string;
  /** The command's type; of what undoes a movement of closed time, "Compensate". */
  kind: string;
  day: string;
  time: string | null;
  lot: string | null;
  recorded: number;
  /** Where goods leave and where they come to. A count does both. */
  from?: string | undefined;
  to?: string | undefined;
  /** The project from whose stock goods leave, and that into whose they come; null: the free one. */
  takesOf: string | null;
  bringsOf: string | null;
  /** The issue, receipt, dispatch or compensated movement that it refers to. */
  of?: string | undefined;
  /** The count that it says it was before. */
  before?: string | undefined;
  units: bigint;
  /** What it brings into the books by itself. */
  lumps: readonly Lump[];
  /** What a unit costs of a count's surplus, or of what an issue is short of. */
  unit?: Lump | undefined;
  mayGoShort: boolean;
  uninvoiced: boolean;
  /** Of how many changes of policy it was told, and whether they had come to `freeze`. */
  changes: number;
  frozen: boolean;
}>;

/** A moment: a day, its phase, the time, who came first; and further down, before (-1) or after (1) what stands there. */
type Place = readonly (string | number)[];

const isBefore = (a: Place, b: Place): boolean => {
  for (let n = 0; n < a.length || n < b.length; n++) {
    const [mine, other] = [a[n] ?? 0, b[n] ?? 0];
    if (mine !== other) return mine < other;
  }
  return false;
};
const last = (places: readonly Place[]): Place | undefined =>
  places.toSorted((a, b) => (isBefore(a, b) ? -1 : 1)).at(-1);

export const isCount = ({ kind }: Move): boolean => kind === "CountStock";
export const touches = ({ from, to }: Move, location: string | undefined): boolean =>
  location !== undefined && (location === from || location === to);

const ownPlace = ({ kind, day, time, recorded }: Move): Place => [
  day,
  kind === "RecordOpeningStock" || kind === "ReceiveGoods" ? 0 : 1,
  time ?? "none",
  recorded,
];

/** Of those that stand, given in the order recorded. */
export function inCostingOrder(moves: readonly Move[]): readonly Move[] {
  const placed: { move: Move; place: Place }[] = [];
  for (const move of moves) {
    const own = ownPlace(move);
    const original = placed.filter((other) => other.move.name === move.of);
    const cuts = placed.filter(
      ({ move: other }) =>
        other.day === move.day &&
        ((isCount(other) && touches(move, other.to)) || (isCount(move) && touches(other, move.to))),
    );
    const named = cuts.find(({ move: other }) => isCount(other) && other.name === move.before);
    // A count it was before cuts no more, nor do those after that one.
    const kept = named ? cuts.filter((cut) => isBefore(cut.place, named.place)) : cuts;
    const floor = last([...original, ...kept].map(({ place }) => place));
    let place = floor && isBefore(own, floor) ? [...floor, 1, ...own] : own;
    const isBeforeOriginal = original.some((it) => named && isBefore(named.place, it.place));
    if (named && !isBefore(place, named.place) && !isBeforeOriginal) place = [...named.place, -1, ...own];
    placed.push({ move, place });
  }
  return placed.sort((a, b) => (isBefore(a.place, b.place) ? -1 : 1)).map(({ move }) => move);
}

/**
 * One stretch of a policy after the other; in each, what is replayed in costing order, and what is frozen in the order in which it was
 * told.
 */
export function inTurn(moves: readonly Move[]): readonly Move[] {
  const costed = inCostingOrder(moves);
  const stretches = [...new Set(moves.map(({ changes }) => changes))].sort((a, b) => a - b);
  return stretches.flatMap((stretch) =>
    (moves.some(({ changes, frozen }) => changes === stretch && frozen) ? moves : costed).filter(
      ({ changes }) => changes === stretch,
    ),
  );
}
