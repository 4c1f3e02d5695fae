/** The command that a line is. */
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import type { DecimalText } from "../../domain/kernel/decimal.ts";
import { unitCostOf, worthOf } from "./line-cost.ts";
import { pricedAs } from "./line-foreign.ts";
import type { Costed, Line } from "./line-forms.ts";

/** `shortStockAt`: where issues may go short. */
export type Circumstances = Readonly<{ valueScale: number; today: string; shortStockAt: readonly string[] }>;

type Command = Pick<ItemCommand, "type" | "data">;

/** In the line's unit, which is the item's own where it names none. `name`: of the movement, or of what is learnt. */
export function commandOf(line: Line, name: string, company: Circumstances): ItemCommand {
  const { unit, approvedBy, before, project, measured, measuredUnit, lots } = line;
  const isPinning = line.kind === "pin" || line.kind === "unpin";
  const isLearnt = line.kind === "invoice" || line.kind === "cost";
  return {
    ...(isLearnt ? learnt(line, name, company) : moving(line, name, company)),
    today: company.today,
    ...(unit !== undefined && { unit }),
    ...(approvedBy !== undefined && { approvedBy }),
    ...(before !== undefined && { before }),
    ...(lots !== undefined && { lots }),
    ...(measured !== undefined && { measured: { quantity: measured, unit: measuredUnit } }),
    ...(project !== undefined && !isPinning && { project }),
  } as ItemCommand;
}

type Learnt = Extract<Line, { kind: "invoice" | "cost" }>;

function learnt(line: Learnt, fact: string, { valueScale }: Circumstances): Command {
  const { item, date: documentDate, of: receipt, reference } = line;
  const stated = line.kind === "cost" ? line.value : worth(line, valueScale);
  const about = { item, receipt, fact, documentDate, reference, ...pricedAs(line, stated, valueScale) };
  if (line.kind === "cost") return { type: "AddReceiptCost", data: { ...about, kind: line.purpose } };
  return { type: "InvoiceReceipt", data: { ...about, quantity: line.quantity } };
}

function moving(line: Exclude<Line, Learnt>, movement: string, company: Circumstances): Command {
  const { item, date: effectiveDate, time = null, lot = null, location, quantity } = line;
  const { valueScale, shortStockAt } = company;
  const reference = line.reference ?? null;
  const about = { item, movement, effectiveDate, time, lot };
  const moved = { ...about, quantity, reference };
  switch (line.kind) {
    case "opening": {
      const layers = [{ quantity, value: worth(line, valueScale), receivedOn: effectiveDate }];
      return { type: "RecordOpeningStock", data: { ...about, location, layers } };
    }
    case "receipt":
      return { type: "ReceiveGoods", data: { ...moved, location, value: worth(line, valueScale) } };
    case "issue": {
      const statedCost = line.statedCost === undefined ? null : unitCostOf(line.statedCost, valueScale);
      const mayGoShort = shortStockAt.includes(location) ? { mayGoShort: { statedCost } } : {};
      const data = { ...moved, location, purpose: line.purpose, reference: line.reference, ...mayGoShort };
      return { type: "IssueGoods", data };
    }
    case "transfer":
      return { type: "TransferGoods", data: { ...moved, from: location, to: line.to } };
    case "adjustment":
      return { type: "AdjustStock", data: { ...moved, location, value: worthOf(line, valueScale) } };
    case "return":
      return { type: "ReturnGoods", data: { ...moved, location, issue: line.of } };
    case "unmatchedReturn": {
      const data = { ...moved, location, value: worth(line, valueScale), approvedBy: line.approvedBy };
      return { type: "ReturnUnmatchedGoods", data };
    }
    case "supplierReturn":
    case "uninvoicedReturn": {
      const [receipt, uninvoiced] = [line.of ?? null, line.kind === "uninvoicedReturn"];
      const data = { ...moved, location, receipt, credit: worth(line, valueScale), uninvoiced };
      return { type: "ReturnToSupplier", data };
    }
    case "dispatch":
      return { type: "DispatchGoods", data: { ...moved, from: location, via: line.via, to: line.to } };
    case "arrival":
      return { type: "ArriveGoods", data: { ...moved, location, dispatch: line.of } };
    case "pin":
      return { type: "PinGoods", data: { ...moved, location, project: line.project } };
    case "unpin":
      return { type: "UnpinGoods", data: { ...moved, location, project: line.project } };
    case "count": {
      const unitCost = line.unitCost === undefined ? null : unitCostOf(line.unitCost, valueScale);
      const data = { ...about, reference, location, counted: quantity, unitCost, stocktake: null };
      return { type: "CountStock", data };
    }
  }
}

/** Of a line that was checked to have one. */
const worth = (line: Costed, valueScale: number) => worthOf(line, valueScale) as DecimalText;
