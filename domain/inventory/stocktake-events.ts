/** What is stored of a stocktake, for ever; what may be asked of it, and why it may be refused. */
import type { DecimalText } from "../kernel/decimal.ts";
import type { EffectiveDate, MessageOf } from "../kernel/event.ts";
import type { OpenFrom } from "./booking.ts";
import type { UnitCost } from "./item-events.ts";
import type { LotQuantity } from "./lot-row.ts";

/** What lies at `location` at the end of `date`. */
type Sheet = {
  stocktake: string;
  location: string;
  date: EffectiveDate;
  reference: string | null;
};
/** `lot`: where the item is costed by lot. `unitCost`: of a surplus; null for that of the layer last in place. */
type Counted = { item: string; lot: string | null; counted: DecimalText; unitCost: UnitCost | null };
/** `line` counts from 1, in the order in which they were first counted. */
export type PostedLine = Readonly<{ line: number } & Counted>;

/** The stored format. Never change or reuse a name: add a type, and an upcaster in the catalogue. */
export type StocktakeEvents = {
  StocktakeOpened: Sheet;
  /** This is what counts of the line from now on; it takes an approval back. */
  StocktakeLineCounted: { stocktake: string; line: number } & Counted & { countedBy: string };
  /** Of the line that was counted with it, where the item tracks lots: each that was found. */
  StocktakeLotsCounted: { stocktake: string; line: number; lots: readonly LotQuantity[] };
  StocktakeApproved: { stocktake: string; approvedBy: string };
  /** Every line that was counted and is not posted yet. Its count is named after this event and the line. */
  StocktakePosted: Sheet & { approvedBy: string; lines: readonly PostedLine[] };
  /**
   * The item refused the count, named `movement`: `reason` is its refusal. `leavesShort`: the recorded movement that would
   * find too little, where that is why. The line may be counted again, and posted again.
   */
  StocktakeLineRefused: {
    stocktake: string;
    line: number;
    item: string;
    lot: string | null;
    movement: string;
    reason: string;
    leavesShort: string | null;
  };
  StocktakeAbandoned: { stocktake: string; reason: string };
};
export type StocktakeEvent = MessageOf<StocktakeEvents>;

export type StocktakeCommands = {
  OpenStocktake: Sheet;
  CountLine: Omit<StocktakeEvents["StocktakeLineCounted"], "line"> & { lots?: readonly LotQuantity[] };
  ApproveStocktake: StocktakeEvents["StocktakeApproved"];
  PostStocktake: { stocktake: string };
  AbandonStocktake: StocktakeEvents["StocktakeAbandoned"];
  ReportRefusedCount: StocktakeEvents["StocktakeLineRefused"];
};
/** `today` is the day in the company's time zone; `openFrom`, the first day that is not closed, where any is. */
export type StocktakeCommand = MessageOf<StocktakeCommands> &
  Readonly<{ today: EffectiveDate; openFrom?: OpenFrom }>;

/** In the order they are checked. */
export type StocktakeRefusal =
  | { name: "StocktakeAlreadyOpened" | "StocktakeNotOpened" | "StocktakeAbandoned" }
  | { name: "EffectiveDateAfterToday"; effectiveDate: EffectiveDate; today: EffectiveDate }
  | { name: "LineAlreadyPosted" | "LineNotPosted"; line: number }
  | { name: "TooManyLines"; most: number }
  | { name: "NoLineToPost" }
  | { name: "StocktakeAlreadyApproved"; approvedBy: string }
  | { name: "ApproverCounted"; approvedBy: string }
  | { name: "StocktakeNotApproved" }
  | { name: "PeriodClosed"; effectiveDate: EffectiveDate; openFrom: EffectiveDate }
  | { name: "LinesPosted"; lines: number };
