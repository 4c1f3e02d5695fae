/** Histories of one item as fast-check draws them, told by what is there, so that most moves are accepted and shrink well. */
import fc from "fast-check";
import { type Item, item } from "../../domain/inventory/item.ts";
import type { ItemCommand, ItemRefusal } from "../../domain/inventory/item-commands.ts";
import type { CostBy, ItemEvent } from "../../domain/inventory/item-events.ts";
import type { Decision } from "../../domain/kernel/decider.ts";
import type { DecimalText } from "../../domain/kernel/decimal.ts";

export const TODAY = "2026-12-31";

/** Shares of what lies there, in thousandths; or just what is left of its oldest layers, and one unit more or less. */
type Ask =
  | Readonly<{ thousandths: bigint }>
  | Readonly<{ layers: number; and: bigint }>
  | Readonly<{ units: bigint }>;
/** `soonest`: the first day that is not late. A number: so many days before the latest. */
type Day = "soonest" | "next" | "same" | "tomorrow" | number;
/**
 * `deaf`: sent by a process that has heard of no closing. `names`: the last count, before which it was. `project`: of whose stock
 * it is, or pins; null: of the free one.
 */
type Place = Readonly<{
  day: Day;
  time: string | null;
  lot: string;
  lotWrong: boolean;
  deaf: boolean;
  names: boolean;
  project: "P" | "P-1" | null;
}>;
type Amount = Readonly<{ units: bigint; value: bigint; tooFine: boolean }>;
/** `tooFine`: with a decimal more than the item's scale. */
type Asking = Place & Readonly<{ at: string; ask: Ask; tooFine: boolean }>;
export type Move =
  | (Place & Readonly<{ kind: "register" }>)
  | (Place & Readonly<{ kind: "rename" }>)
  | (Place & Readonly<{ kind: "deactivate" }>)
  | (Asking & Readonly<{ kind: "return"; of: number }>)
  | (Place & Readonly<{ kind: "cancel"; of: number }>)
  | (Place & Readonly<{ kind: "period"; closes: boolean; daysBack: number }>)
  | (Place & Readonly<{ kind: "policy" }>)
  | (Place &
      Readonly<{
        kind: "value";
        which: "invoice" | "cost" | "cancel";
        of: number;
        amount: Amount;
        sign: -1n | 1n;
      }>)
  | (Place & Readonly<{ kind: "open"; at: string; layers: readonly Amount[] }>)
  | (Place & Readonly<{ kind: "receive"; at: string; amount: Amount }>)
  | (Asking & Readonly<{ kind: "issue" | "lose" | "pin" | "unpin" }>)
  | (Asking & Readonly<{ kind: "issueShort"; more: bigint; cost: Amount | null }>)
  | (Asking & Readonly<{ kind: "count"; cost: Amount | null }>)
  | (Asking & Readonly<{ kind: "supplier"; of: number }>)
  | (Asking & Readonly<{ kind: "dispatch" }>)
  | (Asking & Readonly<{ kind: "arrive"; of: number }>)
  | (Place & Readonly<{ kind: "unmatched"; at: string; amount: Amount }>)
  | (Asking & Readonly<{ kind: "transfer"; to: string }>)
  | (Asking & Readonly<{ kind: "find"; value: bigint | null }>);
export type History = Readonly<{
  costBy: CostBy;
  quantityScale: number;
  valueScale: number;
  /** From the beginning. */
  freezes: boolean;
  moves: readonly Move[];
}>;

/** Of eighteen digits before the point and six after, reduced to the item's scale when it is written. */
const small = fc.bigInt({ min: 1n, max: 2_000n });
const figure = fc.oneof(
  { weight: 5, arbitrary: small },
  { weight: 3, arbitrary: fc.bigInt({ min: 1n, max: 10n ** 12n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: 10n ** 24n - 1n }) },
  { weight: 1, arbitrary: small.map((units) => 10n ** 24n - units) },
);
const value = fc.oneof({ weight: 1, arbitrary: fc.constant(0n) }, { weight: 12, arbitrary: figure });
const rarely = fc.nat(59).map((n) => n === 59);

