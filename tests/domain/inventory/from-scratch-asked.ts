/** A command read: what it moves, and what is wrong with it before anything is run. */
import type { Refusal } from "./from-scratch-flow.ts";
import { decimalsOf, steps, total } from "./from-scratch-numbers.ts";
import { isCount, type Lump, type Move, touches } from "./from-scratch-order.ts";

type Figures = Readonly<{ quantity: string; value: string }>;
export type Registration = Readonly<{ costBy: "fifo" | "lot"; quantityScale: number; valueScale: number }>;
/** `policies`: what the company changed to, one after the other; before, it replays. */
export type Command = Readonly<{
  type: string;
  data: object;
  today: string;
  openFrom?: string | undefined;
  policies?: readonly Readonly<{ policy: string }>[];
  project?: string | undefined;
}>;
/** Any command's: none has all of these. */
export type Data = Readonly<{
  movement: string;
  effectiveDate: string;
  time: string | null;
  lot: string | null;
  location?: string;
  from?: string;
  via?: string;
  to?: string;
  quantity?: string;
  value?: string | null;
  layers?: readonly Figures[];
  mayGoShort?: Readonly<{ statedCost: Figures | null }> | null;
  issue?: string;
  receipt?: string | null;
  dispatch?: string;
  uninvoiced?: boolean;
  counted?: string;
  unitCost?: Figures | null;
  credit?: string;
  before?: string;
  project?: string;
  amount?: string;
  fact: string;
  documentDate: string;
  cancelled: string;
  cancellation: string;
  compensateOn?: string;
}>;

export const policyOf = ({ policies = [] }: Command): Pick<Move, "changes" | "frozen"> => ({
  changes: policies.length,
  frozen: policies.at(-1)?.policy === "freeze",
});
export const dataOf = (command: Command): Data => command.data as Data;
const scaled = (value: string, scale: number): bigint =>
  decimalsOf(value) > scale ? 0n : steps(value, scale);

export function moveOf(
  command: Command,
  { quantityScale, valueScale }: Registration,
  recorded: number,
  original: Move | undefined,
): Move {
  const { type: kind } = command;
  const data = dataOf(command);
  const { location, from = location, via, to = location, counted, layers, quantity, value } = data;
  const lump = (figures: Figures): Lump => ({
    units: scaled(figures.quantity, quantityScale),
    worth: scaled(figures.value, valueScale),
  });
  const lumps = (layers ?? [{ quantity: quantity ?? "0", value: value ?? "0" }]).map(lump);
  const units = layers
    ? total(lumps, (each) => each.units)
    : scaled(counted ?? quantity ?? "0", quantityScale);
  const isLoss = kind === "AdjustStock" && units < 0n;
  const leaves =
    isLoss ||
    /^(IssueGoods|TransferGoods|ReturnToSupplier|DispatchGoods|CountStock|(Unp|P)inGoods)$/.test(kind);
  const comes = !/^(IssueGoods|ReturnToSupplier)$/.test(kind) && !isLoss;
  const project = projectOf(command, original);
  const stated = data.unitCost ?? data.mayGoShort?.statedCost;
  return {
    name: data.movement,
    kind,
    day: data.effectiveDate,
    time: data.time,
    lot: data.lot,
    recorded,
    from: kind === "ArriveGoods" ? original?.to : leaves ? from : undefined,
    to: comes ? (via ?? to) : undefined,
    takesOf: kind === "PinGoods" ? null : (data.project ?? project),
    bringsOf: kind === "UnpinGoods" ? null : (data.project ?? project),
    of: data.issue ?? data.receipt ?? data.dispatch,
    before: data.before,
    units: isLoss ? -units : units,
    lumps,
    unit: stated ? lump(stated) : undefined,
    mayGoShort: Boolean(data.mayGoShort) && project === null,
    uninvoiced: data.uninvoiced === true && typeof data.receipt === "string",
    ...policyOf(command),
  };
}

