/**
 * What an item must answer, worked out another way and with no code of the rules: no queues that are consumed, no
 * decimals, no sums of rows. All that ever arrived at a location (and lot) lies end to end on a line of units; what
 * has left it is one number, how far along the line the goods are gone. A draw takes where its span overlaps.
 */

type Span = { layer: string; receipt: string; from: bigint; to: bigint; worth: bigint };
type Line = { spans: Span[]; end: bigint; gone: bigint };
type Piece = Readonly<{ layer: string; receipt: string; units: bigint; worth: bigint }>;
/** What an issue took: each unit of it, in the order taken, has come back or not. */
type Out = Readonly<{ date: string; quantity: string; pieces: readonly Piece[] }> & { back: bigint };
type Key = readonly [date: string, phase: 0 | 1, time: string | null];
type Figures = Readonly<{ quantity: string; value?: string | null }>;
type Registration = Readonly<{ costBy: string; quantityScale: number; valueScale: number }>;
type Movement = Figures &
  Readonly<{
    item: string;
    movement: string;
    effectiveDate: string;
    time: string | null;
    lot: string | null;
    location?: string;
    from?: string;
    to?: string;
    issue?: string;
    layers?: readonly Figures[];
  }>;
type Asked = Readonly<{ type: string; data: object; today: string }>;
type Events = readonly Readonly<{ type: string; data: object }>[];
/**
 * Of `refusals` any one will do: which of several locations with stock is named, is nowhere said, nor whether it is
 * with all that lies there, or with one lot of it.
 */
type Answer = Readonly<{ events: Events }> | Readonly<{ refusals: readonly object[] }>;

const eventTypes: Readonly<Record<string, string>> = {
  RegisterItem: "ItemRegistered",
  RenameItem: "ItemRenamed",
  DeactivateItem: "ItemDeactivated",
  RecordOpeningStock: "OpeningStockRecorded",
  ReceiveGoods: "GoodsReceived",
  IssueGoods: "GoodsIssued",
  TransferGoods: "GoodsTransferred",
  AdjustStock: "StockAdjusted",
  ReturnGoods: "GoodsReturned",
};
const ROWS = 1_000;
const DIGITS = 18;

const refused = (name: string, facts: object = {}): Answer => ({ refusals: [{ name, ...facts }] });

/** Answers one command after the other; what it accepts has happened. */
export function oracle(): (command: Asked) => Answer {
  let registered: ReturnType<typeof stockOf> | undefined;
  let active = true;
  return (command) => {
    const { type, data } = command;
    const accepted: Answer = { events: [{ type: eventTypes[type] ?? "", data }] };
    if (type === "RegisterItem") {
      if (registered) return refused("ItemAlreadyRegistered");
      registered = stockOf(data as Registration);
      return accepted;
    }
    if (!registered) return refused("ItemNotRegistered");
    if (!active) return refused("ItemDeactivated");
    if (type === "RenameItem") return accepted;
    if (type !== "DeactivateItem") return registered.moved(command);
    const refusals = registered.onHand();
    if (refusals.length > 0) return { refusals };
    active = false;
    return accepted;
  };
}

