/**
 * A stocktake: what lies at a location at the end of a day is counted, line by line; approved by somebody who counted none
 * of it; and posted. That is the decision; its counts reach their items by a process, once, whatever crashes (DESIGN §4).
 */
import { invariant } from "../kernel/assert.ts";
import { accept, type Decider, type Decision, refuse } from "../kernel/decider.ts";
import type { LotQuantity } from "./lot-row.ts";
import type {
  PostedLine,
  StocktakeCommand,
  StocktakeEvent,
  StocktakeEvents,
  StocktakeRefusal,
} from "./stocktake-events.ts";

/** `isPosted`: and its item has not refused it. */
type Line = Readonly<{ isPosted: boolean; counted: PostedLine; lots?: readonly LotQuantity[] }>;
type Opened = StocktakeEvents["StocktakeOpened"] &
  Readonly<{
    status: "Open" | "Abandoned";
    lines: readonly Line[];
    /** Whoever counted a line, also where another count replaced theirs. */
    countedBy: readonly string[];
    approvedBy: string | undefined;
    /** The names of the counts that their items refused. */
    refused: readonly string[];
  }>;
export type Stocktake = Readonly<{ status: "New" }> | Opened;

/** One stream a stocktake, whose name never changes. */
export const stocktakeStream = (book: string, stocktake: string): string => `${book}.stocktake-${stocktake}`;

/** A posting fits one append, however long its names and figures are. */
export const LINES_MAX = 2_000;

type Decided = Decision<StocktakeEvent, StocktakeRefusal>;
type Asked<Type extends StocktakeCommand["type"]> = Extract<StocktakeCommand, { type: Type }>;

function decide(command: StocktakeCommand, state: Stocktake): Decided {
  if (command.type === "OpenStocktake") return opening(command, state);
  if (state.status === "New") return refuse({ name: "StocktakeNotOpened" });
  if (state.status === "Abandoned") return refuse({ name: "StocktakeAbandoned" });
  switch (command.type) {
    case "CountLine":
      return counting(command, state);
    case "ApproveStocktake":
      return approving(command, state);
    case "PostStocktake":
      return posting(command, state);
    case "AbandonStocktake":
      return abandoning(command, state);
    case "ReportRefusedCount": {
      const { line } = command.data;
      if (!state.lines[line - 1]?.isPosted) return refuse({ name: "LineNotPosted", line });
      return accept({ type: "StocktakeLineRefused", data: command.data });
    }
  }
}

function opening({ data, today, openFrom }: Asked<"OpenStocktake">, state: Stocktake): Decided {
  const { date: effectiveDate } = data;
  if (state.status !== "New") return refuse({ name: "StocktakeAlreadyOpened" });
  if (effectiveDate > today) return refuse({ name: "EffectiveDateAfterToday", effectiveDate, today });
  if (openFrom !== undefined && effectiveDate < openFrom)
    return refuse({ name: "PeriodClosed", effectiveDate, openFrom });
  return accept({ type: "StocktakeOpened", data });
}

function counting({ data: { lots, ...data } }: Asked<"CountLine">, { lines }: Opened): Decided {
  const known = lines.find(({ counted }) => counted.item === data.item && counted.lot === data.lot);
  const line = known?.counted.line ?? lines.length + 1;
  // What is posted stands: it is mended by another count, or by cancelling it.
  if (known?.isPosted) return refuse({ name: "LineAlreadyPosted", line });
  if (line > LINES_MAX) return refuse({ name: "TooManyLines", most: LINES_MAX });
  const counted = { type: "StocktakeLineCounted", data: { ...data, line } } as const;
  if (!lots) return accept(counted);
  const of = { type: "StocktakeLotsCounted", data: { stocktake: data.stocktake, line, lots } } as const;
  return accept<StocktakeEvent>(counted, of);
}

function approving({ data }: Asked<"ApproveStocktake">, state: Opened): Decided {
  const { approvedBy } = data;
  if (linesToPost(state).length === 0) return refuse({ name: "NoLineToPost" });
  if (state.approvedBy !== undefined)
    return refuse({ name: "StocktakeAlreadyApproved", approvedBy: state.approvedBy });
  if (state.countedBy.includes(approvedBy)) return refuse({ name: "ApproverCounted", approvedBy });
  return accept({ type: "StocktakeApproved", data });
}

