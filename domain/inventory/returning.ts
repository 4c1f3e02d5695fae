/**
 * Goods of an issue that come back (COSTING §8): its draws in reverse, last drawn first, by cumulative share, one new layer
 * for each. So all that comes back in several returns is, to the cent, what went out.
 */
import { share } from "../kernel/decimal.ts";
import { type Leg, layerPlace, pieceNames } from "./leg.ts";

export function returnLegs(
  issued: readonly Leg[],
  { returned, units }: Readonly<{ returned: bigint; units: bigint }>,
  { movement, place, queue }: Readonly<{ movement: string; place: string; queue: string }>,
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
    const worth = share(-draw.worth, gone + back, drawn) - share(-draw.worth, gone, drawn);
    const layer = nameOf(draw.layer);
    legs.push({ queue, layer, place: layerPlace(place, legs.length), units: back, worth });
  }
  return legs;
}
