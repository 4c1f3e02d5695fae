/** What every leg is worth, once it is known which units went where. */
import type { Draw, Found, flow, Layer, Refusal } from "./from-scratch-flow.ts";
import { between, share, smaller, total } from "./from-scratch-numbers.ts";
import { isCount, type Lump } from "./from-scratch-order.ts";

/** `units`: of an invoice; else 0 and `isInvoice` is false. */
export type ValueFact = Readonly<{
  name: string;
  receipt: string;
  isInvoice: boolean;
  units: bigint;
  amount: bigint;
}>;
export type Leg = Readonly<{
  movement: string;
  layer: string;
  area: string;
  date: string;
  units: bigint;
  worth: bigint;
}>;
type Flow = ReturnType<typeof flow>;
type Amounts = ReadonlyMap<Layer | Draw, bigint>;

/** What invoices say beyond the price that a receipt came with, and what other facts add. */
export function changesOf(receipt: string, { units, worth }: Lump, facts: readonly ValueFact[]) {
  const known = facts.filter((fact) => fact.receipt === receipt);
  const invoices = known.filter(({ isInvoice }) => isInvoice);
  const sum = (some: readonly ValueFact[]) => total(some, ({ amount }) => amount);
  const invoiced = total(invoices, (fact) => fact.units);
  return {
    invoiced,
    difference: sum(invoices) - share(worth, invoiced, units),
    added: sum(known) - sum(invoices),
  };
}

/** `isUndone`: of a movement that is compensated. */
export function worthOf(flown: Flow, facts: readonly ValueFact[], isUndone: (name: string) => boolean) {
  const { layers, deficits } = flown;
  const exempt = exemptUnits(layers, isUndone);
  const changes = (layer: Layer) => {
    const { units, own, movement } = layer;
    if (movement.kind !== "ReceiveGoods") return { difference: 0n, added: 0n };
    return changesOf(movement.name, { units, worth: own }, facts);
  };
  const isExempted = (layer: Layer): boolean => (exempt.get(layer) ?? 0n) > 0n;

  const plain = carriedDown(
    layers,
    (layer) => {
      const { difference, added } = changes(layer);
      return ownWorth(layer) + added + (isExempted(layer) ? 0n : difference);
    },
    ({ units }) => units,
  );
  const carrying = (leg: Layer | Draw): bigint => leg.units - (exempt.get(leg) ?? 0n);
  const apart = carriedDown(
    layers,
    (layer) => (isExempted(layer) ? changes(layer).difference : 0n),
    carrying,
  );
  const worth = (leg: Layer | Draw): bigint => (plain.get(leg) ?? 0n) + (apart.get(leg) ?? 0n);

  function refusal(): Refusal | undefined {
    for (const layer of layers)
      if (isExempted(layer) && carrying(layer) === 0n && changes(layer).difference !== 0n)
        return { name: "NoUnitLeftToCarry", receipt: layer.receipt };
    const isBelow = (layer: Layer): boolean => {
      let left = worth(layer);
      const parts = layer.draws.map((draw) => {
        left -= worth(draw);
        return smaller(left, worth(draw));
      });
      return [worth(layer), ...parts].some((part) => part < 0n);
    };
    return layers.some(isBelow) ? { name: "ReceiptValueBelowZero" } : undefined;
  }

  /** What was left of a layer when a movement found it. */
  function lumpOf({ layer, drawn }: Found): Lump {
    const gone = layer.draws.slice(0, drawn);
    return {
      units: layer.units - total(gone, ({ units }) => units),
      worth: worth(layer) - total(gone, worth),
    };
  }

  function legs(): readonly Leg[] {
    const ofLayers = layers.flatMap((layer) => {
      const { name, area, movement, units } = layer;
      const came = { movement: movement.name, layer: name, area, date: movement.day };
      const left = layer.draws.map((draw) => {
        const sizes = { units: -draw.units, worth: -worth(draw) };
        return { movement: draw.movement.name, layer: name, area, date: draw.date, ...sizes };
      });
      return [{ ...came, units, worth: worth(layer) }, ...left];
    });
    const ofDeficits = deficits.flatMap(({ issue, area, units, cost, taken }) => {
      const costWorth = "draws" in cost ? worth(cost) : cost.worth;
      let [open, value] = [units, share(costWorth, units, cost.units)];
      const first = { movement: issue.name, layer: issue.name, area, date: issue.day };
      const settled = taken.map(({ movement, date, units: some }) => {
        const part = share(value, some, open);
        [open, value] = [open - some, value - part];
        return { movement: movement.name, layer: issue.name, area, date, units: some, worth: part };
      });
      return [{ ...first, units: -units, worth: -share(costWorth, units, cost.units) }, ...settled];
    });
    return [...ofLayers, ...ofDeficits];
  }

  return { refusal, lumpOf, legs };
}

function ownWorth({ movement, units, own }: Layer): bigint {
  if (!isCount(movement)) return own;
  return movement.unit ? share(movement.unit.worth, units, movement.unit.units) : 0n;
}

/**
 * Lays an amount on each layer that comes into the books, and carries it down all legs by their weight: a draw takes its share
 * of what is left, and what it became takes it from the draw by cumulative share. Layers are in the order they came.
 */
function carriedDown(
  layers: readonly Layer[],
  own: (layer: Layer) => bigint,
  weight: (leg: Layer | Draw) => bigint,
): Amounts {
  const amounts = new Map<Layer | Draw, bigint>();
  for (const layer of layers) {
    let left = amounts.get(layer) ?? own(layer);
    amounts.set(layer, left);
    let over = weight(layer);
    for (const draw of layer.draws) {
      const part = share(left, weight(draw), over);
      amounts.set(draw, part);
      [left, over] = [left - part, over - weight(draw)];
      let back = 0n;
      for (const { layer: next, undone } of draw.went) {
        const then = between(0n, undone ? back - weight(next) : back + weight(next), weight(draw));
        if (!undone) amounts.set(next, share(part, then, weight(draw)) - share(part, back, weight(draw)));
        back = then;
      }
    }
  }
  return amounts;
}

/** Of each leg, the units that uninvoiced returns of its receipt took later on: known at the end, so from there. */
function exemptUnits(layers: readonly Layer[], isUndone: (name: string) => boolean): Amounts {
  const exempt = new Map<Layer | Draw, bigint>();
  for (const layer of layers.toReversed()) {
    for (const draw of layer.draws) {
      const { uninvoiced, of, name } = draw.movement;
      const gone = uninvoiced && of === layer.receipt && !isUndone(name);
      const later = total(draw.went, ({ layer: next, undone }) => (undone ? 0n : (exempt.get(next) ?? 0n)));
      exempt.set(draw, gone ? draw.units : smaller(later, draw.units));
    }
    exempt.set(
      layer,
      total(layer.draws, (draw) => exempt.get(draw) ?? 0n),
    );
  }
  return exempt;
}
