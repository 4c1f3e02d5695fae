/**
 * What an item must answer when movements come late, worked out from scratch each time: all that was accepted so far is
 * laid in costing order and told, from the first on, to a new oracle of movements in order. Shares no code with the rules.
 */
import { oracle } from "./oracle.ts";

type Asked = Readonly<{ type: string; data: object; today: string; openFrom?: string | undefined }>;
type Row = Readonly<{
  movement: string;
  layer: string;
  area: string;
  date: string;
  quantity: string;
  value: string;
}>;
type Told = Readonly<{ events: readonly Readonly<{ type: string; data: object }>[] }>;
type Move = Readonly<{ movement: string; effectiveDate: string; time: string | null; value?: string | null }>;

/** `own`: what the movement itself is recorded as; `rows`: of all movements, as they ought to be from then on. */
export type Answer =
  | Readonly<{ refusals: readonly object[] }>
  | Readonly<{ own: Told["events"]; rows: readonly Row[] }>;

const isMovement = ({ data }: Asked): boolean => "movement" in data;
const moveOf = ({ data }: Asked): Move => data as Move;
const phaseOf = ({ type }: Asked): number => (/^(RecordOpeningStock|ReceiveGoods)$/.test(type) ? 0 : 1);

/**
 * Day, receipts before the rest, time of day with none last, then who came first. But what comes back stands right after its
 * issue at the earliest.
 */
function inCostingOrder(moves: readonly Asked[]): readonly Asked[] {
  type Place = readonly (string | number)[];
  const own = new Map(
    moves.map((move, came): readonly [string, Place] => {
      const { movement, effectiveDate, time } = moveOf(move);
      return [movement, [effectiveDate, phaseOf(move), time ?? "99", came]];
    }),
  );
  const before = (a: Place, b: Place): number => {
    for (const [n, part] of a.entries()) {
      const other = b[n];
      if (other === undefined) return 1;
      if (part !== other) return part < other ? -1 : 1;
    }
    return a.length - b.length;
  };
  const placed = moves.map((move) => {
    const { movement, issue = "" } = move.data as Move & { issue?: string };
    const [place, out] = [own.get(movement) ?? [], own.get(issue)];
    return { move, place: out && before(place, out) < 0 ? [...out, ...place] : place };
  });
  return placed.sort((a, b) => before(a.place, b.place)).map(({ move }) => move);
}

const rowsOf = ({ events }: Told): readonly Row[] =>
  events.flatMap(({ data }) => ("rows" in data ? (data.rows as readonly Row[]) : []));

