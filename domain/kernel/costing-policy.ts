/** What late documents do to costs that are booked (COSTING §4, §12). */
import type { EffectiveDate } from "./event.ts";

/** `replay`: movements are costed anew, as if all had come in time. `freeze`: what was drawn stays drawn. */
export type CostingPolicy = "replay" | "freeze";

/** `change`: the company's first, second … `from`: the first open day when it was made; all before it stays as it is, for ever. */
export type PolicyChange = Readonly<{ change: number; policy: CostingPolicy; from: EffectiveDate }>;
