/** Which units go where: no values yet, for what a unit costs never decides where it goes. */
import { smaller, total } from "./from-scratch-numbers.ts";
import { isCount, type Lump, type Move } from "./from-scratch-order.ts";

/** What one movement brought to a queue in one piece. `own`: its worth, where it comes into the books here. */
export type Layer = Readonly<{
  name: string;
  movement: Move;
  receipt: string;
  area: string;
  queue: string;
  units: bigint;
  own: bigint;
  draws: Draw[];
}>;
/** `went`: the layers its units became, one after the other; or that no longer count as come back. */
export type Draw = Readonly<{
  movement: Move;
  date: string;
  units: bigint;
  went: { layer: Layer; undone: boolean }[];
}>;
/** `cost`: a layer, or what was stated. */
export type Deficit = Readonly<{
  issue: Move;
  area: string;
  queue: string;
  units: bigint;
  cost: Layer | Lump;
  taken: { movement: Move; date: string; units: bigint }[];
}>;
/** The open layer last in place, as a movement found it: after so many draws. */
export type Found = Readonly<{ layer: Layer; drawn: number }>;
export type Refusal = Readonly<{ name: string } & Record<string, unknown>>;
/** What takes more than lies there. */
export type Short = Readonly<{
  short: Move;
  location: string;
  onHand: bigint;
  reserved: bigint;
  requested: bigint;
}>;

export const leftOf = (layer: Layer): bigint => layer.units - total(layer.draws, ({ units }) => units);
const openOf = (deficit: Deficit): bigint => deficit.units - total(deficit.taken, ({ units }) => units);
const notBack = (draw: Draw): bigint =>
  draw.units - total(draw.went, ({ layer, undone }) => (undone ? -layer.units : layer.units));