function stockOf({ costBy, quantityScale, valueScale }: Registration) {
  const lines = new Map<string, Line>();
  const issued = new Map<string, Out>();
  let latest: Key | undefined;

  const lineAt = (location: string, lot: string | null): Line => {
    const name = JSON.stringify([location, lot]);
    const line = lines.get(name) ?? { spans: [], end: 0n, gone: 0n };
    lines.set(name, line);
    return line;
  };

  function onHand(): readonly object[] {
    const stock = [...lines].map(([name, { end, gone }]) => {
      const [location] = JSON.parse(name) as [string];
      return { location, units: end - gone };
    });
    return stock.flatMap(({ location, units }) => {
      if (units === 0n) return [];
      const all = stock.reduce((sum, other) => (other.location === location ? sum + other.units : sum), 0n);
      return [{ name: "StockOnHand", location, onHand: spelled(all, quantityScale) }];
    });
  }

  function moved({ type, data: asked, today }: Asked): Answer {
    const data = asked as Movement;
    const { item, movement, effectiveDate, time, lot, from = "", location = from, to = location } = data;

    const out = issued.get(data.issue ?? "");
    // What is wrong with it, in the order of the list.
    if (effectiveDate > today) return refused("EffectiveDateAfterToday", { effectiveDate, today });
    if (type === "ReturnGoods" && !out) return refused("IssueNotFound", { issue: data.issue });
    if (costBy === "lot" && lot === null) return refused("LotRequired");
    if (costBy === "fifo" && lot !== null) return refused("LotNotKept");
    if (out && effectiveDate < out.date)
      return refused("ReturnBeforeIssue", { effectiveDate, issued: out.date });
    const arrives = type === "ReceiveGoods" || type === "RecordOpeningStock";
    const key: Key = [effectiveDate, arrives ? 0 : 1, time];
    if (latest && isBefore(key, latest) && !out) {
      const [recorded, , recordedTime] = latest;
      return refused("BeforeRecordedMovement", { effectiveDate, recorded, recordedTime });
    }
    const figures = data.layers ?? [data];
    const fine = figures.find(({ quantity }) => decimalsOf(quantity) > quantityScale)?.quantity;
    if (fine) return refused("QuantityTooPrecise", { quantity: fine, scale: quantityScale });
    const vague = figures.find(({ value }) => decimalsOf(value ?? "") > valueScale)?.value;
    if (vague) return refused("ValueTooPrecise", { value: vague, scale: valueScale });
    if (type === "TransferGoods" && from === to) return refused("SameLocation", { location });

    const asked_ = out ? counted(data.quantity, quantityScale) : 0n;
    if (out && out.back + asked_ > counted(out.quantity, quantityScale))
      return refused("ReturnedMoreThanIssued", {
        ...{ issued: out.quantity, returned: spelled(out.back, quantityScale), quantity: data.quantity },
      });
    const line = lineAt(location, lot);
    const units = arrives ? 0n : counted(data.quantity, quantityScale);
    const size = units < 0n ? -units : units;
    const leaves = type === "IssueGoods" || type === "TransferGoods" || units < 0n;
    if (leaves && size > line.end - line.gone) {
      const [here, wanted] = [line.end - line.gone, size].map((amount) => spelled(amount, quantityScale));
      return refused("InsufficientStock", { location, onHand: here, reserved: "0", requested: wanted });
    }
    let found = data.value ?? "";
    if (!leaves && !arrives && !out && data.value === null) {
      const last = line.spans.at(-1);
      if (!last || line.gone === line.end) return refused("NoLayerToValueSurplus", { location });
      const worth = nearest(last.worth * units, last.to - larger(last.from, line.gone));
      if (`${worth}`.length > DIGITS + valueScale) return refused("ValueOutOfRange", { digitsMax: DIGITS });
      found = spelled(worth, valueScale);
    }

    // Nothing is: it happens.
    // What comes back stands right after its issue at the earliest.
    if (!latest || !isBefore(key, latest)) latest = key;
    const drawn = leaves ? overlapped(line, size) : [];
    const brought = (data.layers ?? [{ quantity: data.quantity, value: found }]).map(
      ({ quantity, value }, index): Piece => ({
        layer: index === 0 ? movement : `${movement}/${movement}/${index + 1}`,
        receipt: movement,
        units: counted(quantity, quantityScale),
        worth: counted(value ?? "", valueScale),
      }),
    );
    const back = out ? renamed(comeBack(out, asked_), movement) : [];
    if (type === "IssueGoods")
      issued.set(movement, { date: effectiveDate, quantity: data.quantity, pieces: drawn, back: 0n });
    const laid = out ? back : type === "TransferGoods" ? renamed(drawn, movement) : leaves ? [] : brought;
    lay(lineAt(to, lot), laid);
    const rowOf =
      (area: string, sign: bigint) =>
      ({ layer, units, worth }: Piece) => {
        const [quantity, value] = [spelled(sign * units, quantityScale), spelled(sign * worth, valueScale)];
        return { movement, layer, area, date: effectiveDate, quantity, value };
      };
    const rows = [...drawn.map(rowOf(location, -1n)), ...laid.map(rowOf(to, 1n))];
    const first = { type: eventTypes[type] ?? "", data: { ...data, rows: rows.slice(0, ROWS) } };
    const others = Array.from({ length: Math.ceil(rows.length / ROWS) - 1 }, (_, n) => {
      const more = rows.slice((n + 1) * ROWS, (n + 2) * ROWS);
      return { type: "CostRowsContinued", data: { item, movement, rows: more } };
    });
    return { events: [first, ...others] };
  }

  return { onHand, moved };
}

