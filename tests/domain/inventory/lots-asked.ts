/** Commands about lots, as histories draw them. */
import fc from "fast-check";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { lotRowsIn } from "../../../domain/inventory/lot-tracking.ts";
import { d, today } from "../../support/rod.ts";
import type { Fact } from "./lots-replayed.ts";

export type Mode = "lots" | "serials" | "costed serials";
export const KINDS = [
  ...["ReceiveGoods", "ReceiveGoods", "RecordOpeningStock", "IssueGoods", "IssueGoods", "IssueGoods"],
  ...[
    "TransferGoods",
    "AdjustStock",
    "ReturnGoods",
    "ReturnGoods",
    "ReturnToSupplier",
    "ReturnUnmatchedGoods",
  ],
  ...["DispatchGoods", "ArriveGoods", "CountStock", "CancelMovement", "CancelMovement"],
] as const;

/** `ref`: which of those that it may be of. `closes`: the day before it. `freezes`: the company changes its policy. */
export const drawn = fc.record({
  kind: fc.constantFrom(...KINDS),
  day: fc.integer({ min: 1, max: 8 }),
  time: fc.constantFrom(null, null, "09:00:00"),
  at: fc.constantFrom("A", "A", "B"),
  picks: fc.uniqueArray(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 4 })), {
    ...{ minLength: 1, maxLength: 3 },
    selector: ([lot]) => lot,
  }),
  ref: fc.nat(20),
  isLoss: fc.boolean(),
  before: fc.nat(5),
  closes: fc.nat(15),
  freezes: fc.nat(60),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;
export const histories = fc.record({
  mode: fc.constantFrom<Mode>("lots", "lots", "serials", "costed serials"),
  drawn: fc.array(drawn, { minLength: 8, maxLength: 30 }),
});

export const LAST_DAY = 31;
export const dayOf = (day: number) => `2026-03-${`${day}`.padStart(2, "0")}`;
const AREAS = { A: "B", B: "A" } as const;

/** By area, in the end. */
export type Lying = ReadonlyMap<string, readonly (readonly [lot: string, units: number])[]>;
export function lyingAfter(ends: ReadonlyMap<string, ReadonlyMap<string, number>>): Lying {
  const areas = new Map<string, (readonly [string, number])[]>();
  for (const [key, units] of [...ends.values()].at(-1) ?? []) {
    const [lot = "", area = ""] = key.split(" ");
    areas.set(area, [...(areas.get(area) ?? []), [lot, units]]);
  }
  return areas;
}