const ask: fc.Arbitrary<Ask> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ thousandths: fc.bigInt({ min: 1n, max: 1_000n }) }) },
  { weight: 1, arbitrary: fc.record({ thousandths: fc.bigInt({ min: 1_001n, max: 1_200n }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ layers: fc.integer({ min: 1, max: 4 }), and: fc.constantFrom(0n, -1n, 1n) }),
  },
  { weight: 1, arbitrary: fc.record({ units: figure }) },
);
/** Ids as DESIGN §3 has them; put together carelessly, "A-1" and "L" are "A" and "1-L". */
const [A, B, C] = ["A", "A-1", "A.1"] as const;
const at = fc.constantFrom(A, A, A, A, B, B, C);
/** From where to where; to the place itself now and then. */
const ways = [
  [A, B],
  [A, B],
  [A, B],
  [B, A],
  [B, A],
  [A, C],
  [C, A],
  [B, C],
  [C, B],
] as const;
const way = fc
  .oneof({ weight: 20, arbitrary: fc.constantFrom(...ways) }, { weight: 1, arbitrary: fc.constant([A, A]) })
  .map(([from, to]) => ({ at: from, to }));
const amount: fc.Arbitrary<Amount> = fc.record({ units: figure, value, tooFine: rarely });
const inOrder = fc.oneof(
  { weight: 30, arbitrary: fc.constant<Day>("soonest") },
  { weight: 12, arbitrary: fc.constant<Day>("next") },
  { weight: 1, arbitrary: fc.constant<Day>("tomorrow") },
);
const often = fc.oneof(
  { weight: 3, arbitrary: inOrder },
  { weight: 1, arbitrary: fc.constant<Day>("same") },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 25 }) },
);
const placeOn = (day: fc.Arbitrary<Day>, pins: number) =>
  fc.record({
    day,
    time: fc.constantFrom(null, null, "00:00:00", "08:00:00", "08:00:01", "23:59:59"),
    lot: fc.constantFrom("L", "L", "L", "1-L", "1.L"),
    lotWrong: rarely,
    deaf: fc.nat(4).map((n) => n === 0),
    names: fc.nat(3).map((n) => n === 0),
    project: fc.constantFrom(...(pins === 0 ? [null] : [null, null, null, "P" as const, "P-1" as const])),
  });
