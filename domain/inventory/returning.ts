/**
 * Goods of an issue that come back (COSTING §8): its draws in reverse, last drawn first, by cumulative share, one new layer
 * for each. So all that comes back in several returns is, to the cent, what went out.
 */
import { share } from "../kernel/decimal.ts";
import { type Borne, type Leg, layerPlace, pieceNames, turned } from "./leg.ts";

export function returnLegs(
  issued: readonly Leg[],
  { returned, units }: Readonly<{ returned: bigint; units: bigint }>,
  { movement, place, queue }: Readonly<{ movement: string; place: string; queue: string }>,
  { borneBack, exempt }: Bearing = NONE,
): readonly Leg[] {
  const legs: Leg[] = [];
  const nameOf = pieceNames(movement);
  let [before, wanted] = [returned, units];
  for (const draw of issued.toReversed()) {
    if (wanted === 0n) break;
    const drawn = -draw.units;
    const gone = before < drawn ? before : drawn;
    before -= gone;
    const back = drawn - gone < wanted ? drawn - gone : wanted;
    if (back === 0n) continue;
    wanted -= back;
    const at = layerPlace(place, legs.length);
    const bears = draw.borne ? -draw.borne.worth : 0n;
    const plain = share(-draw.worth - bears, gone + back, drawn) - share(-draw.worth - bears, gone, drawn);
    const borne = draw.borne && bornePart(turned(draw).borne, borneBack(draw.place), back - exempt(at));
    const worth = plain + (borne?.worth ?? 0n);
    const leg = { queue, layer: nameOf(draw.layer), place: at, units: back, worth, from: draw.place };
    legs.push(borne ? { ...leg, borne } : leg);
  }
  return legs;
}

/** `before`: units of a draw that have come back so far, of those that bear what invoices differ by. */
function bornePart(drawn: Borne = { units: 0n, worth: 0n }, before: bigint, units: bigint): Borne {
  if (drawn.units <= 0n) return { units, worth: 0n };
  const after = before + units;
  const then = after < 0n ? 0n : after > drawn.units ? drawn.units : after;
  return { units, worth: share(drawn.worth, then, drawn.units) - share(drawn.worth, before, drawn.units) };
}

/**
 * Where units of a receipt go back uninvoiced. `borneBack`: of the draw of a layer, units that bear and have come back before.
 * `exempt`: of what comes back now, units that will not bear.
 */
type Bearing = Readonly<{ borneBack: (place: string) => bigint; exempt: (place: string) => bigint }>;
const NONE: Bearing = { borneBack: () => 0n, exempt: () => 0n };
