/** What has come back of an issue so far, of each of its draws: what was undone of that has not. */
import { claimsOn } from "./claims.ts";
import type { Entry, History } from "./history.ts";
import type { MovementCommand } from "./item-commands.ts";
import type { Leg } from "./leg.ts";

type Gone = Pick<Entry, "move" | "legs">;
/** `bearing`: those of the units that bear what the invoices of their receipt differ by. */
type Back = Readonly<{ units: bigint; bearing: bigint }>;
/** By the place of the layer that was drawn. */
export type CameBack = ReadonlyMap<string, Back>;
export const NOTHING: Back = { units: 0n, bearing: 0n };

/** `those`: what claims something of it, of which `issueOf` is true. */
export function cameBack(those: Iterable<Gone>, entryOf: (movement: string) => Gone | undefined): CameBack {
  const back = new Map<string, Back>();
  function add({ from, units, borne }: Leg, sign: 1n | -1n): void {
    if (from === undefined) return;
    const before = back.get(from) ?? NOTHING;
    const bearing = before.bearing + sign * (borne?.units ?? 0n);
    back.set(from, { units: before.units + sign * units, bearing });
  }
  for (const { move, legs } of those) {
    const undone = move.type === "CompensateMovement" ? entryOf(move.data.compensated) : undefined;
    if (undone?.move.type === "ReturnGoods") for (const leg of undone.legs) add(leg, -1n);
    else for (const leg of legs) add(leg, 1n);
  }
  return back;
}

/** Of what issue a movement brings something back, or takes that away again. */
export function issueOf(
  move: MovementCommand,
  entryOf: (movement: string) => Gone | undefined,
): string | undefined {
  if (move.type === "ReturnGoods") return move.data.issue;
  if (move.type !== "CompensateMovement") return undefined;
  const { compensated } = move.data;
  const undone = entryOf(compensated)?.move;
  return undone?.type === "ReturnGoods" ? undone.data.issue : compensated;
}

/** Those that are recorded, in their turns before one. */
export function* claimingBefore(history: History, issue: string, turn: string): Iterable<Gone> {
  for (const [at] of claimsOn(history, issue)) {
    if (at >= turn) return;
    const entry = history.movements.get(at);
    if (entry) yield entry;
  }
}
