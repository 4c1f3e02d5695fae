/** The order in which an item's movements are costed (COSTING §2), as far as it can be told before they are recorded. */
import type { EffectiveDate, TimeOfDay } from "../kernel/event.ts";

/** After every time of a day. */
const NO_TIME = "24:00:00";

/**
 * Day, phase, time; sorts as text, and the item's revision decides between equals. Phase 0: opening stock and
 * receipts. Phase 1: all else. Without a time of day a movement comes after those with one.
 */
type CostingKey = string;

type Timed = Readonly<{ effectiveDate: EffectiveDate; time: TimeOfDay | null }>;

const costingKey = ({ effectiveDate, time }: Timed, phase: 0 | 1): CostingKey =>
  `${effectiveDate}/${phase}/${time ?? NO_TIME}`;

/** The day on which a movement in that place counts. */
export const dayOf = (place: string): EffectiveDate => place.slice(0, "2026-01-31".length);

export const REVISION_DIGITS = 19;

/**
 * Where a movement stands among those of its item: no two are equal. `revision`: of its event, in the item's stream. Also where its
 * day had been closed by then, so that it counts on a later one: whoever decided it has seen that it can be done there. Closed
 * figures stand all the same, since rows of what it changes there count on the first open day.
 */
export const placeOf = (timed: Timed, phase: 0 | 1, revision: number | bigint): string =>
  `${costingKey(timed, phase)}/${`${revision}`.padStart(REVISION_DIGITS, "0")}`;
