/** More movements of the item "rod": counts, returns without an issue and to suppliers, goods under way, short issues, pins. */
import type { ItemCommand, ItemCommands } from "../../domain/inventory/item-commands.ts";
import { d, day, today } from "./rod.ts";

type But = Readonly<Record<string, unknown>>;

function move<T extends keyof ItemCommands>(type: T, data: But, { before, ...but }: But = {}) {
  const plain = { item: "rod", effectiveDate: day, time: null, lot: null, location: "A", reference: null };
  return { type, data: { ...plain, ...data, ...but }, today, ...(before ? { before } : {}) } as ItemCommand;
}
const cost = (of: readonly [quantity: string, value: string] | null) =>
  of && { quantity: d(of[0]), value: d(of[1]) };

export const CountStock = (
  movement: string,
  counted: string,
  unitCost: readonly [string, string] | null = null,
  but: But = {},
) => move("CountStock", { movement, counted: d(counted), unitCost: cost(unitCost), stocktake: null }, but);

export const UnmatchedReturn = (movement: string, quantity: string, value: string, but: But = {}) =>
  move("ReturnUnmatchedGoods", { movement, quantity: d(quantity), value: d(value), approvedBy: "ben" }, but);

export const ToSupplier = (movement: string, receipt: string | null, quantity: string, but: But = {}) =>
  move(
    "ReturnToSupplier",
    { movement, receipt, quantity: d(quantity), credit: d("1"), uninvoiced: false },
    but,
  );

export const Pin = (movement: string, quantity: string, project = "P1", but: But = {}) =>
  move("PinGoods", { movement, quantity: d(quantity), project }, but);
export const Unpin = (movement: string, quantity: string, project = "P1", but: But = {}) =>
  move("UnpinGoods", { movement, quantity: d(quantity), project }, but);
export const ofProject = (command: ItemCommand, project = "P1"): ItemCommand => ({ ...command, project });

export const Dispatch = (movement: string, quantity: string, but: But = {}) => {
  const { data, ...rest } = move("DispatchGoods", { movement, quantity: d(quantity), via: "road" }, but);
  const { location: from, ...more } = data as unknown as { location: string };
  return { ...rest, data: { from, to: "B", ...more } } as ItemCommand;
};
export const Arrive = (movement: string, dispatch: string, quantity: string, but: But = {}) =>
  move("ArriveGoods", { movement, dispatch, quantity: d(quantity), location: "B" }, but);

export const ShortIssue = (
  movement: string,
  quantity: string,
  stated: readonly [string, string] | null = null,
  but: But = {},
) =>
  move(
    "IssueGoods",
    {
      ...{ movement, quantity: d(quantity), purpose: "sale", reference: "SO-1" },
      mayGoShort: { statedCost: cost(stated) },
    },
    but,
  );

export const Cancel = (
  cancellation: string,
  cancelled: string,
  { openFrom, compensateOn }: Readonly<{ openFrom?: string; compensateOn?: string }> = {},
): ItemCommand => ({
  type: "CancelMovement",
  data: {
    ...{ item: "rod", cancellation, cancelled, reference: "typed twice" },
    ...(compensateOn === undefined ? {} : { compensateOn }),
  },
  today,
  openFrom,
});
export const open = (command: ItemCommand, openFrom: string): ItemCommand => ({ ...command, openFrom });
