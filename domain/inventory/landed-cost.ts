/**
 * A bill for what goods of several receipts cost on their way: freight, insurance, duty. The document is the decision; what
 * each receipt has to bear reaches its item's stream by a process, once, whatever crashes (DESIGN §4).
 */
import { accept, type Decider, type Decision, refuse } from "../kernel/decider.ts";
import { type DecimalText, decimals, steps, textOfSteps } from "../kernel/decimal.ts";
import type { Command, EffectiveDate, MessageOf } from "../kernel/event.ts";
import { allocated } from "./allocation.ts";

/** By what the amount is spread: `value` is the one with which a receipt came, before anything was added to it. */
export type Basis = "quantity" | "weight" | "value";
/** What a line has of the basis. */
type Weighed = Readonly<{ item: string; receipt: string; weight: DecimalText }>;
export type LandedCostLine = Weighed & Readonly<{ amount: DecimalText }>;

type Document = {
  landedCost: string;
  documentDate: EffectiveDate;
  reference: string;
  basis: Basis;
  /** In the base currency, without taxes that are deducted. */
  amount: DecimalText;
};

/** The stored format. Never change or reuse a name: add a type, and an upcaster in the catalogue. */
export type LandedCostEvents = {
  LandedCostAllocated: Document & { lines: readonly LandedCostLine[] };
  /** A line's receipt can't bear it any more: `reason` is the item's refusal. `line` counts from 1. */
  LandedCostLineRefused: { landedCost: string; line: number; item: string; receipt: string; reason: string };
};
export type LandedCostEvent = MessageOf<LandedCostEvents>;
export type LandedCostCommand =
  | (Command<"AllocateLandedCost", Document & { lines: readonly Weighed[]; valueScale: number }> &
      Readonly<{ today: EffectiveDate }>)
  | Command<"ReportRefusedLine", LandedCostEvents["LandedCostLineRefused"]>;

/** In the order they are checked. */
export type LandedCostRefusal =
  | { name: "LandedCostAlreadyAllocated" | "LandedCostNotAllocated" }
  | { name: "DocumentDateAfterToday"; documentDate: EffectiveDate; today: EffectiveDate }
  | { name: "ValueTooPrecise"; value: DecimalText; scale: number }
  | { name: "NothingToAllocateBy"; basis: Basis };

/** `refused`: the lines that are not borne. */
export type LandedCost = Readonly<{ status: "New" | "Allocated"; refused: readonly number[] }>;

/** One stream a document, whose name never changes. */
export const landedCostStream = (book: string, landedCost: string): string =>
  `${book}.landedCost-${landedCost}`;

/** The finest weight. */
const WEIGHT_SCALE = 6;

function decide(
  command: LandedCostCommand,
  { status }: LandedCost,
): Decision<LandedCostEvent, LandedCostRefusal> {
  if (command.type === "ReportRefusedLine")
    return status === "New"
      ? refuse({ name: "LandedCostNotAllocated" })
      : accept({ type: "LandedCostLineRefused", data: command.data });
  const { data, today } = command;
  const { lines, valueScale, ...document } = data;
  const { documentDate, amount, basis } = document;
  if (status === "Allocated") return refuse({ name: "LandedCostAlreadyAllocated" });
  if (documentDate > today) return refuse({ name: "DocumentDateAfterToday", documentDate, today });
  if (decimals(amount) > valueScale)
    return refuse({ name: "ValueTooPrecise", value: amount, scale: valueScale });
  const weights = lines.map(({ weight }) => steps(weight, WEIGHT_SCALE));
  if (weights.every((weight) => weight === 0n)) return refuse({ name: "NothingToAllocateBy", basis });
  const amounts = allocated(steps(amount, valueScale), weights);
  const borne = lines.map((line, index) => ({
    ...line,
    amount: textOfSteps(amounts[index] ?? 0n, valueScale),
  }));
  return accept({ type: "LandedCostAllocated", data: { ...document, lines: borne } });
}

export const landedCost: Decider<LandedCostCommand, LandedCostEvent, LandedCost, LandedCostRefusal> = {
  initial: { status: "New", refused: [] },
  evolve: ({ refused }, event) => ({
    status: "Allocated",
    refused: event.type === "LandedCostLineRefused" ? [...refused, event.data.line] : refused,
  }),
  decide,
  recall(first) {
    if (first.type === "LandedCostLineRefused") return { type: "ReportRefusedLine", data: first.data };
    const { data } = first;
    const lines = data.lines.map(({ amount: _amount, ...line }) => line);
    // Only what is longer than one append is ever completed, which no document is.
    const valueScale = data.lines.reduce(
      (most, { amount }) => (decimals(amount) > most ? decimals(amount) : most),
      decimals(data.amount),
    );
    return { type: "AllocateLandedCost", data: { ...data, lines, valueScale }, today: data.documentDate };
  },
};
