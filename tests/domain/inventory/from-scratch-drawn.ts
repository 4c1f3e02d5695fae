/** Facts drawn at random, small ones and close together, so that they meet. */

type Fields = Record<string, unknown>;
export type Fact = Readonly<{ type: string; data: Fields }>;
export const on = (day: number): string => `2026-03-${`${day}`.padStart(2, "0")}`;

/** Numbers that look like chance and are the same each time. */
export function chance(seed: number) {
  let state = seed * 2_654_435_761 + 1;
  const below = (n: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % n;
  };
  return { below, oneOf: <T>(all: readonly T[]): T => all[below(all.length)] as T };
}

/** One fact, which may well be refused. `after`: the day after which it is dated. */
export function drawn(
  nth: number,
  accepted: readonly Fact[],
  byLot: boolean,
  { below, oneOf }: Chance,
  after = 0,
): Fact {
  const name = `${nth}`;
  const quantity = `${1 + below(9)}`;
  const value = `${below(40)}.${below(10)}${below(10)}`;
  const [location, to, via] = [oneOf(["A", "A", "B"]), oneOf(["A", "B", "B"]), "W"];
  const some = (type: string) => oneOf(accepted.filter((each) => each.type === type));
  const of = (type: string) => some(type)?.data["movement"] ?? "none";
  const unitCost = oneOf([null, { quantity: "3", value }]);
  const kinds: Record<string, () => Fields> = {
    RecordOpeningStock: () => ({
      location,
      layers: [1, 2].map(() => ({ quantity, value, receivedOn: on(1) })),
    }),
    ReceiveGoods: () => ({ location, quantity, value }),
    ReturnUnmatchedGoods: () => ({ location, quantity, value, approvedBy: "x" }),
    IssueGoods: () => ({
      ...{ location, quantity, purpose: "sale", reference: "x" },
      ...(below(3) === 0 ? { mayGoShort: { statedCost: unitCost } } : {}),
    }),
    TransferGoods: () => ({ from: location, to, quantity }),
    AdjustStock: () => {
      const isLoss = below(2) === 0;
      return {
        location,
        quantity: isLoss ? `-${quantity}` : quantity,
        value: isLoss ? null : oneOf([null, value]),
      };
    },
    ReturnGoods: () => {
      const { movement = "none", lot = null } = some("IssueGoods")?.data ?? {};
      return { issue: movement, location, quantity: `${1 + below(4)}`, lot };
    },
    ReturnToSupplier: () => {
      const { movement = null, lot = null } = some("ReceiveGoods")?.data ?? {};
      const rest = { location, quantity: `${1 + below(4)}`, credit: value, uninvoiced: below(2) === 0 };
      return { receipt: oneOf([movement, movement, null]), lot, ...rest };
    },
    DispatchGoods: () => ({ from: location, via, to, quantity }),
    ArriveGoods: () => {
      const { movement = "none", lot = null } = some("DispatchGoods")?.data ?? {};
      return { dispatch: movement, location: to, quantity: `${1 + below(5)}`, lot };
    },
    CountStock: () => ({ location, counted: `${below(12)}`, unitCost, stocktake: null }),
    CancelMovement: () => {
      const cancelled = oneOf([oneOf(accepted)?.data["movement"], `${below(nth + 1)}`]);
      return { cancellation: name, cancelled, reference: "x" };
    },
    InvoiceReceipt: () => ({ receipt: of("ReceiveGoods"), quantity: `${1 + below(6)}`, amount: value }),
    AddReceiptCost: () => ({ receipt: of("ReceiveGoods"), kind: "rebate", amount: oneOf(["-", ""]) + value }),
    CancelValueFact: () => ({ cancelled: oneOf([of("InvoiceReceipt"), of("AddReceiptCost")]) }),
  };
  const usual = [
    "ReceiveGoods",
    "ReceiveGoods",
    "IssueGoods",
    "ReturnGoods",
    "CancelMovement",
    "InvoiceReceipt",
    "ReturnToSupplier",
  ];
  const type = oneOf([...Object.keys(kinds), ...usual]);
  const counts = accepted.filter((each) => each.type === "CountStock");
  const before = below(8) === 0 ? { before: oneOf(counts)?.data["movement"] } : {};
  const general = {
    ...{
      item: "rod",
      movement: name,
      fact: name,
      documentDate: on(1),
      effectiveDate: on(after + 1 + below(6)),
    },
    ...{ time: oneOf([null, "09:00:00", "10:00:00"]), lot: byLot ? oneOf(["x", "x", "y"]) : null, ...before },
  };
  return { type, data: { ...general, ...kinds[type]?.() } };
}
export type Chance = ReturnType<typeof chance>;
