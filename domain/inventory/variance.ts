/** A count is absolute (COSTING §10): what was counted less what the book has in its place. */
import { share } from "../kernel/decimal.ts";
import { drawsOfAll, type Legs } from "./drawing.ts";
import { layerPlace } from "./leg.ts";
import type { Stock } from "./stock.ts";

/** `queue`: of the free stock. `book`: what lies there and in the projects' by the movements placed before. `cost`: of so many units of a surplus. */
export function variance(
  stock: Stock,
  { location, queue, movement, place }: Readonly<Record<"location" | "queue" | "movement" | "place", string>>,
  {
    counted,
    book,
    cost,
  }: Readonly<{ counted: bigint; book: bigint; cost: { units: bigint; worth: bigint } | undefined }>,
): Legs {
  const units = counted - book;
  if (units === 0n) return { legs: [] };
  if (units < 0n) return drawsOfAll(stock, { location, queue, movement }, -units);
  const worth = cost ? share(cost.worth, units, cost.units) : 0n;
  return { legs: [{ queue, layer: movement, place: layerPlace(place, 0), units, worth }] };
}
