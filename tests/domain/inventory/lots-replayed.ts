/** Lots from scratch: all facts that stand, laid in costing order anew and replayed in plain maps. Shares no code with the rules. */
import { inCostingOrder, type Move } from "./from-scratch-order.ts";

/** `lots`: how many of each. A count's are all that was found, or, `onlyOf`, all of one lot. */
export type Fact = Readonly<{
  name: string;
  kind: string;
  day: string;
  time: string | null;
  from?: string | undefined;
  to?: string | undefined;
  of?: string | undefined;
  before?: string | undefined;
  lots: ReadonlyMap<string, number>;
  onlyOf?: string | undefined;
}>;

type Wrong = "InsufficientLot" | "SerialTaken" | "MoreOfLotThanItMoved";
export type Replayed = Readonly<{
  /** What can't be. */
  wrongs: ReadonlySet<Wrong>;
  /** By day: what lies there at its end, `"L1 A"`. */
  ends: ReadonlyMap<string, ReadonlyMap<string, number>>;
}>;

const dull = {
  lot: null,
  units: 0n,
  lumps: [],
  takesOf: null,
  bringsOf: null,
  mayGoShort: false,
  uninvoiced: false,
  changes: 0,
  frozen: false,
};

export function replayed(facts: readonly Fact[], serials: boolean): Replayed {
  const byName = new Map(facts.map((fact) => [fact.name, fact]));
  const moves = facts.map(
    ({ lots: _lots, onlyOf: _only, ...fact }, recorded): Move => ({ ...dull, ...fact, recorded }),
  );
  const lying = new Map<string, number>();
  const owed = new Map<string, number>();
  const ends = new Map<string, ReadonlyMap<string, number>>();
  const wrongs = new Set<Wrong>();
  const add = (map: Map<string, number>, key: string, units: number, name: Wrong) => {
    const left = (map.get(key) ?? 0) + units;
    if (left < 0) wrongs.add(name);
    if (left === 0) map.delete(key);
    else map.set(key, left);
  };
  for (const { name, day } of inCostingOrder(moves)) {
    const fact = byName.get(name) as Fact;
    const { kind, from, to, of, lots, onlyOf } = fact;
    if (kind === "CountStock") {
      for (const key of [...lying.keys()]) {
        const [lot, area] = key.split(" ");
        if (area === to && (onlyOf === undefined || lot === onlyOf)) lying.delete(key);
      }
      for (const [lot, units] of lots) if (units > 0) lying.set(`${lot} ${to}`, units);
    } else
      for (const [lot, units] of lots) {
        if (from !== undefined) add(lying, `${lot} ${from}`, -units, "InsufficientLot");
        if (to !== undefined) add(lying, `${lot} ${to}`, units, "InsufficientLot");
        const undone = kind === "Compensate" ? byName.get(of ?? "") : undefined;
        if (kind === "IssueGoods" || kind === "DispatchGoods") owed.set(`${name} ${lot}`, units);
        if (kind === "ReturnGoods" || kind === "ArriveGoods")
          add(owed, `${of} ${lot}`, -units, "MoreOfLotThanItMoved");
        if (undone?.kind === "ReturnGoods" || undone?.kind === "ArriveGoods")
          add(owed, `${undone.of} ${lot}`, units, "MoreOfLotThanItMoved");
      }
    if (serials) {
      const all = [...lying].map(([key]) => key.split(" ")[0]);
      if (new Set(all).size < all.length || [...lying.values()].some((units) => units > 1))
        wrongs.add("SerialTaken");
    }
    ends.set(day, new Map(lying));
  }
  return { wrongs, ends };
}