/** What is asked, and the fact that it would be; a cancelling is of a movement's name. */
export function asked(
  name: string,
  each: Drawn,
  mode: Mode,
  facts: readonly Fact[],
  openFrom: number,
  lying: Lying,
) {
  const { kind, at, time } = each;
  const of = (...kinds: readonly string[]) => {
    const those = facts.filter((fact) => kinds.includes(fact.kind));
    return those[each.ref % Math.max(those.length, 1)];
  };
  const isIn = /Receive|Opening|Unmatched/.test(kind);
  const picks = mode === "costed serials" ? each.picks.slice(0, 1) : each.picks;
  const referred =
    kind === "ReturnGoods" ? of("IssueGoods") : kind === "ArriveGoods" ? of("DispatchGoods") : undefined;
  // Mostly of what went, or of what lies there in the end; but for counts, and what comes in.
  const isOut = !isIn && kind !== "CountStock" && !(kind === "AdjustStock" && !each.isLoss);
  const there = referred ? [...referred.lots] : isOut && each.before < 5 ? (lying.get(at) ?? []) : [];
  const named = picks.map(([nth, some]) => {
    const [lot, most] = there[nth % Math.max(there.length, 1)] ?? [`L${nth}`, isIn ? 12 : 4];
    const units = isIn ? 3 * some : some;
    return [
      each.before === 4 ? `L${nth}` : lot,
      mode !== "lots" ? 1 : Math.min(units, most + (each.ref % 2)),
    ] as const;
  });
  const isNone = kind === "CountStock" && each.isLoss;
  const none = mode === "costed serials" ? named.map(([lot]) => [lot, 0] as const) : [];
  const lots = new Map(isNone ? none : named);
  const quantity = d(`${[...lots.values()].reduce((a, b) => a + b, 0)}`);
  const soonest =
    referred && each.ref % 7 > 0 ? Number(referred.day.slice(-2)) : isOut && each.ref % 3 > 0 ? 5 : 1;
  const day = dayOf(Math.max(each.day, soonest, openFrom - (each.ref % 7 === 0 ? 1 : 0)));
  const [lot] = mode === "costed serials" ? [...lots.keys()] : [null];
  const about = { item: "rod", movement: name, effectiveDate: day, time, lot: lot ?? null, reference: null };
  const before = each.before === 0 ? of("CountStock")?.name : undefined;
  const fact = { name, kind: kind as string, day, time, lots, before };
  const circumstances = {
    today,
    openFrom: dayOf(openFrom),
    ...(before !== undefined && { before }),
    ...(mode !== "costed serials" && {
      lots: [...lots].map(([lot, many]) => ({ lot, quantity: d(`${many}`) })),
    }),
  };
  const tell = (data: object, way: Partial<Fact>) => ({
    command: { type: kind, data: { ...about, ...data }, ...circumstances } as unknown as ItemCommand,
    fact: { ...fact, ...way } as Fact,
  });
  switch (kind) {
    case "RecordOpeningStock": {
      const layers = [{ quantity, value: d("7"), receivedOn: day }];
      return tell({ location: at, layers }, { to: at });
    }
    case "ReceiveGoods":
    case "ReturnUnmatchedGoods":
      return tell({ location: at, quantity, value: d("9.5"), approvedBy: "ben" }, { to: at });
    case "IssueGoods":
      return tell({ location: at, quantity, purpose: "sale", reference: "SO" }, { from: at });
    case "ReturnToSupplier": {
      const receipt = each.isLoss ? null : (of("ReceiveGoods")?.name ?? null);
      const data = { location: at, quantity, receipt, credit: d("1"), uninvoiced: false };
      return tell(data, { from: at, of: receipt ?? undefined });
    }
    case "TransferGoods":
      return tell({ from: at, to: AREAS[at], quantity }, { from: at, to: AREAS[at] });
    case "DispatchGoods":
      return tell({ from: at, via: "road", to: "B", quantity }, { from: at, to: "road" });
    case "ArriveGoods":
      return tell(
        { dispatch: referred?.name ?? "none", location: at, quantity },
        { from: "road", to: at, of: referred?.name },
      );
    case "ReturnGoods":
      return tell(
        { issue: referred?.name ?? "none", location: at, quantity },
        { to: at, of: referred?.name },
      );
    case "AdjustStock": {
      const signed = each.isLoss ? `-${quantity}` : quantity;
      return tell(
        { location: at, quantity: signed, value: each.isLoss ? null : d("3") },
        { [each.isLoss ? "from" : "to"]: at },
      );
    }
    case "CountStock": {
      const data = {
        location: at,
        counted: quantity,
        unitCost: { quantity: d("1"), value: d("2") },
        stocktake: null,
      };
      return tell(data, { from: at, to: at, onlyOf: lot ?? undefined });
    }
    default: {
      const undone = facts[each.ref % Math.max(facts.length, 1)];
      const cancelled = undone?.name ?? "none";
      const compensateOn = [dayOf(each.day), dayOf(openFrom), undone?.day ?? ""].toSorted()[2] as string;
      const data = { item: "rod", cancellation: name, cancelled, reference: "typed twice", compensateOn };
      const command = { type: kind, data, today, openFrom: dayOf(openFrom) } as ItemCommand;
      return { command, fact: undefined, cancelled, compensateOn };
    }
  }
}

/** All that would stand after it. */
export function after(
  facts: readonly Fact[],
  { fact, ...cancel }: ReturnType<typeof asked>,
  name: string,
  compensates: boolean,
) {
  if (fact) return [...facts, fact];
  if (!("cancelled" in cancel)) return facts;
  const undone = facts.find((each) => each.name === cancel.cancelled);
  if (!undone || !compensates) return facts.filter((each) => each !== undone);
  const way = { from: undone.to, to: undone.from, of: undone.name, before: undefined };
  return [...facts, { ...undone, ...way, name, kind: "Compensate", day: cancel.compensateOn, time: null }];
}

type Row = Readonly<{ area: string; date: string; quantity: string }>;

/** All that they say of lots, and of costs. */
export function rowsIn(events: readonly ItemEvent[]) {
  let current: string | null = null;
  const lotRows: (Row & { lot: string })[] = [];
  const costRows: Row[] = [];
  for (const event of events) {
    if ("effectiveDate" in event.data) current = event.data.lot;
    lotRows.push(...lotRowsIn(event, current));
    if ("rows" in event.data) costRows.push(...event.data.rows);
  }
  return { lotRows, costRows };
}

export function sums<R extends Row>(rows: readonly R[], until: string, keyOf: (row: R) => string) {
  const found = new Map<string, number>();
  for (const row of rows)
    if (row.date <= until) found.set(keyOf(row), (found.get(keyOf(row)) ?? 0) + Number(row.quantity));
  return textOf(found);
}
/** What is not nothing, in order. */
export const textOf = (map: ReadonlyMap<string, number>): readonly string[] =>
  [...map].flatMap(([key, units]) => (units === 0 ? [] : [`${key}: ${units}`])).toSorted();