/** Of whose stock it is told to be, or what it refers to was. */
function projectOf({ type, project }: Command, original: Move | undefined): string | null {
  if (type === "ReturnGoods" || type === "ArriveGoods") return original?.bringsOf ?? null;
  return type === "ReturnToSupplier" ? (project ?? original?.bringsOf ?? null) : (project ?? null);
}

/** Back by what it was: where it came from and went to change places. */
export const compensationOf = (
  original: Move,
  { name, day, recorded }: Pick<Move, "name" | "day" | "recorded">,
  command: Command,
): Move => ({
  ...original,
  ...policyOf(command),
  ...{ name, kind: "Compensate", day, time: null, recorded, before: undefined },
  ...{ takesOf: original.bringsOf, bringsOf: original.takesOf },
  ...{ of: original.name, from: original.to, to: original.from, mayGoShort: false, uninvoiced: false },
  units:
    original.lumps.length > 1 ? original.lumps.reduce((sum, { units }) => sum + units, 0n) : original.units,
});

export function wrongDate(day: string, { today, openFrom }: Command): Refusal | undefined {
  if (day > today) return { name: "EffectiveDateAfterToday", effectiveDate: day, today };
  if (openFrom !== undefined && day < openFrom) return { name: "PeriodClosed", effectiveDate: day, openFrom };
  return undefined;
}

/** `standing`: those that can be referred to. */
export function wrongMove(
  move: Move,
  command: Command,
  { costBy, quantityScale, valueScale }: Registration,
  standing: readonly Move[],
): Refusal | undefined {
  const data = dataOf(command);
  const { kind, of, lot, day: effectiveDate, before } = move;
  const find = (type: string) => standing.find((each) => each.kind === type && each.name === of);
  const [issue, receipt, dispatch] = ["IssueGoods", "ReceiveGoods", "DispatchGoods"].map(find);
  const wrong = wrongDate(effectiveDate, command);
  if (wrong) return wrong;
  if (kind === "ReturnToSupplier" && of !== undefined && !receipt)
    return { name: "ReceiptNotFound", receipt: of };
  if (kind === "ReturnGoods" && !issue) return { name: "IssueNotFound", issue: of };
  if (kind === "ArriveGoods" && !dispatch) return { name: "DispatchNotFound", dispatch: of };
  if (costBy === "lot" && lot === null) return { name: "LotRequired" };
  if (costBy === "fifo" && lot !== null) return { name: "LotNotKept" };
  const isNamed = (each: Move) => isCount(each) && each.name === before && each.day === effectiveDate;
  if (before !== undefined && !standing.some((each) => isNamed(each) && touches(move, each.to)))
    return { name: "CountNotFound", count: before };
  if (issue && effectiveDate < issue.day)
    return { name: "ReturnBeforeIssue", effectiveDate, issued: issue.day };
  if (receipt && effectiveDate < receipt.day)
    return { name: "ReturnBeforeReceipt", effectiveDate, received: receipt.day };
  if (dispatch && effectiveDate < dispatch.day)
    return { name: "ArrivalBeforeDispatch", effectiveDate, dispatched: dispatch.day };
  const imprecise = tooPrecise(data, quantityScale, valueScale);
  if (imprecise) return imprecise;
  if (move.from !== undefined && move.from === move.to && !isCount(move) && move.takesOf === move.bringsOf)
    return { name: "SameLocation", location: move.from };
  return undefined;
}

export function tooPrecise(data: Data, quantityScale: number, valueScale: number): Refusal | undefined {
  const { quantity, counted, layers = [], unitCost, mayGoShort, value, credit, amount } = data;
  const lumps = [...layers, unitCost, mayGoShort?.statedCost];
  const fine = [quantity, counted, ...lumps.map((lump) => lump?.quantity)].find(
    (each) => decimalsOf(each ?? "") > quantityScale,
  );
  if (fine) return { name: "QuantityTooPrecise", quantity: fine, scale: quantityScale };
  const vague = [value, credit, amount, ...lumps.map((lump) => lump?.value)].find(
    (each) => decimalsOf(each ?? "") > valueScale,
  );
  if (vague) return { name: "ValueTooPrecise", value: vague, scale: valueScale };
  return undefined;
}
