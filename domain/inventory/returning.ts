/**
 * Goods of an issue that come back (COSTING §8): its draws in reverse, last drawn first of what is not back, by cumulative share,
 * one new layer for each. So all that comes back in several returns is, to the cent, what went out.
 */
import { share } from "../kernel/decimal.ts";
import { type CameBack, NOTHING } from "./came-back.ts";
import { type Borne, type Leg, layerPlace, pieceNames, turned } from "./leg.ts";

export function returnLegs(
  issued: readonly Leg[],
  { units, came, exempt }: Back,
  { movement, place, queue }: Readonly<{ movement: string; place: string; queue: string }>,
): readonly Leg[] {
  const legs: Leg[] = [];
  const nameOf = pieceNames(movement);
  let wanted = units;
  for (const draw of issued.toReversed()) {
    if (wanted === 0n) break;
    const drawn = -draw.units;
    const { units: gone, bearing } = came.get(draw.place) ?? NOTHING;
    const back = drawn - gone < wanted ? drawn - gone : wanted;
    if (back === 0n) continue;
    wanted -= back;
    const at = layerPlace(place, legs.length);
    const bears = draw.borne ? -draw.borne.worth : 0n;
    const plain = share(-draw.worth - bears, gone + back, drawn) - share(-draw.worth - bears, gone, drawn);
    const borne = draw.borne && bornePart(turned(draw).borne, bearing, back - exempt(at));
    const worth = plain + (borne?.worth ?? 0n);
    const leg = { queue, layer: nameOf(draw.layer), place: at, units: back, worth, from: draw.place };
    const { receivedOn } = draw;
    legs.push({ ...leg, ...(borne && { borne }), ...(receivedOn && { receivedOn }) });
  }
  return legs;
}

/** `before`: units of a draw that have come back so far, of those that bear what invoices differ by. */
function bornePart(drawn: Borne = { units: 0n, worth: 0n }, before: bigint, units: bigint): Borne {
  if (drawn.units <= 0n) return { units, worth: 0n };
  const upTo = (some: bigint) =>
    share(drawn.worth, some < 0n ? 0n : some > drawn.units ? drawn.units : some, drawn.units);
  return { units, worth: upTo(before + units) - upTo(before) };
}

/** `came`: before. `exempt`: of what comes back now, by the layer's place, units that will not bear what invoices differ by. */
type Back = Readonly<{ units: bigint; came: CameBack; exempt: (place: string) => bigint }>;
