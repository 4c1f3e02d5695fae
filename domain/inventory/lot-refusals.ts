/** Why lots can't be as a movement names them, as far as that can be told without running it. */
import { steps, textOfSteps } from "../kernel/decimal.ts";
import { claimantsOf, claimOf, mostClaimed } from "./claims.ts";
import { entryNamed, type History, standing } from "./history.ts";
import type { ItemRefusal, MovementCommand } from "./item-commands.ts";
import type { Registered } from "./item-refusals.ts";
import { lotsOf, quantityOf, sumOf } from "./lot-row.ts";
import { isPinning } from "./project-stock.ts";

/** That it names lots at all, where the item keeps them. What undoes a movement is of the same lots. */
export function wrongLots(move: MovementCommand, { costBy, tracking }: Registered): ItemRefusal | undefined {
  if (move.type === "CompensateMovement") return undefined;
  const { lots, data } = move;
  if (costBy === "lot") return data.lot === null || lots ? { name: "LotRequired" } : undefined;
  // Which lots of it are pinned, nobody tells.
  if (!tracking || isPinning(move)) return data.lot !== null || lots ? { name: "LotNotKept" } : undefined;
  const isMissing = !lots?.length && quantityOf(move) !== "0";
  return isMissing || data.lot !== null ? { name: "LotsRequired" } : undefined;
}

/** Its figures fit the item's scale by now. */
export function unfitLots(move: MovementCommand, item: Registered): ItemRefusal | undefined {
  if (move.type === "CompensateMovement") return undefined;
  const lots = lotsOf(move);
  const [quantity, sum] = [quantityOf(move), sumOf(lots)];
  if (move.lots && quantity !== sum) return { name: "LotsDontSumUp", quantity, lots: sum };
  const many = item.tracking?.serials && lots.find((lot) => lot.quantity !== "1" && lot.quantity !== "0");
  if (many) return { name: "SerialNotOne", ...many };
  return expired(move, item);
}

/** Scrap goes out whenever it is found. */
function expired(move: MovementCommand, { lotFacts }: Registered): ItemRefusal | undefined {
  if (move.type !== "IssueGoods" || move.data.purpose === "other" || !lotFacts) return undefined;
  const { effectiveDate } = move.data;
  for (const { lot } of lotsOf(move)) {
    const expiresOn = lotFacts.get(lot)?.expiresOn ?? null;
    if (expiresOn !== null && expiresOn < effectiveDate)
      return { name: "LotExpired", lot, expiresOn, effectiveDate };
  }
  return undefined;
}

/** What comes back or arrives is of lots that went, and no more of each than went and is not back. `place`: of the movement. */
export function tooMuchOfLot(
  move: MovementCommand,
  place: string,
  { history, quantityScale }: Registered,
): ItemRefusal | undefined {
  const of =
    move.type === "ReturnGoods" ? move.data.issue : move.type === "ArriveGoods" && move.data.dispatch;
  const referred = of ? standing(history, of) : undefined;
  if (!of || !referred) return undefined;
  for (const { lot, quantity } of lotsOf(move)) {
    const moved = unitsIn(referred, lot, quantityScale);
    const claimed = mostClaimed(history, of, place, claimsOfLot(history, lot, quantityScale));
    if (claimed + steps(quantity, quantityScale) <= moved) continue;
    const [was, before] = [textOfSteps(moved, quantityScale), textOfSteps(claimed, quantityScale)];
    return { name: "MoreOfLotThanItMoved", lot, movement: of, moved: was, before, quantity };
  }
  return undefined;
}

/** By name, what would bring back more of a lot than went, if what undid a return had never been. */
export function lotsClaimedTwice(
  without: History,
  undoing: Extract<MovementCommand, { type: "CompensateMovement" }>,
  item: Registered,
): readonly string[] {
  const { quantityScale } = item;
  const undone = entryNamed(without, undoing.data.compensated)?.move;
  const claim = undone && claimOf(undone, (movement) => entryNamed(without, movement)?.move, item);
  const claimed = claim && standing(without, claim.of);
  if (!undone || undone.type === "ReturnToSupplier" || !claimed) return [];
  const isTwice = lotsOf(undone).some(
    ({ lot }) =>
      mostClaimed(without, claim.of, "", claimsOfLot(without, lot, quantityScale)) >
      unitsIn(claimed, lot, quantityScale),
  );
  return isTwice ? claimantsOf(without, claim.of) : [];
}

const unitsIn = (move: MovementCommand, lot: string, quantityScale: number): bigint =>
  lotsOf(move).reduce(
    (sum, each) => (each.lot === lot ? sum + steps(each.quantity, quantityScale) : sum),
    0n,
  );

/** Of a claim, what is of the lot. Below zero: that was undone. */
const claimsOfLot =
  (history: History, lot: string, quantityScale: number) =>
  (turn: string, claimed: bigint): bigint => {
    const move = history.movements.get(turn)?.move;
    const said =
      move?.type === "CompensateMovement" ? entryNamed(history, move.data.compensated)?.move : move;
    const units = said ? unitsIn(said, lot, quantityScale) : 0n;
    return claimed < 0n ? -units : units;
  };