/** Answers one command after the other; what it accepts has happened. */
export function recomputing(): (command: Asked) => Answer {
  const others: Asked[] = [];
  const movements: Asked[] = [];
  const facts = valueFacts();
  const gone = new Set<string>();

  /** All movements from scratch, receipts at what they are worth by now. */
  function all(): readonly Row[] {
    const answer = oracle();
    for (const each of others.filter((other) => !ends(other))) answer(each);
    return inCostingOrder(movements).flatMap((each) => {
      const told = answer(facts.valued(each));
      if ("refusals" in told) throw new Error(JSON.stringify(told));
      return rowsOf(told);
    });
  }

  /** Takes a movement out, unless something of what is left would not do without it. */
  function cancelled({ data, openFrom = "" }: Asked): readonly object[] | undefined {
    const { cancelled: movement } = data as { cancelled: string };
    if (gone.has(movement)) return [{ name: "MovementAlreadyCancelled", movement }];
    const at = movements.findIndex((each) => moveOf(each).movement === movement);
    const [it] = movements.slice(at, at + 1);
    if (at < 0 || !it) return [{ name: "MovementNotFound", movement }];
    const { effectiveDate } = moveOf(it);
    if (effectiveDate < openFrom) return [{ name: "PeriodClosed", effectiveDate, openFrom }];
    const backs = inCostingOrder(movements).filter(
      (each) => (each.data as { issue?: string }).issue === movement,
    );
    const dependents = [...backs.map((each) => moveOf(each).movement), ...facts.of(movement).toSorted()];
    if (dependents.length > 0) return [{ name: "OthersDependOnMovement", movement, dependents }];
    const answer = oracle();
    for (const each of others) answer(each);
    movements.splice(at, 1);
    for (const each of inCostingOrder(movements)) {
      const told = answer(facts.valued(each));
      if (!("refusals" in told)) continue;
      movements.splice(at, 0, it);
      const leavesShort = { movement: moveOf(each).movement, effectiveDate: moveOf(each).effectiveDate };
      return told.refusals.map((refusal) => ({ ...refusal, leavesShort }));
    }
    gone.add(movement);
    return undefined;
  }

  return (command) => {
    if (isValueFact(command)) {
      const registered = others[0];
      if (!registered) return { refusals: [{ name: "ItemNotRegistered" }] };
      const refusal = facts.known(command, registered, movements);
      return refusal
        ? { refusals: [refusal] }
        : { own: [{ type: eventTypes[command.type] ?? "", data: command.data }], rows: all() };
    }
    if (command.type === "CancelMovement" && others.length > 0 && !others.some(ends)) {
      const refusals = cancelled(command);
      if (refusals) return { refusals };
      return { own: [{ type: "MovementCancelled", data: command.data }], rows: all() };
    }
    const answer = oracle();
    const [active, ended] = [others.filter((other) => !ends(other)), others.filter(ends)];
    if (!isMovement(command) || ended.length > 0) {
      for (const each of [...active, ...inCostingOrder(movements), ...ended]) answer(each);
      const told = answer(command);
      if ("refusals" in told) return told;
      others.push(command);
      return { own: told.events, rows: [] };
    }
    for (const each of active) answer(each);
    const { effectiveDate: day } = moveOf(command);
    const { openFrom = "", today } = command;
    if (active.length > 0 && day <= today && day < openFrom)
      return { refusals: [{ name: "PeriodClosed", effectiveDate: day, openFrom }] };
    const rows: Row[] = [];
    let own: Told["events"] = [];
    const issue = "issue" in command.data ? (command.data.issue as string) : undefined;
    if (issue !== undefined && day <= today) {
      const refusal = notReturned(command, issue, registration(others), movements);
      if (refusal) return { refusals: [refusal] };
    }
    for (const each of inCostingOrder([...movements, command])) {
      const told = answer(facts.valued(each));
      if ("refusals" in told) {
        const { movement, effectiveDate } = moveOf(each);
        const leavesShort = { movement, effectiveDate };
        return { refusals: told.refusals.map((r) => (each === command ? r : { ...r, leavesShort })) };
      }
      if (each === command) own = told.events;
      rows.push(...rowsOf(told));
    }
    movements.push(fixed(command, own));
    return { own, rows };
  };
}

const eventTypes: Readonly<Record<string, string>> = {
  InvoiceReceipt: "ReceiptInvoiced",
  AddReceiptCost: "ReceiptCostAdded",
  CancelValueFact: "ValueFactCancelled",
};
const isValueFact = ({ type }: Asked): boolean => type in eventTypes;

const registration = ([first]: readonly Asked[]): Registration => first?.data as Registration;

/** Of what comes back, what only all that is recorded tells. */
function notReturned(
  { data }: Asked,
  issue: string,
  { quantityScale }: Registration,
  movements: readonly Asked[],
): object | undefined {
  const { effectiveDate, quantity, lot } = data as {
    effectiveDate: string;
    quantity: string;
    lot: string | null;
  };
  const out = movements.find((move) => move.type === "IssueGoods" && moveOf(move).movement === issue);
  if (!out || lot !== (out.data as { lot: string | null }).lot) return undefined; // told in order
  const issued = out.data as { effectiveDate: string; quantity: string };
  if (effectiveDate < issued.effectiveDate) return undefined;
  if ((quantity.split(".")[1] ?? "").length > quantityScale) return undefined;
  const back = movements.filter((move) => (move.data as { issue?: string }).issue === issue);
  const returned = back.reduce(
    (sum, move) => sum + steps((move.data as { quantity: string }).quantity, quantityScale),
    0n,
  );
  if (returned + steps(quantity, quantityScale) <= steps(issued.quantity, quantityScale)) return undefined;
  return {
    name: "ReturnedMoreThanIssued",
    issued: issued.quantity,
    returned: text(returned, quantityScale),
    quantity,
  };
}

const ends = ({ type }: Asked): boolean => type === "DeactivateItem";

/** A surplus has its value for ever from the day it is recorded. */
function fixed(command: Asked, own: Told["events"]): Asked {
  const { value } = moveOf(command);
  const [row] = rowsOf({ events: own });
  const isFound = command.type === "AdjustStock" && value === null && !row?.quantity.startsWith("-");
  return isFound ? { ...command, data: { ...command.data, value: row?.value } } : command;
}

