import fc from "fast-check";
import { expect, test } from "vitest";
import { type Item, item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../../../domain/inventory/item-events.ts";
import { lotRowsIn } from "../../../domain/inventory/lot-tracking.ts";
import { plain } from "../../support/plain.ts";
import { d, rod, today } from "../../support/rod.ts";
import { type Fact, replayed } from "./lots-replayed.ts";

const runs = { numRuns: Number(process.env["HISTORIES"] ?? 1_000) };
type Mode = "lots" | "serials" | "costed serials";
const KINDS = [
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
const drawn = fc.record({
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
const histories = fc.record({
  mode: fc.constantFrom<Mode>("lots", "lots", "serials", "costed serials"),
  drawn: fc.array(drawn, { minLength: 8, maxLength: 30 }),
});

const LAST_DAY = 31;
const dayOf = (day: number) => `2026-03-${`${day}`.padStart(2, "0")}`;
const AREAS = { A: "B", B: "A" } as const;

/** By area, in the end. */
type Lying = ReadonlyMap<string, readonly (readonly [lot: string, units: number])[]>;
function lyingAfter(ends: ReadonlyMap<string, ReadonlyMap<string, number>>): Lying {
  const areas = new Map<string, (readonly [string, number])[]>();
  for (const [key, units] of [...ends.values()].at(-1) ?? []) {
    const [lot = "", area = ""] = key.split(" ");
    areas.set(area, [...(areas.get(area) ?? []), [lot, units]]);
  }
  return areas;
}

/** What is asked, and the fact that it would be; a cancelling is of a movement's name. */
function asked(
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
function after(
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

const LOT_REFUSALS = /^(InsufficientLot|SerialTaken|MoreOfLotThanItMoved)$/;

/**
 * Goal: at no point of the costing order is a lot below zero anywhere, is a serial in two places, or has more of a lot come back than
 * went; a movement is refused for that exactly where it would be so; and lots sum up to what costs say lies there.
 * Method: histories with late movements, counts, cancels, closings and changes of policy, in three ways of keeping lots. All accepted
 * facts are sorted anew and replayed in plain maps (lots-replayed.ts), with each that is asked; after each, the sums of lot rows at the
 * end of every day are the replay's, and, by area, the sums of cost rows. What a decision leaves behind is what its events fold to;
 * recalled from them it is the same.
 */
test("lots are what a plain replay of all facts has, and what costs say lies there", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(histories, ({ mode, drawn }) => {
      const serials = mode !== "lots";
      const costBy = mode === "costed serials" ? "lot" : "fifo";
      const begun: readonly ItemEvent[] = [
        { type: "ItemRegistered", data: { ...rod, quantityScale: 0, costBy } },
        { type: "LotsTracked", data: { item: "rod", serials } },
      ];
      let state: Item = begun.reduce(item.evolve, item.initial);
      let facts: readonly Fact[] = [];
      let lying: Lying = new Map();
      const events: ItemEvent[] = [];
      let [openFrom, costing] = [1, undefined as ItemCommand["costing"]];
      for (const [nth, each] of drawn.entries()) {
        const name = `${each.kind.slice(0, 3)}${nth}`;
        if (each.closes === 0 && openFrom < 6) openFrom += 1;
        if (each.freezes === 0 && !costing) {
          costing = { change: 1, policy: "freeze" };
          openFrom = Math.max(openFrom, 1 + Math.max(0, ...facts.map(({ day }) => Number(day.slice(-2)))));
        }
        const ask = asked(name, each, mode, facts, openFrom, lying);
        const command: ItemCommand = { ...ask.command, costing };
        const decision = item.decide(command, state);
        const compensates = decision.ok && decision.events.some(({ type }) => type === "MovementCompensated");
        const told = decision.ok ? command.type : decision.refusal.name;
        seen.set(told, (seen.get(told) ?? 0) + 1);
        if (!decision.ok) {
          const isStanding =
            "cancelled" in ask &&
            facts.some((fact) => fact.name === ask.cancelled && fact.day < dayOf(openFrom));
          const would = [false, isStanding || costing !== undefined].map(
            (undoes) => replayed(after(facts, ask, name, undoes), serials).wrongs,
          );
          if (LOT_REFUSALS.test(decision.refusal.name))
            expect(would.flatMap((wrongs) => [...wrongs])).toContain(decision.refusal.name);
          continue;
        }
        const again = { ...item.recall(...decision.events), openFrom: command.openFrom };
        expect(item.decide(again, state)).toMatchObject({ events: decision.events });
        if (compensates) seen.set("compensates", 1 + (seen.get("compensates") ?? 0));
        state = decision.events.reduce(item.evolve, state);
        if (decision.after?.status === "Registered" && state.status === "Registered")
          expect(plain(decision.after.tracking)).toEqual(plain(state.tracking));
        facts = after(facts, ask, name, compensates);
        events.push(...decision.events);
        const { wrongs, ends } = replayed(facts, serials);
        expect([...wrongs]).toEqual([]);
        lying = lyingAfter(ends);
        sumsAre(ends, events);
      }
    }),
    runs,
  );
  if (process.env["SEEN"]) console.log(seen);
  for (const name of [...KINDS, "InsufficientLot", "SerialTaken", "MoreOfLotThanItMoved", "compensates"])
    expect(seen.get(name) ?? 0, name).toBeGreaterThan(5);
});

type Row = Readonly<{ area: string; date: string; quantity: string }>;

/** At the end of every day, from its rows alone. */
function sumsAre(ends: ReadonlyMap<string, ReadonlyMap<string, number>>, events: readonly ItemEvent[]): void {
  let current: string | null = null;
  const lotRows: (Row & { lot: string })[] = [];
  const costRows: Row[] = [];
  for (const event of events) {
    if ("effectiveDate" in event.data) current = event.data.lot;
    lotRows.push(...lotRowsIn(event, current));
    if ("rows" in event.data) costRows.push(...event.data.rows);
  }
  const [found, replays]: [unknown[], unknown[]] = [[], []];
  for (const day of [1, 2, 3, 4, 5, 6, 7, 8, LAST_DAY]) {
    const lying = [...ends].findLast(([end]) => end <= dayOf(day))?.[1] ?? new Map<string, number>();
    const byArea = new Map<string, number>();
    for (const [key, units] of lying) {
      const area = key.slice(key.indexOf(" ") + 1);
      byArea.set(area, (byArea.get(area) ?? 0) + units);
    }
    replays.push(sorted(lying), sorted(byArea));
    found.push(
      sums(lotRows, dayOf(day), ({ lot, area }) => `${lot} ${area}`),
      sums(costRows, dayOf(day), ({ area }) => area),
    );
  }
  expect(found).toEqual(replays);
}

function sums<R extends Row>(rows: readonly R[], until: string, keyOf: (row: R) => string) {
  const found = new Map<string, number>();
  for (const row of rows)
    if (row.date <= until) found.set(keyOf(row), (found.get(keyOf(row)) ?? 0) + Number(row.quantity));
  return sorted(found);
}
const sorted = (map: ReadonlyMap<string, number>): readonly string[] =>
  [...map].flatMap(([key, units]) => (units === 0 ? [] : [`${key}: ${units}`])).toSorted();