/** Of a surplus, or of what is short, where it is stated. */
const cost = fc.option(amount, { freq: 2 });
const valueFact = fc.record({
  which: fc.constantFrom("invoice", "cost", "cost", "cancel"),
  of: fc.nat(20),
  amount,
  sign: fc.constantFrom(1n, 1n, -1n),
});
const period = fc.record({
  closes: fc.constantFrom(true, true, false),
  daysBack: fc.integer({ min: -1, max: 15 }),
});
const moveOn = (
  day: fc.Arbitrary<Day>,
  { values, cancels, periods, policies, counts, others, pins }: Weights,
): fc.Arbitrary<Move> => {
  const place = placeOn(day, pins);
  const moveOf = <K extends Move["kind"], T extends object>(kind: K, of: fc.Arbitrary<T>) =>
    fc.tuple(place, of).map(([where, what]) => ({ ...where, ...what, kind }) as unknown as Move);
  return fc.oneof(
    { weight: values, arbitrary: moveOf("value", valueFact) },
    { weight: values, arbitrary: moveOf("return", fc.record({ at, ask, tooFine: rarely, of: fc.nat(9) })) },
    { weight: cancels, arbitrary: moveOf("cancel", fc.record({ of: fc.nat(40) })) },
    { weight: periods, arbitrary: moveOf("period", period) },
    { weight: policies, arbitrary: moveOf("policy", fc.record({})) },
    { weight: counts, arbitrary: moveOf("count", fc.record({ at, ask, tooFine: rarely, cost })) },
    {
      weight: others,
      arbitrary: moveOf(
        "issueShort",
        fc.record({ at, ask, tooFine: rarely, more: fc.bigInt({ min: 0n, max: 900n }), cost }),
      ),
    },
    {
      weight: others,
      arbitrary: moveOf("supplier", fc.record({ at, ask, tooFine: rarely, of: fc.nat(20) })),
    },
    { weight: pins, arbitrary: moveOf("pin", fc.record({ at, ask, tooFine: rarely })) },
    { weight: pins / 2, arbitrary: moveOf("unpin", fc.record({ at, ask, tooFine: rarely })) },
    { weight: others, arbitrary: moveOf("dispatch", fc.record({ at, ask, tooFine: rarely })) },
    {
      weight: others * 2,
      arbitrary: moveOf("arrive", fc.record({ at, ask, tooFine: rarely, of: fc.nat(9) })),
    },
    { weight: others, arbitrary: moveOf("unmatched", fc.record({ at, amount })) },
    {
      weight: 2,
      arbitrary: moveOf("open", fc.record({ at, layers: fc.array(amount, { minLength: 1, maxLength: 4 }) })),
    },
    { weight: 9, arbitrary: moveOf("receive", fc.record({ at, amount })) },
    { weight: 7, arbitrary: moveOf("issue", fc.record({ at, ask, tooFine: rarely })) },
    {
      weight: 7,
      arbitrary: moveOf(
        "transfer",
        fc.tuple(way, fc.record({ ask, tooFine: rarely })).map(([of, more]) => ({ ...of, ...more })),
      ),
    },
    { weight: 2, arbitrary: moveOf("lose", fc.record({ at, ask, tooFine: rarely })) },
    {
      weight: 4,
      arbitrary: moveOf(
        "find",
        fc.record({ at, ask, value: fc.option(value, { freq: 2 }), tooFine: rarely }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("register", "rename", "deactivate")
        .chain((kind) => moveOf(kind, fc.record({}))),
    },
  );
};
const scale = fc.integer({ min: 0, max: 6 });
type Weights = Readonly<
  Record<"values" | "cancels" | "periods" | "policies" | "counts" | "others" | "pins", number>
>;
const NONE: Weights = { values: 0, cancels: 0, periods: 0, policies: 0, counts: 0, others: 0, pins: 0 };
const historiesOf = (day: fc.Arbitrary<Day>, weights = NONE): fc.Arbitrary<History> =>
  fc.record({
    costBy: fc.constantFrom("fifo", "lot"),
    quantityScale: scale,
    valueScale: scale,
    freezes: weights.policies === 0 ? fc.constant(false) : fc.boolean(),
    moves: fc.array(moveOn(day, weights), { maxLength: 40, size: "max" }),
  });
/** No movement stands before one that is recorded. */
export const histories = historiesOf(inOrder);
/** Nearly half of them do; and receipts turn out to be worth something else. */
export const lateHistories = historiesOf(often, { ...NONE, values: 5, pins: 2 });
const all: Weights = {
  ...{ values: 5, cancels: 4, periods: 3, policies: 0 },
  ...{ counts: 3, others: 5, pins: 4 },
};
/** And meanwhile movements are cancelled, and time is closed, and opened again. */
export const closedHistories = historiesOf(often, all);
/** Half of them under `freeze`; and now and then the policy is changed. */
export const frozenHistories = historiesOf(often, { ...all, policies: 1 });

type Policy = Readonly<{ policy: "replay" | "freeze"; from: string }>;

/** What was asked, of what, and what came of it. The first registers the item. */
export type Step = Readonly<{
  command: ItemCommand;
  /** The company's so far, as whoever asked knew them. */
  policies: readonly Policy[];
  before: Item;
  decision: Decision<ItemEvent, ItemRefusal, Item>;
}>;

export const played = (history: History): readonly Step[] => playedBy(history, false);

/**
 * Played by two processes on one log, of which one hears of closings only when it reads what the other wrote, as the store
 * makes it do before it writes again. `counted`: what was decided, with its rows on the days that they count on.
 */
export function playedBy(
  { costBy, quantityScale, valueScale, freezes, moves }: History,
  oneIsDeaf: boolean,
): readonly (Step & Readonly<{ counted: readonly ItemEvent[] }>)[] {
  const data = { item: "x", name: "X", unit: "kg", quantityScale, valueScale, costBy };
  const steps: (Step & Readonly<{ counted: readonly ItemEvent[] }>)[] = [];
  const book = bookOf({ quantityScale, valueScale });
  const closings: string[] = [];
  /** Closings that are not taken back, since the policy was changed on that day. */
  let lasting = 0;
  let policies: readonly Policy[] = freezes ? [{ policy: "freeze", from: "1900-01-01" }] : [];
  let [state, deafState] = [item.initial, item.initial];
  let [heard, heardPolicies]: [string | undefined, readonly Policy[]] = [undefined, policies];
  const play = (asked: ItemCommand, deaf = false) => {
    const before = deaf ? deafState : state;
    const known = deaf ? heardPolicies : policies;
    const last = known.at(-1);
    const command = last ? { ...asked, costing: { change: known.length, policy: last.policy } } : asked;
    const decision = item.decide(command, before);
    const openFrom = closings.at(-1) ?? "";
    const counted = decision.ok ? decision.events.map((event) => countedFrom(event, openFrom)) : [];
    steps.push({ command, policies: known, before, decision, counted });
    if (!decision.ok) return;
    state = counted.reduce(item.evolve, state);
    deafState = deaf ? decision.events.reduce(item.evolve, deafState) : state;
    if (!deaf) [heard, heardPolicies] = [closings.at(-1), policies];
    book.enter(command, decision.events);
  };
  play({ type: "RegisterItem", data, today: TODAY });
  for (const [index, each] of moves.entries()) {
    if (each.kind === "period") {
      const openFrom = book.day(each.daysBack, 0, null);
      if (!each.closes) {
        if (closings.length > lasting) closings.pop();
        // A closing takes longer than anybody goes without asking: it is heard of before it can be opened again.
        [deafState, heard] = [state, closings.at(-1)];
      } else if (openFrom > (closings.at(-1) ?? "")) closings.push(openFrom);
      continue;
    }
    if (each.kind === "policy") {
      // The first open day, with no movement on it or after it.
      const from = [book.day("next", 0, null), dayAfter(closings.at(-1))].toSorted().at(-1) ?? "";
      if (from > TODAY) continue;
      lasting = closings.push(from);
      policies = [...policies, { policy: policies.at(-1)?.policy === "freeze" ? "replay" : "freeze", from }];
      continue;
    }
    const name = `${each.kind.slice(0, 1).toUpperCase()}${index}`;
    const deaf = oneIsDeaf && each.deaf;
    const said = withProject(commandOf(each, name, data, book), each.project);
    const asked = { ...said, openFrom: deaf ? heard : closings.at(-1) };
    const before = each.names && "movement" in asked.data ? book.lastCount() : undefined;
    play(before === undefined ? asked : { ...asked, before }, deaf);
  }
  return steps;
}

/** Those that may be told of whose stock they are. */
const OF_PROJECTS = [
  ...["RecordOpeningStock", "ReceiveGoods", "IssueGoods", "TransferGoods", "AdjustStock", "DispatchGoods"],
  ...["ReturnToSupplier", "ReturnUnmatchedGoods"],
];
const withProject = (command: ItemCommand, project: string | null): ItemCommand =>
  project !== null && OF_PROJECTS.includes(command.type) ? { ...command, project } : command;

const countedFrom = (event: ItemEvent, openFrom: string): ItemEvent =>
  "rows" in event.data
    ? ({
        ...event,
        data: {
          ...event.data,
          rows: event.data.rows.map((row) => (row.date < openFrom ? { ...row, date: openFrom } : row)),
        },
      } as ItemEvent)
    : event;

type Figures = Readonly<{ item: string; quantityScale: number; valueScale: number; costBy: CostBy }>;

function commandOf(
  move: Exclude<Move, { kind: "period" | "policy" }>,
  movement: string,
  figures: Figures,
  book: Book,
): ItemCommand {
  const { item, quantityScale, valueScale, costBy } = figures;
  const today = TODAY;
  if (move.kind === "register")
    return { type: "RegisterItem", data: { ...figures, name: movement, unit: "m" }, today };
  if (move.kind === "rename") return { type: "RenameItem", data: { item, name: movement }, today };
  if (move.kind === "deactivate") return { type: "DeactivateItem", data: { item }, today };

  if (move.kind === "cancel") {
    const about = { item, cancellation: movement, reference: "typed twice" };
    return { type: "CancelMovement", data: { ...about, cancelled: book.moved(move.of) }, today };
  }
  if (move.kind === "value") return book.valueFact(move, movement, figures);

  const { at: location, time } = move;
  const lot = (costBy === "lot") !== move.lotWrong ? move.lot : null;
  const phase = move.kind === "open" || move.kind === "receive" ? 0 : 1;
  const about = { item, movement, effectiveDate: book.day(move.day, phase, time), time, lot };
  const quantity = (units: bigint, tooFine: boolean) => written(units, quantityScale, tooFine);
  const money = ({ value, tooFine }: Amount) => written(value, valueScale, tooFine && value % 2n === 1n);
  const of = (each: Amount) => ({
    quantity: quantity(reduced(each.units, quantityScale), each.tooFine && each.value % 2n === 0n),
    value: money({ ...each, value: reduced(each.value, valueScale, 0n) }),
  });
  if (move.kind === "open") {
    const layers = move.layers.map((layer, index) => ({ ...of(layer), receivedOn: dayOf(-1 - 40 * index) }));
    return { type: "RecordOpeningStock", data: { ...about, location, layers }, today };
  }
  if (move.kind === "receive") {
    const data = { ...about, location, ...of(move.amount), reference: null };
    return { type: "ReceiveGoods", data, today };
  }
  if (move.kind === "unmatched") {
    const data = { ...about, location, ...of(move.amount), approvedBy: "ben", reference: null };
    return { type: "ReturnUnmatchedGoods", data, today };
  }
  if (move.kind === "arrive") {
    const { name: dispatch, units, lot, day } = book.sent(move, quantityScale);
    const effectiveDate = about.effectiveDate < day && !move.lotWrong ? day : about.effectiveDate;
    const data = { ...about, effectiveDate, lot, dispatch, location, reference: null };
    return { type: "ArriveGoods", data: { ...data, quantity: quantity(units, move.tooFine) }, today };
  }
  if (move.kind === "return") {
    const { name: issue, units, lot, day } = book.issued(move, quantityScale);
    const effectiveDate = about.effectiveDate < day && !move.lotWrong ? day : about.effectiveDate;
    const back = quantity(units, move.tooFine);
    const data = { ...about, effectiveDate, lot, issue, location, quantity: back, reference: null };
    return { type: "ReturnGoods", data, today };
  }
  const ofWhom = move.kind === "count" ? undefined : move.kind === "pin" ? null : move.project;
  const asked = quantity(book.wanted(move.ask, location, lot, ofWhom), move.tooFine);
  switch (move.kind) {
    case "issue":
      return {
        type: "IssueGoods",
        data: { ...about, location, quantity: asked, purpose: "other", reference: "x" },
        today,
      };
    case "pin":
    case "unpin": {
      const data = { ...about, location, project: move.project ?? "P", quantity: asked, reference: null };
      return { type: move.kind === "pin" ? "PinGoods" : "UnpinGoods", data, today };
    }
    case "transfer":
      return {
        type: "TransferGoods",
        data: { ...about, from: location, to: move.to, quantity: asked, reference: "t" },
        today,
      };
    case "issueShort": {
      const wanted = (book.wanted(move.ask, location, lot, move.project) * (1_000n + move.more)) / 1_000n;
      const most = 10n ** BigInt(18 + quantityScale) - 1n;
      const more = quantity(wanted < most ? wanted : most, move.tooFine);
      const mayGoShort = { statedCost: move.cost && of(move.cost) };
      const data = {
        ...about,
        location,
        quantity: more,
        purpose: "sale" as const,
        reference: "x",
        mayGoShort,
      };
      return { type: "IssueGoods", data, today };
    }
    case "count": {
      const unitCost = move.cost && of(move.cost);
      const data = { ...about, location, counted: asked, unitCost, stocktake: null, reference: null };
      return { type: "CountStock", data, today };
    }
    case "supplier": {
      const ofLot = { lot: costBy === "lot" ? move.lot : lot }; // without one it would be the receipt's
      const receipt = move.of % 4 === 0 ? null : book.receipt(move.of);
      const uninvoiced = receipt !== null && move.of % 3 === 1;
      const plain = { credit: "0" as DecimalText, uninvoiced, reference: null };
      return {
        type: "ReturnToSupplier",
        data: { ...about, ...ofLot, location, quantity: asked, receipt, ...plain },
        today,
      };
    }
    case "dispatch": {
      const ways = { from: location, via: "road", to: "B" };
      return { type: "DispatchGoods", data: { ...about, ...ways, quantity: asked, reference: null }, today };
    }
    case "lose": {
      const data = { ...about, location, quantity: `-${asked}` as DecimalText, value: null, reference: "c" };
      return { type: "AdjustStock", data, today };
    }
    case "find": {
      const stated = move.value === null ? null : written(reduced(move.value, valueScale, 0n), valueScale);
      return {
        type: "AdjustStock",
        data: { ...about, location, quantity: asked, value: stated, reference: null },
        today,
      };
    }
  }
}

/** The figure with as many of its digits as fit eighteen before the point. */
const reduced = (units: bigint, decimals: number, least = 1n): bigint => {
  const limit = 10n ** BigInt(18 + decimals);
  return units < limit ? units : units / 10n ** BigInt(6 - decimals) || least;
};

/** An amount as the log spells it; `tooFine`: with a digit more than the scale, where there may be one. */
export function written(units: bigint, decimals: number, tooFine = false): DecimalText {
  if (tooFine && decimals < 6) return written(units * 10n + 5n, decimals + 1);
  const digits = `${units < 0n ? -units : units}`.padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const fraction = digits.slice(cut).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, cut)}${fraction && `.${fraction}`}` as DecimalText;
}

/** The integer of units that a text stands for; it must fit the scale. */
export function counted(amount: string, decimals: number): bigint {
  const [whole = "", fraction = ""] = amount.split(".");
  if (fraction.length > decimals) throw new Error(`${amount} is finer than ${decimals} decimals`);
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

type Sent = Readonly<{ name: string; lot: string | null; day: string; units: bigint }>;
const NOTHING: Sent = { name: "none", lot: null, day: "", units: 1n };

/** Of what was sent, as much as is asked for. */
function partOf(sent: Sent, ask: Ask, quantityScale: number): Sent {
  const units =
    "thousandths" in ask
      ? (sent.units * ask.thousandths) / 1_000n
      : "units" in ask
        ? reduced(ask.units, quantityScale)
        : sent.units + ask.and;
  return { ...sent, units: units < 1n ? 1n : units };
}

type Book = ReturnType<typeof bookOf>;
type Stand = Readonly<{ day: number; phase: number; time: string }>;

const isBefore = (a: Stand, b: Stand): boolean =>
  a.day !== b.day ? a.day < b.day : a.phase !== b.phase ? a.phase < b.phase : a.time < b.time;

const nameOf = (location: string, lot: string | null, project: string | null): string =>
  JSON.stringify([location, lot, project]);

/** What the rows so far leave at each location and lot, and the latest day and time: all that a move is told by. */
function bookOf({ quantityScale, valueScale }: Pick<Figures, "quantityScale" | "valueScale">) {
  const receipts: Readonly<{ movement: string; units: bigint; worth: bigint }>[] = [];
  const facts: string[] = [];
  const moved: string[] = [];
  const issues: Sent[] = [];
  const dispatches: Sent[] = [];
  const counts: string[] = [];
  const left = new Map<string, Map<string, bigint>>();
  let latest: Stand = { day: 0, phase: 0, time: "" };
  return {
    enter({ type, data }: ItemCommand, events: readonly ItemEvent[]) {
      if (type === "ReceiveGoods") {
        const [units, worth] = [counted(data.quantity, quantityScale), counted(data.value, valueScale)];
        receipts.push({ movement: data.movement, units, worth });
      }
      if ("movement" in data) moved.push(data.movement);
      if (type === "IssueGoods" || type === "DispatchGoods") {
        const { movement: name, lot, effectiveDate: day, quantity } = data;
        const sent = { name, lot, day, units: counted(quantity, quantityScale) };
        (type === "IssueGoods" ? issues : dispatches).push(sent);
      }
      if (type === "CountStock") counts.push(data.movement);
      if (type === "CancelMovement") moved.push(data.cancellation); // it may be a movement itself
      if (type === "InvoiceReceipt" || type === "AddReceiptCost") facts.push(data.fact);
      let own: string | null = null;
      let said: string | null = null;
      let lot: string | null = null;
      for (const event of events) {
        if (event.type === "ProjectNamed") own = event.data.project;
        if (event.type === "MovementsRecosted" || event.type === "CostRowsOfProject")
          said = event.data.project;
        else said = own;
        if ("effectiveDate" in event.data) {
          const phase = event.type === "OpeningStockRecorded" || event.type === "GoodsReceived" ? 0 : 1;
          const entered = { day: numberOf(event.data.effectiveDate), phase, time: event.data.time ?? "~" };
          if (!isBefore(entered, latest)) latest = entered;
        }
        if ("lot" in event.data) ({ lot } = event.data);
        for (const row of "rows" in event.data ? event.data.rows : []) {
          const queue = left.get(nameOf(row.area, lot, said)) ?? new Map<string, bigint>();
          queue.set(row.layer, (queue.get(row.layer) ?? 0n) + counted(row.quantity, quantityScale));
          left.set(nameOf(row.area, lot, said), queue);
        }
      }
    },

    moved: (of: number): string => moved[of % (moved.length + 1)] ?? "none",

    lastCount: (): string | undefined => counts.at(-1),

    receipt: (of: number): string => receipts[of % (receipts.length + 1)]?.movement ?? "none",

    /** An issue there is, now and then none, and what of it comes back. */
    issued({ of, ask }: Extract<Move, { kind: "return" }>, quantityScale: number) {
      return partOf(issues[of % (issues.length + 1)] ?? NOTHING, ask, quantityScale);
    },
    /** A dispatch there is, now and then none, and what of it arrives. */
    sent({ of, ask }: Extract<Move, { kind: "arrive" }>, quantityScale: number) {
      return partOf(dispatches[of % (dispatches.length + 1)] ?? NOTHING, ask, quantityScale);
    },
    /** Of a receipt there is, or of a fact; of none now and then. */
    valueFact(
      { which, of, amount: { units, value, tooFine }, sign }: Extract<Move, { kind: "value" }>,
      fact: string,
      { item, valueScale }: Figures,
    ): ItemCommand {
      const about = { item, fact, documentDate: tooFine ? "2027-01-01" : TODAY, reference: "d" };
      const receipt = receipts[of % (receipts.length + 1)] ?? { movement: "none", units: 1n, worth: 1n };
      const plain = { foreign: null, exchangeDifference: "0" as DecimalText };
      if (which === "cancel") {
        const cancelled = facts[of % (facts.length + 1)] ?? "none";
        return { type: "CancelValueFact", data: { ...about, cancelled }, today: TODAY };
      }
      const some = { ...about, receipt: receipt.movement, ...plain };
      if (which === "invoice") {
        const asked = (receipt.units * ((units % 1_000n) + 1n)) / 1_000n || 1n;
        const worth = (receipt.worth * asked * ((value % 200n) + 1n)) / (receipt.units * 100n);
        const [quantity, amount] = [written(asked, quantityScale), written(worth, valueScale)];
        return { type: "InvoiceReceipt", data: { ...some, quantity, amount }, today: TODAY };
      }
      const amount = written((sign * (receipt.worth * ((value % 120n) + 1n))) / 100n || 1n, valueScale);
      return { type: "AddReceiptCost", data: { ...some, kind: "landedCost", amount }, today: TODAY };
    },

    /** `project`: undefined for all that lies there, whosever it is. */
    wanted(ask: Ask, location: string, lot: string | null, project: string | null | undefined): bigint {
      const open = (project === undefined ? [null, "P", "P-1"] : [project])
        .flatMap((of) => [...(left.get(nameOf(location, lot, of))?.values() ?? [])])
        .filter((units) => units > 0n);
      const sum = (units: readonly bigint[]) => units.reduce((total, each) => total + each, 0n);
      const wanted =
        "units" in ask
          ? reduced(ask.units, quantityScale)
          : "layers" in ask
            ? sum(open.slice(0, ask.layers)) + ask.and
            : (sum(open) * ask.thousandths) / 1_000n;
      const most = 10n ** BigInt(18 + quantityScale) - 1n;
      return wanted < 1n ? 1n : wanted > most ? most : wanted;
    },

    day(day: Day, phase: number, time: string | null): string {
      if (day === "tomorrow") return "2027-01-01";
      if (typeof day === "number") return dayOf(latest.day - day);
      const isLate = isBefore({ ...latest, phase, time: time ?? "~" }, latest);
      const on = { same: 0, next: 1, soonest: isLate ? 1 : 0 }[day];
      return dayOf(latest.day + on);
    },
  };
}

const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 0, 10);
const dayOf = (number: number): string => new Date(FIRST + number * DAY).toISOString().slice(0, 10);
const dayAfter = (day: string | undefined): string => (day === undefined ? "" : dayOf(numberOf(day) + 1));
const numberOf = (day: string): number => (Date.parse(day) - FIRST) / DAY;