/** The last taken come back first. A piece's worth comes back by how much of it is back, so that all of it is all. */
function comeBack(out: Out, units: bigint): readonly Piece[] {
  const [from, to] = [out.back, out.back + units];
  out.back = to;
  let end = 0n;
  return [...out.pieces].reverse().flatMap((piece) => {
    const start = end;
    end += piece.units;
    const [first, last] = [larger(from, start) - start, (to < end ? to : end) - start];
    if (last <= first) return [];
    const worthOf = (many: bigint) => nearest(piece.worth * many, piece.units);
    return [{ ...piece, units: last - first, worth: worthOf(last) - worthOf(first) }];
  });
}

function overlapped(line: Line, size: bigint): readonly Piece[] {
  const [start, stop] = [line.gone, line.gone + size];
  line.gone = stop;
  return line.spans.flatMap((span) => {
    const [from, to] = [larger(span.from, start), span.to < stop ? span.to : stop];
    if (to <= from) return [];
    const worth = to === span.to ? span.worth : nearest(span.worth * (to - from), span.to - from);
    span.worth -= worth;
    return [{ layer: span.layer, receipt: span.receipt, units: to - from, worth }];
  });
}

const renamed = (pieces: readonly Piece[], movement: string): readonly Piece[] => {
  const seen = new Map<string, number>();
  return pieces.map((piece) => {
    const nth = (seen.get(piece.receipt) ?? 0) + 1;
    seen.set(piece.receipt, nth);
    return { ...piece, layer: `${movement}/${piece.receipt}${nth > 1 ? `/${nth}` : ""}` };
  });
};

function lay(line: Line, pieces: readonly Piece[]): void {
  for (const { layer, receipt, units, worth } of pieces) {
    line.spans.push({ layer, receipt, from: line.end, to: line.end + units, worth });
    line.end += units;
  }
}

/** The integer nearest to n ÷ d, of two the larger: n is never negative here. */
const nearest = (n: bigint, d: bigint): bigint => (2n * n + d) / (2n * d);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

function isBefore([date, phase, time]: Key, [otherDate, otherPhase, otherTime]: Key): boolean {
  if (date !== otherDate) return date < otherDate;
  if (phase !== otherPhase) return phase < otherPhase;
  if (time === null) return false;
  return otherTime === null || time < otherTime;
}

const decimalsOf = (text: string): number => text.split(".")[1]?.length ?? 0;

const counted = (text: string, scale: number): bigint => {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(`${whole}${fraction.padEnd(scale, "0")}`);
};

const spelled = (units: bigint, scale: number): string => {
  const one = 10n ** BigInt(scale);
  const size = units < 0n ? -units : units;
  const fraction = scale === 0 ? "" : `.${`${size % one}`.padStart(scale, "0")}`.replace(/\.?0+$/, "");
  return `${units < 0n ? "-" : ""}${size / one}${fraction}`;
};
