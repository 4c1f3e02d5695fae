/** Short ways to tell the oracle of a fact, by hand. */
import { fromScratch } from "./from-scratch.ts";

type Fields = Record<string, unknown>;
export type Told = readonly [type: string, data: Fields, extra?: Fields];
export const on = (day: number): string => `2026-03-${`${day}`.padStart(2, "0")}`;
export const move = (type: string, movement: string, day: number, rest: Fields): Told => [
  type,
  { item: "rod", movement, effectiveDate: on(day), time: null, lot: null, ...rest },
];
type Amount = string;
export const receive = (
  name: string,
  quantity: Amount,
  value: Amount,
  day: number,
  location = "A",
  rest = {},
) => move("ReceiveGoods", name, day, { quantity, value, location, ...rest });
export const issue = (name: string, quantity: Amount, day: number, rest = {}) =>
  move("IssueGoods", name, day, { quantity, location: "A", purpose: "sale", reference: "x", ...rest });
export const short = (name: string, quantity: Amount, day: number, statedCost: object | null = null) =>
  issue(name, quantity, day, { mayGoShort: { statedCost } });
export const transfer = (name: string, quantity: Amount, day: number, from = "A", to = "B") =>
  move("TransferGoods", name, day, { quantity, from, to });
export const back = (name: string, of: string, quantity: Amount, day: number, location = "A") =>
  move("ReturnGoods", name, day, { issue: of, quantity, location });
export const supplied = (name: string, receipt: string | null, quantity: Amount, day: number, rest = {}) =>
  move("ReturnToSupplier", name, day, {
    ...{ receipt, quantity, location: "A", credit: "0", uninvoiced: false, ...rest },
  });
export const count = (name: string, counted: Amount, day: number, rest = {}) =>
  move("CountStock", name, day, { counted, location: "A", unitCost: null, stocktake: null, ...rest });
export const adjust = (name: string, quantity: Amount, value: Amount | null, day: number) =>
  move("AdjustStock", name, day, { quantity, value, location: "A" });
const fact = { item: "rod", documentDate: on(1), reference: "x" };
export const invoice = (name: string, receipt: string, quantity: Amount, amount: Amount): Told => [
  ...(["InvoiceReceipt", { ...fact, fact: name, receipt, quantity, amount }] as const),
];
export const cost = (name: string, receipt: string, amount: Amount): Told => [
  ...(["AddReceiptCost", { ...fact, fact: name, receipt, amount, kind: "landedCost" }] as const),
];
export const cancel = (cancellation: string, cancelled: string, openFrom?: number, rest = {}): Told => [
  "CancelMovement",
  { item: "rod", cancellation, cancelled, reference: "x", ...rest },
  openFrom === undefined ? {} : { openFrom: on(openFrom) },
];

/** A book that was told these facts, and short ways to look at it. */
export function of(...facts: readonly Told[]) {
  const book = fromScratch({ costBy: "fifo", quantityScale: 1, valueScale: 2 });
  const tell = ([type, data, extra]: Told) => book.tell({ type, data, today: on(30), ...extra });
  const refusals = facts.map((each) => tell(each).refusal);
  const sum = (rows: readonly { quantity: string; value: string }[]) => [
    rows.reduce((all, { quantity }) => all + Number(quantity), 0),
    Math.round(rows.reduce((all, { value }) => all + 100 * Number(value), 0)) / 100,
  ];
  return {
    refusals: refusals.filter((refusal) => refusal !== undefined),
    tell,
    order: book.order,
    rows: () => book.rows().map((row) => `${row.movement} ${row.layer} ${row.quantity} ${row.value}`),
    dated: (movement: string) =>
      book.rows().flatMap((r) => (r.movement === movement ? `${r.layer} ${r.date} ${r.quantity}` : [])),
    cost: (movement: string) => sum(book.rows().filter((row) => row.movement === movement)),
    layers: () => {
      const rows = book.rows();
      const left = [...new Set(rows.map(({ layer }) => layer))].map((layer) => ({
        ...{ layer, left: sum(rows.filter((row) => row.layer === layer)) },
      }));
      return left.flatMap(({ layer, left: [n, v] }) => (n === 0 && v === 0 ? [] : `${layer} ${n} ${v}`));
    },
  };
}
