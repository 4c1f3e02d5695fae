/**
 * What an item's stock must be, worked out again from all that was ever told, for each new fact: laid in costing order, run in
 * units, then valued. Shares no code with the rules.
 */
import {
  type Command,
  compensationOf,
  dataOf,
  moveOf,
  policyOf,
  type Registration,
  tooPrecise,
  wrongDate,
  wrongMove,
} from "./from-scratch-asked.ts";
import { flow, type Refusal, type Short } from "./from-scratch-flow.ts";
import { share, steps, text, total } from "./from-scratch-numbers.ts";
import { inCostingOrder, inTurn, isCount, type Lump, type Move } from "./from-scratch-order.ts";
import { changesOf, type ValueFact, worthOf } from "./from-scratch-worth.ts";

export type Row = Readonly<{
  movement: string;
  layer: string;
  area: string;
  date: string;
  quantity: string;
  value: string;
}>;
/** `also`: what else would be wrong with it, where nothing says what is looked at first. */
export type Answer = Readonly<{ refusal?: Refusal; also?: readonly string[] }>;
/** All that stands: movements in the order recorded. */
type World = Readonly<{ moves: readonly Move[]; facts: readonly ValueFact[] }>;

const DIGITS = 18;

export function fromScratch(registration: Registration) {
  const { quantityScale, valueScale } = registration;
  let world: World = { moves: [], facts: [] };
  let recorded = 0;
  const gone = new Set<string>();
  const goneFacts = new Set<string>();
  const units = (amount: bigint): string => text(amount, quantityScale);
  const money = (amount: bigint): string => text(amount, valueScale);
  const refused = (name: string, facts: object = {}): Answer => ({ refusal: { name, ...facts } });

  const isUndone =
    ({ moves }: World) =>
    (name: string): boolean =>
      moves.some(({ kind, of }) => kind === "Compensate" && of === name);

  const referable = (): readonly Move[] => world.moves.filter(({ name }) => !isUndone(world)(name));

  function run(next: World) {
    const ranks = new Map(inCostingOrder(next.moves).map(({ name }, rank) => [name, rank]));
    const flown = flow(inTurn(next.moves), ranks);
    return { flown, worth: worthOf(flown, next.facts, isUndone(next)) };
  }

  /** All that can be wrong with a world, the first thing first. `told`: what was just told of it. */
  function wrongs(next: World, told: string): readonly Refusal[] {
    const { flown, worth } = run(next);
    const { stop } = flown;
    const short = stop && !("name" in stop) ? shortage(stop, told) : stop;
    const wrong = [tooMuchBack(next), tooMuchInvoiced(next), short, stop ? undefined : worth.refusal()];
    return wrong.flatMap((refusal) => refusal ?? []);
  }

  function shortage({ short: move, location, onHand, reserved, requested }: Short, told: string): Refusal {
    const figures = { onHand: units(onHand), reserved: units(reserved), requested: units(requested) };
    const leavesShort = { movement: move.name, effectiveDate: move.day };
    const refusal = { name: "InsufficientStock", location, ...figures };
    return move.name === told ? refusal : { ...refusal, leavesShort };
  }

  /** No more may have come back than went, at any place; from where a return is compensated, it has not. */
  function tooMuchBack({ moves }: World): Refusal | undefined {
    const back = new Map<string, bigint>();
    for (const move of inCostingOrder(moves)) {
      const undone = move.kind === "Compensate" ? moves.find(({ name }) => name === move.of) : undefined;
      const { kind, of = "" } = undone ?? move;
      if (!/^(ReturnGoods|ReturnToSupplier|ArriveGoods)$/.test(kind) || of === "") continue;
      const so = back.get(of) ?? 0n;
      back.set(of, undone ? so - move.units : so + move.units);
      const all = moves.find(({ name }) => name === of)?.units ?? 0n;
      if (so + move.units <= all || undone) continue;
      const others = moves.filter((each) => each.kind === kind && each.of === of);
      const newest = others.at(-1)?.units ?? 0n;
      const before = units(total(others, (each) => each.units) - newest);
      const quantity = units(newest);
      if (kind === "ReturnGoods")
        return { name: "ReturnedMoreThanIssued", issued: units(all), returned: before, quantity };
      if (kind === "ArriveGoods")
        return { name: "ArrivedMoreThanDispatched", dispatched: units(all), arrived: before, quantity };
      return { name: "ReturnedMoreThanReceived", received: units(all), returned: before, quantity };
    }
    return undefined;
  }

  function tooMuchInvoiced(next: World): Refusal | undefined {
    for (const { name, kind, units: all, lumps } of next.moves) {
      const [lump] = lumps;
      if (kind !== "ReceiveGoods" || !lump) continue;
      const returns = next.moves.filter((each) => each.uninvoiced && each.of === name);
      const without = returns.filter((each) => !isUndone(next)(each.name));
      const received = all - total(without, (each) => each.units);
      const { invoiced } = changesOf(name, lump, next.facts);
      if (invoiced <= received) continue;
      const before = changesOf(name, lump, world.facts).invoiced;
      const figures = { invoiced: units(before), quantity: units(invoiced - before) };
      return { name: "InvoicedMoreThanReceived", received: units(received), ...figures };
    }
    return undefined;
  }

  function accept(next: World, told: string): Answer {
    const [refusal, ...others] = wrongs(next, told);
    if (refusal) return { refusal, also: others.map(({ name }) => name) };
    world = next;
    recorded++;
    return {};
  }

  /** What a surplus is worth by the open layer last in place, if any: as it is when the movement is recorded. */
  function foundBy(move: Move, next: World): Lump | undefined {
    const { flown, worth } = run(next);
    const found = flown.found.get(move.name);
    return found && worth.lumpOf(found);
  }

  function moved(command: Command): Answer {
    const data = dataOf(command);
    const of = data.dispatch ?? data.issue ?? data.receipt;
    const original = referable().find(({ name }) => name === of);
    const move = moveOf(command, registration, recorded, original);
    const refusal = wrongMove(move, command, registration, referable());
    if (refusal) return { refusal };
    const next = { ...world, moves: [...world.moves, move] };
    const isFound = move.kind === "AdjustStock" && move.to !== undefined && data.value === null;
    if (!isFound && !(isCount(move) && !move.unit)) return accept(next, move.name);
    const [wrong] = wrongs(next, move.name);
    const lump = foundBy(move, next);
    if (wrong) return { refusal: wrong, also: lump ? [] : ["NoLayerToValueSurplus"] };
    if (!lump) return refused("NoLayerToValueSurplus", { location: move.to });
    const worth = share(lump.worth, move.units, lump.units);
    if (isFound && `${worth}`.length > DIGITS + valueScale)
      return refused("ValueOutOfRange", { digitsMax: DIGITS });
    const fixed = isFound ? { ...move, lumps: [{ units: move.units, worth }] } : { ...move, unit: lump };
    return accept({ ...world, moves: [...world.moves, fixed] }, move.name);
  }

  function cancelled(command: Command): Answer {
    const { cancelled: movement, cancellation, compensateOn = command.today } = dataOf(command);
    const move = world.moves.find(({ name }) => name === movement);
    if (gone.has(movement) || (move && isUndone(world)(movement)))
      return refused("MovementAlreadyCancelled", { movement });
    if (!move) return refused("MovementNotFound", { movement });
    const { changes, frozen } = policyOf(command);
    const isReplayed = !frozen && !move.frozen && move.changes === changes;
    const isOpen = isReplayed && (command.openFrom === undefined || move.day >= command.openFrom);
    // What was compensated still refers to it, though it depends on it no more: it cannot have come from what never was.
    const others = inCostingOrder(world.moves).filter(
      ({ of, kind, name }) => of === movement && kind !== "Compensate" && (isOpen || !isUndone(world)(name)),
    );
    const facts = world.facts.filter(({ receipt }) => receipt === movement);
    const dependents = [...others.map(({ name }) => name), ...facts.map(({ name }) => name).toSorted()];
    if (dependents.length > 0) return refused("OthersDependOnMovement", { movement, dependents });
    if (isOpen) {
      const answer = accept({ ...world, moves: world.moves.filter((each) => each !== move) }, cancellation);
      if (!answer.refusal) gone.add(movement);
      return answer;
    }
    if (isCount(move)) return refused("CountClosed", { movement });
    if (move.kind === "Compensate") return refused("CompensationClosed", { movement });
    const wrong = wrongDate(compensateOn, command);
    if (wrong) return { refusal: wrong };
    const compensation = compensationOf(move, { name: cancellation, day: compensateOn, recorded }, command);
    // What came of it and is undone had to be undone by then.
    const order = inCostingOrder([...world.moves, compensation]);
    const names = world.moves.filter(({ of }) => of === movement).map(({ name }) => name);
    const firstDate = order
      .slice(order.indexOf(compensation))
      .filter(({ name, of }) => names.includes(name) || names.includes(of ?? ""))
      .map(({ day }) => day)
      .concat(move.day)
      .toSorted()
      .at(-1);
    if (compensateOn < (firstDate ?? ""))
      return refused("UndoneTooSoon", { effectiveDate: compensateOn, firstDate });
    return accept({ ...world, moves: [...world.moves, compensation] }, cancellation);
  }

  function known(command: Command): Answer {
    const { documentDate, fact, receipt, quantity = "0", amount = "0", cancelled: old } = dataOf(command);
    const { today } = command;
    if (documentDate > today) return refused("DocumentDateAfterToday", { documentDate, today });
    const isCancel = command.type === "CancelValueFact";
    if (isCancel && goneFacts.has(old)) return refused("ValueFactAlreadyCancelled", { fact: old });
    const before = world.facts.find(({ name }) => name === old);
    if (isCancel && !before) return refused("ValueFactNotFound", { fact: old });
    const named = before?.receipt ?? receipt ?? "";
    const received = referable().find(({ kind, name }) => kind === "ReceiveGoods" && name === named);
    const lump = received?.lumps[0];
    if (!lump) return refused("ReceiptNotFound", { receipt: named });
    const imprecise = tooPrecise(dataOf(command), quantityScale, valueScale);
    if (imprecise) return { refusal: imprecise };
    const isInvoice = command.type === "InvoiceReceipt";
    const figures = {
      units: isInvoice ? steps(quantity, quantityScale) : 0n,
      amount: isCancel ? 0n : steps(amount, valueScale),
    };
    const facts = isCancel
      ? world.facts.filter((each) => each !== before)
      : [...world.facts, { name: fact, receipt: named, isInvoice, ...figures }];
    const next = { ...world, facts };
    const invoiced = tooMuchInvoiced(next);
    if (invoiced) return { refusal: invoiced };
    const valueWith = (some: readonly ValueFact[]): bigint => {
      const { difference, added } = changesOf(named, lump, some);
      return lump.worth + difference + added;
    };
    const [was, is] = [valueWith(world.facts), valueWith(facts)];
    if (is < 0n) return refused("ReceiptValueBelowZero", { value: money(was), change: money(is - was) });
    if (`${is}`.length > DIGITS + valueScale) return refused("ValueOutOfRange", { digitsMax: DIGITS });
    const answer = accept(next, fact);
    if (!answer.refusal && isCancel) goneFacts.add(old);
    return answer;
  }

  return {
    /** Takes a fact. If it is to be refused, says why and changes nothing; else it has happened. */
    tell(command: Command): Answer {
      if (command.type === "CancelMovement") return cancelled(command);
      if (/^(InvoiceReceipt|AddReceiptCost|CancelValueFact)$/.test(command.type)) return known(command);
      return moved(command);
    },

    /** Movements as they stand, in costing order. */
    order: (): readonly string[] => inCostingOrder(world.moves).map(({ name }) => name),

    /** What every movement ought to be, summed by movement, layer, area and date; nothing that is zero. */
    rows(): readonly Row[] {
      const sums = new Map<string, Readonly<{ units: bigint; worth: bigint }>>();
      for (const { movement, layer, area, date, ...leg } of run(world).worth.legs()) {
        const key = JSON.stringify([movement, layer, area, date]);
        const sum = sums.get(key) ?? { units: 0n, worth: 0n };
        sums.set(key, { units: sum.units + leg.units, worth: sum.worth + leg.worth });
      }
      return [...sums].flatMap(([key, sum]) => {
        if (sum.units === 0n && sum.worth === 0n) return [];
        const [movement, layer, area, date] = JSON.parse(key) as [string, string, string, string];
        return { movement, layer, area, date, quantity: units(sum.units), value: money(sum.worth) };
      });
    },
  };
}