function posting({ openFrom }: Asked<"PostStocktake">, state: Opened): Decided {
  const { stocktake, location, date, reference, approvedBy } = state;
  const [first, ...others] = linesToPost(state);
  if (!first) return refuse({ name: "NoLineToPost" });
  if (approvedBy === undefined) return refuse({ name: "StocktakeNotApproved" });
  if (openFrom !== undefined && date < openFrom)
    return refuse({ name: "PeriodClosed", effectiveDate: date, openFrom });
  const lines = [first, ...others];
  return accept({
    type: "StocktakePosted",
    data: { stocktake, location, date, reference, approvedBy, lines },
  });
}

function abandoning({ data }: Asked<"AbandonStocktake">, { lines }: Opened): Decided {
  const posted = lines.filter(({ isPosted }) => isPosted).length;
  if (posted > 0) return refuse({ name: "LinesPosted", lines: posted });
  return accept({ type: "StocktakeAbandoned", data });
}

const linesToPost = ({ lines }: Opened): readonly PostedLine[] =>
  lines.filter(({ isPosted }) => !isPosted).map(({ counted }) => counted);

function evolve(state: Stocktake, event: StocktakeEvent): Stocktake {
  if (event.type === "StocktakeOpened")
    return { ...event.data, status: "Open", lines: [], countedBy: [], approvedBy: undefined, refused: [] };
  invariant(state.status !== "New", `${event.type} before the stocktake was opened`);
  switch (event.type) {
    case "StocktakeLineCounted": {
      const { stocktake: _, countedBy, ...counted } = event.data;
      return {
        ...state,
        lines: state.lines.toSpliced(counted.line - 1, 1, { counted, isPosted: false }),
        countedBy: state.countedBy.includes(countedBy) ? state.countedBy : [...state.countedBy, countedBy],
        approvedBy: undefined,
      };
    }
    case "StocktakeLotsCounted": {
      const { line, lots } = event.data;
      return { ...state, lines: state.lines.map((each, n) => (n === line - 1 ? { ...each, lots } : each)) };
    }
    case "StocktakeApproved":
      return { ...state, approvedBy: event.data.approvedBy };
    case "StocktakePosted":
      return { ...state, lines: state.lines.map((line) => ({ ...line, isPosted: true })) };
    case "StocktakeLineRefused": {
      const { line, movement } = event.data;
      return { ...state, lines: withRefused(state.lines, line), refused: [...state.refused, movement] };
    }
    case "StocktakeAbandoned":
      return { ...state, status: "Abandoned" };
  }
}

const withRefused = (lines: readonly Line[], refused: number): readonly Line[] =>
  lines.map((line, index) => (index === refused - 1 ? { ...line, isPosted: false } : line));

function recall(first: StocktakeEvent, second?: StocktakeEvent): StocktakeCommand {
  const { type, data } = first;
  switch (type) {
    case "StocktakeOpened":
      return { type: "OpenStocktake", data, today: data.date };
    case "StocktakeLineCounted": {
      const { line: _, ...asked } = data;
      const lots = second?.type === "StocktakeLotsCounted" ? { lots: second.data.lots } : {};
      return { type: "CountLine", data: { ...asked, ...lots }, today: "" };
    }
    case "StocktakeLotsCounted":
      throw new Error("no command begins with the lots of a line");
    case "StocktakeApproved":
      return { type: "ApproveStocktake", data, today: "" };
    case "StocktakePosted":
      return { type: "PostStocktake", data: { stocktake: data.stocktake }, today: "" };
    case "StocktakeLineRefused":
      return { type: "ReportRefusedCount", data, today: "" };
    case "StocktakeAbandoned":
      return { type: "AbandonStocktake", data, today: "" };
  }
}

export const stocktake: Decider<StocktakeCommand, StocktakeEvent, Stocktake, StocktakeRefusal> = {
  initial: { status: "New" },
  evolve,
  decide,
  recall,
};
