/**
 * When a movement runs. Under `replay` in its place; under `freeze` (COSTING §12) after all that were recorded before it, so that
 * what those drew stays drawn. What an item's movements did before it took up another policy stays, too: all after it run later.
 */

import type { PolicyChange } from "../kernel/costing-policy.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import { REVISION_DIGITS } from "./costing-order.ts";

/** `revision`: of the event in the item's stream that says so. */
export type TakenUp = Pick<PolicyChange, "policy" | "change"> & Readonly<{ revision: number }>;

/** After every place. */
const LATER = "~";

const inOrder = (revision: number | bigint): string => `${revision}`.padStart(REVISION_DIGITS, "0");

export function turnOf(policy: TakenUp | undefined, place: string, revision: number | bigint): string {
  if (!policy) return place;
  return policy.policy === "freeze"
    ? turnFrom(policy, `${LATER}${inOrder(revision)}`)
    : turnFrom(policy, place);
}

/** Where the movements begin to run whose places are on a day or after it; under `replay`. */
export const turnFrom = (policy: TakenUp | undefined, day: EffectiveDate): string =>
  policy ? `${LATER}${inOrder(policy.revision)}/${day}` : day;

/** Whether it was recorded before the item took up anything. */
export const isInPlace = (turn: string): boolean => turn < LATER;

export const isFrozen = (policy: TakenUp | undefined): boolean => policy?.policy === "freeze";

/** Whether a movement's turn is one of those that may yet be otherwise. */
export const isReplayed = (policy: TakenUp | undefined, turn: string): boolean =>
  !isFrozen(policy) && turn >= turnFrom(policy, "");
