/** What movements claim of others before them: no more comes back, goes back or arrives than there was. */
import { type DecimalText, steps } from "../kernel/decimal.ts";
import type { Scales } from "./cost-row.ts";
import type { History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import { isOutbound } from "./outbound.ts";

/** By movement and turn, so that the claims on one lie together, in order. Ids hold no space. */
export const claimKey = (of: string, turn: string): string => `${of} ${turn}`;

/** Units of an issue that come back, of a receipt that go back, of a dispatch that arrive; below zero: that was undone. */
export type Claim = Readonly<{ of: string; units: bigint }>;

export function claimOf(
  move: MovementCommand,
  movedBy: (movement: string) => MovementCommand | undefined,
  scales: Scales,
): Claim | undefined {
  const units = (quantity: DecimalText) => steps(quantity, scales.quantityScale);
  switch (move.type) {
    case "ReturnGoods":
      return { of: move.data.issue, units: units(move.data.quantity) };
    case "ReturnToSupplier": {
      const { receipt: of, quantity } = move.data;
      return of === null ? undefined : { of, units: units(quantity) };
    }
    case "ArriveGoods":
      return { of: move.data.dispatch, units: units(move.data.quantity) };
    case "CompensateMovement": {
      const { compensated: of, quantity } = move.data;
      const undone = movedBy(of);
      const was = undone && claimOf(undone, movedBy, scales);
      if (was) return { of: was.of, units: -was.units };
      return undone && isOutbound(undone) ? { of, units: units(quantity) } : undefined;
    }
    default:
      return undefined;
  }
}

/** By turn. */
export function* claimsOn(
  { claims }: Pick<History, "claims">,
  of: string,
): Iterable<readonly [string, bigint]> {
  for (const [key, units] of claims.entries(claimKey(of, ""))) {
    if (!key.startsWith(`${of} `)) return;
    yield [key.slice(of.length + 1), units];
  }
}

/** The most that is claimed at any time from a place on. `unitsIn`: what is looked at of a claim, by its turn; all of it. */
export function mostClaimed(
  history: History,
  of: string,
  from: string,
  unitsIn: (turn: string, claimed: bigint) => bigint = (_turn, claimed) => claimed,
): bigint {
  const claims = [...claimsOn(history, of)]
    .map(([turn, claimed]) => [history.movements.get(turn)?.place ?? turn, unitsIn(turn, claimed)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  let units = 0n;
  let most: bigint | undefined;
  for (const [place, claimed] of claims) {
    if (place >= from) most ??= units;
    units += claimed;
    if (most !== undefined && units > most) most = units;
  }
  return most ?? units;
}

/** What claims something of a movement, and stands, by name; `evenUndone`: or was undone on a later day. */
export function claimantsOf(history: History, of: string, evenUndone = false): readonly string[] {
  const names: string[] = [];
  for (const [turn, units] of claimsOn(history, of)) {
    const claimant = history.movements.get(turn);
    if (units > 0n && claimant && (evenUndone || claimant.compensated === undefined))
      names.push(claimant.move.data.movement);
  }
  return names;
}