type Fact = Readonly<{
  fact: string;
  documentDate: string;
  receipt: string;
  cancelled: string;
  quantity?: string;
  amount: string;
}>;
type Known = Readonly<{ receipt: string; units: bigint; worth: bigint; isInvoice: boolean }>;
type Registration = Readonly<{ quantityScale: number; valueScale: number }>;

/** A receipt's price is that of its invoices, for the quantity that they are for; everything else comes on top. */
function valueFacts() {
  const facts = new Map<string, Known>();
  const gone = new Set<string>();
  let scales: Registration = { quantityScale: 0, valueScale: 0 };

  const of = (movement: string, known: Iterable<Known>) =>
    [...known].filter(({ receipt }) => receipt === movement);
  const sum = (known: readonly Known[], what: "units" | "worth") =>
    known.reduce((total, each) => total + each[what], 0n);

  function worth({ data }: Asked, known: readonly Known[]): bigint {
    const { value, quantity } = data as { value: string; quantity: string };
    const [price, units] = [steps(value, scales.valueScale), steps(quantity, scales.quantityScale)];
    const invoiced = sum(
      known.filter(({ isInvoice }) => isInvoice),
      "units",
    );
    return price - nearest(price * invoiced, units) + sum(known, "worth");
  }

  return {
    /** The refusal of a fact, or nothing: then it is known from then on. */
    known(command: Asked, registration: Asked, movements: readonly Asked[]): object | undefined {
      scales = registration.data as Registration;
      const asked = command.data as Fact;
      const { documentDate, fact } = asked;
      if (documentDate > command.today)
        return { name: "DocumentDateAfterToday", documentDate, today: command.today };
      const after = new Map(facts);
      let { receipt } = asked;
      if (command.type === "CancelValueFact") {
        const { cancelled } = asked;
        if (gone.has(cancelled)) return { name: "ValueFactAlreadyCancelled", fact: cancelled };
        const before = facts.get(cancelled);
        if (!before) return { name: "ValueFactNotFound", fact: cancelled };
        ({ receipt } = before);
        after.delete(cancelled);
      }
      const received = movements.find(
        ({ type, data }) => type === "ReceiveGoods" && moveOf({ type, data, today: "" }).movement === receipt,
      );
      if (!received) return { name: "ReceiptNotFound", receipt };
      if (command.type !== "CancelValueFact") {
        const isInvoice = command.type === "InvoiceReceipt";
        const units = isInvoice ? steps(asked.quantity ?? "", scales.quantityScale) : 0n;
        after.set(fact, { receipt, units, worth: steps(asked.amount, scales.valueScale), isInvoice });
      }
      const [before, now] = [of(receipt, facts.values()), of(receipt, after.values())];
      const units = steps((received.data as { quantity: string }).quantity, scales.quantityScale);
      if (sum(now, "units") > units) {
        const [all, invoiced, quantity] = [
          units,
          sum(before, "units"),
          sum(now, "units") - sum(before, "units"),
        ].map((n) => text(n, scales.quantityScale));
        return { name: "InvoicedMoreThanReceived", received: all, invoiced, quantity };
      }
      const [was, is] = [worth(received, before), worth(received, now)];
      if (is < 0n)
        return {
          name: "ReceiptValueBelowZero",
          value: text(was, scales.valueScale),
          change: text(is - was, scales.valueScale),
        };
      if (`${is}`.length > 18 + scales.valueScale) return { name: "ValueOutOfRange", digitsMax: 18 };
      facts.clear();
      for (const [name, each] of after) facts.set(name, each);
      if (command.type === "CancelValueFact") gone.add(asked.cancelled);
      return undefined;
    },

    of: (movement: string): readonly string[] =>
      [...facts].flatMap(([fact, { receipt }]) => (receipt === movement ? [fact] : [])),

    valued(move: Asked): Asked {
      if (move.type !== "ReceiveGoods") return move;
      const known = of(moveOf(move).movement, facts.values());
      if (known.length === 0) return move;
      return { ...move, data: { ...move.data, value: text(worth(move, known), scales.valueScale) } };
    },
  };
}

/** Neither is below zero. */
const nearest = (n: bigint, d: bigint): bigint => (n + n + d) / (d + d);

const steps = (amount: string, scale: number): bigint => {
  const [whole = "", fraction = ""] = amount.split(".");
  return BigInt(`${whole}${fraction.padEnd(scale, "0")}`);
};

const text = (units: bigint, scale: number): string => {
  const digits = `${units < 0n ? -units : units}`.padStart(scale + 1, "0");
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? "-" : ""}${whole}${scale > 0 && fraction !== "" ? `.${fraction}` : ""}`;
};