/** Runs movements in their turns, up to the first that cannot be. `ranks`: of all, in costing order. */
export function flow(moves: readonly Move[], ranks: ReadonlyMap<string, number>) {
  const layers: Layer[] = [];
  const deficits: Deficit[] = [];
  const found = new Map<string, Found>();
  /** What a movement took: its own draws, then those that settled its deficit. */
  const drawsOf = new Map<string, { draw: Draw; layer: Layer }[]>();
  const moveOf = new Map(moves.map((move) => [move.name, move]));

  /** What moved where, but for what settles: that brings as much as it takes. */
  const ledger: { by: Move; queue: string; units: bigint }[] = [];
  const ran: Move[] = [];

  const rankOf = ({ name }: Move): number => ranks.get(name) ?? 0;
  const isOutOfTurn = ({ changes }: Move): boolean => changes > 0;
  const book = (location: string, before: Move): bigint =>
    total(
      ledger.filter(
        (each) => shelfOf(each.queue) === shelfAt(location, before) && rankOf(each.by) < rankOf(before),
      ),
      (each) => each.units,
    );
  const byRank = (some: readonly Layer[]): Layer[] =>
    some.toSorted((a, b) => rankOf(a.movement) - rankOf(b.movement));
  const queueAt = (location: string, { lot }: Move, project: string | null): string =>
    JSON.stringify([location, lot, project]);
  /** All stock of a lot at a location, free or of projects. */
  const shelfAt = (location: string, { lot }: Move): string => JSON.stringify([location, lot]);
  /** The free stock first, then by project. */
  const queuesAt = (location: string, move: Move): readonly string[] => {
    const projects = layers
      .filter(({ queue }) => shelfOf(queue) === shelfAt(location, move))
      .flatMap(({ queue }) => projectIn(queue) ?? []);
    return [null, ...[...new Set(projects)].sort()].map((project) => queueAt(location, move, project));
  };
  /** `before`: those that are placed before it. */
  const openLayers = (queue: string, before?: Move) =>
    byRank(layers.filter((layer) => layer.queue === queue && leftOf(layer) > 0n)).filter(
      ({ movement }) => !before || rankOf(movement) < rankOf(before),
    );
  const openDeficits = (queue: string) =>
    deficits
      .filter((each) => each.queue === queue && openOf(each) > 0n)
      .sort((a, b) => rankOf(a.issue) - rankOf(b.issue));

  function draw(move: Move, date: string, layer: Layer, units: bigint): Draw {
    const taken: Draw = { movement: move, date, units, went: [] };
    layer.draws.push(taken);
    drawsOf.set(move.name, [...(drawsOf.get(move.name) ?? []), { draw: taken, layer }]);
    return taken;
  }

  /** Up to so many: those that are preferred, oldest first, then the others. */
  function take(move: Move, location: string, units: bigint): void {
    let wanted = units;
    const queues = isCount(move) ? queuesAt(location, move) : [queueAt(location, move, move.takesOf)];
    // Of what has just come, so much is left as issues lack there.
    const spare = new Map(
      queues.map((queue) => [queue, total(openLayers(queue, move), leftOf) - lackingIn(queue, move)]),
    );
    const open = queues.flatMap((queue) => openLayers(queue, move));
    const preferred = open.filter((layer) => isPreferred(move, layer));
    for (const layer of [...preferred, ...open.filter((other) => !preferred.includes(other))]) {
      const left = spare.get(layer.queue) ?? 0n;
      const some = smaller(wanted, smaller(leftOf(layer), left));
      if (some > 0n) {
        spare.set(layer.queue, left - some);
        draw(move, move.day, layer, some);
        ledger.push({ by: move, queue: layer.queue, units: -some });
      }
      wanted -= some > 0n ? some : 0n;
    }
  }
  const lackingIn = (queue: string, move: Move): bigint =>
    total(
      openDeficits(queue).filter(({ issue }) => rankOf(issue) < rankOf(move)),
      openOf,
    );

  /** What lies there that is placed before it, free or not; what issues lack there is less than nothing. */
  function lying(move: Move, queues: readonly string[]): bigint {
    const there = queues.flatMap((queue) => openLayers(queue, move));
    return total(there, leftOf) - total(queues, (queue) => lackingIn(queue, move));
  }
  function shortAt(location: string, move: Move, requested: bigint): Short {
    const onHand = lying(move, queuesAt(location, move));
    const own = lying(move, [queueAt(location, move, move.takesOf)]);
    return { short: move, location, onHand, reserved: isCount(move) ? 0n : onHand - own, requested };
  }

  function isPreferred({ kind, of }: Move, layer: Layer): boolean {
    if (of === undefined) return false;
    const stems = kind === "ReturnToSupplier" || (kind === "Compensate" && isOrigin(moveOf.get(of)));
    return of === (stems ? layer.receipt : layer.movement.name);
  }

  function bring(movement: Move, receipt: string, units: bigint, own = 0n): Layer {
    const pieces = layers.filter((layer) => layer.movement === movement && layer.receipt === receipt).length;
    const first = receipt === movement.name ? receipt : `${movement.name}/${receipt}`;
    const name = pieces === 0 ? first : `${movement.name}/${receipt}/${pieces + 1}`;
    const area = movement.to ?? "";
    const queue = queueAt(area, movement, movement.bringsOf);
    const layer = { name, movement, receipt, area, queue, units, own, draws: [] };
    layers.push(layer);
    ledger.push({ by: movement, queue, units });
    return layer;
  }

  /** Deficits, oldest first, from the layers, oldest first: by draws of the issue on the day goods came. */
  function settle(queue: string): void {
    for (const deficit of openDeficits(queue))
      for (const layer of openLayers(queue)) {
        const units = smaller(openOf(deficit), leftOf(layer));
        if (units === 0n) continue;
        const [came, issued] = [layer.movement.day, deficit.issue.day];
        const date = came > issued ? came : issued;
        draw(deficit.issue, date, layer, units);
        deficit.taken.push({ movement: deficit.issue, date, units });
      }
  }

  /** Last drawn first; but first of all what the movement is still short of. */
  function comeBack(move: Move, original: Move): Refusal | undefined {
    let wanted = move.units;
    const deficit = deficits.find((each) => each.issue === original && openOf(each) > 0n);
    if (deficit) {
      if (move.to !== original.from)
        return { name: "IssueIsShort", issue: original.name, location: original.from };
      const units = smaller(wanted, openOf(deficit));
      deficit.taken.push({ movement: move, date: move.day, units });
      ledger.push({ by: move, queue: deficit.queue, units });
      wanted -= units;
    }
    for (const { draw: taken, layer } of (drawsOf.get(original.name) ?? []).toReversed()) {
      const units = smaller(wanted, notBack(taken));
      if (units > 0n) taken.went.push({ layer: bring(move, layer.receipt, units), undone: false });
      wanted -= units;
    }
    return undefined;
  }

  /** What a compensated return had brought back counts as not come back. */
  function undo(back: Move): void {
    if (back.kind !== "ReturnGoods") return;
    for (const { draw: taken } of drawsOf.get(back.of ?? "") ?? [])
      for (const { layer } of [...taken.went])
        if (layer.movement === back) taken.went.push({ layer, undone: true });
  }

  /** Its deficit, if it may have one: at the cost of what came last, here or elsewhere, else at the stated one. */
  function goShort(issue: Move, area: string, units: bigint): Refusal | undefined {
    const queue = queueAt(area, issue, issue.takesOf);
    const before = byRank(layers).filter(({ movement }) => rankOf(movement) < rankOf(issue));
    const cost = before.findLast((layer) => layer.queue === queue) ?? before.at(-1) ?? issue.unit;
    if (!cost) return { name: "NoCostToGoShortAt", location: area };
    deficits.push({ issue, area, queue, units, cost, taken: [] });
    ledger.push({ by: issue, queue, units: -units });
    return undefined;
  }

  /** The first count after it, where it moved something, finds as much less or more, so that what was counted holds. */
  function countAgain(move: Move, shelf: string, more: bigint): Short | undefined {
    const [count] = ran
      .filter(
        (each) => isCount(each) && shelfAt(each.to ?? "", each) === shelf && rankOf(each) > rankOf(move),
      )
      .sort((a, b) => rankOf(a) - rankOf(b));
    if (!count || more === 0n) return undefined;
    const location = count.to ?? "";
    // What makes up for a deficit is not there to be drawn.
    const spare = total(queuesAt(location, count), (queue) => {
      const left = total(openLayers(queue, count), leftOf) - lackingIn(queue, count);
      return left > 0n ? left : 0n;
    });
    if (more > spare) return shortAt(location, count, more);
    if (more > 0n) take(count, location, more);
    else bring(count, count.name, -more);
    return undefined;
  }

  function run(move: Move): Refusal | Short | undefined {
    const already = ledger.length;
    const stop = runOwn(move);
    if (stop) return stop;
    const moved = new Map<string, bigint>();
    for (const { queue, units } of ledger.slice(already))
      moved.set(shelfOf(queue), (moved.get(shelfOf(queue)) ?? 0n) + units);
    for (const [shelf, units] of moved) {
      const lacking = isOutOfTurn(move) ? countAgain(move, shelf, units) : undefined;
      if (lacking) return lacking;
    }
    // Also where only the count brought something.
    for (const queue of new Set(ledger.slice(already).map((each) => each.queue))) settle(queue);
    ran.push(move);
    return undefined;
  }

  function runOwn(move: Move): Refusal | Short | undefined {
    const { from = "", to = "", kind } = move;
    const queue = queueAt(from || to, move, from === "" ? move.bringsOf : move.takesOf);
    const queues = isCount(move) ? queuesAt(from, move) : [queue];
    const onHand = total(
      queues.flatMap((each) => openLayers(each, move)),
      leftOf,
    );
    const layer = openLayers(queue, move).at(-1);
    if (layer) found.set(move.name, { layer, drawn: layer.draws.length });
    if (isCount(move)) {
      const variance = move.units - book(from, move);
      if (-variance > onHand) return shortAt(from, move, -variance);
      if (variance < 0n) take(move, from, -variance);
      // While what a unit costs is not known yet, a surplus is worth nothing.
      if (variance > 0n) bring(move, move.name, variance);
    } else if (from !== "") {
      const there = smaller(onHand, move.units);
      if (there < move.units && !move.mayGoShort) return shortAt(from, move, move.units);
      take(move, from, there);
      const refusal = there < move.units ? goShort(move, from, move.units - there) : undefined;
      if (refusal) return refusal;
      const original = moveOf.get(move.of ?? "");
      if (kind === "Compensate" && original) undo(original);
      if (to !== "")
        for (const { draw: taken, layer: old } of drawsOf.get(move.name) ?? [])
          taken.went.push({ layer: bring(move, old.receipt, taken.units), undone: false });
    } else if (kind === "ReturnGoods" || kind === "Compensate") {
      const original = moveOf.get(move.of ?? "");
      const refusal = original && comeBack(move, original);
      if (refusal) return refusal;
    } else for (const { units, worth } of move.lumps) bring(move, move.name, units, worth);
    return undefined;
  }

  for (const move of moves) {
    const stop = run(move);
    if (stop) return { layers, deficits, found, stop };
  }
  return { layers, deficits, found };
}

const shelfOf = (queue: string): string => JSON.stringify((JSON.parse(queue) as unknown[]).slice(0, 2));
const projectIn = (queue: string): string | null => (JSON.parse(queue) as (string | null)[])[2] ?? null;

/** What brings goods into the books that were not there before, and under its own name. */
const isOrigin = (move: Move | undefined): boolean =>
  move !== undefined &&
  /^(RecordOpeningStock|ReceiveGoods|AdjustStock|ReturnUnmatchedGoods)$/.test(move.kind);
