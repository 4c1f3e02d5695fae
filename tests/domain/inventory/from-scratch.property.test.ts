/**
 * Goal: the oracle itself keeps what the rules promise of any history.
 * Method: histories drawn at random, of one policy or of several, one after the other; after each fact its rows are summed by
 * layer at every day, and held against what the facts themselves say; what is drawn under freeze stays drawn.
 */
import { expect, test } from "vitest";
import { fromScratch, type Row } from "./from-scratch.ts";
import { chance, drawn, type Fact, on } from "./from-scratch-drawn.ts";

const HISTORIES = Number(process.env["HISTORIES"] ?? 200);
const FACTS = 40;
/** A policy lasts so many days, and there are at most so many. */
const [DAYS, STRETCHES] = [8, 3];
const cents = (value: string): number => Math.round(Number(value) * 100);
const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

/** A layer at the end of a day: below 0 in nothing, and worth nothing when nothing is left; a deficit the other way round. */
function holdsAlways(rows: readonly Row[], facts: readonly Fact[]): void {
  const issues = new Set(facts.flatMap(({ type, data }) => (type === "IssueGoods" ? data["movement"] : [])));
  for (const layer of new Set(rows.map((row) => row.layer)))
    for (let day = 1; day <= DAYS * STRETCHES + 1; day++) {
      const until = rows.filter((row) => row.layer === layer && row.date <= on(day));
      const sign = issues.has(layer) ? -1 : 1;
      const units = sign * sum(until.map(({ quantity }) => Number(quantity)));
      const worth = sign * sum(until.map(({ value }) => cents(value)));
      expect(units).toBeGreaterThanOrEqual(0);
      expect(worth).toBeGreaterThanOrEqual(0);
      if (units === 0) expect(worth + 0).toBe(0);
    }
}

/** What came in by the facts' own words, and what is moved only, and what went out by a movement as a whole. */
function adds(rows: readonly Row[], facts: readonly Fact[], undone: ReadonlySet<unknown>): void {
  const worthOf = (movement: unknown): number =>
    sum(rows.filter((row) => row.movement === movement).map(({ value }) => cents(value)));
  for (const { type, data } of facts) {
    const worth = worthOf(data["movement"]);
    if (type === "TransferGoods" || type === "DispatchGoods" || type === "ArriveGoods")
      expect(worth + 0).toBe(0);
    if (type === "ReturnUnmatchedGoods") expect(worth).toBe(cents(data["value"] as string));
    if (type === "RecordOpeningStock")
      expect(worth).toBe(sum((data["layers"] as { value: string }[]).map(({ value }) => cents(value))));
    if (type === "ReceiveGoods") {
      const known = facts.filter(
        (each) => each.data["amount"] !== undefined && each.data["receipt"] === data["movement"],
      );
      const invoiced = sum(known.map((each) => Number(each.data["quantity"] ?? 0)));
      const price = cents(data["value"] as string);
      const kept = price - Math.floor((price * invoiced) / Number(data["quantity"]) + 0.5);
      expect(worth).toBe(kept + sum(known.map((each) => cents(each.data["amount"] as string))));
    }
    if (type !== "IssueGoods") continue;
    const backs = facts.filter(
      (each) => each.type === "ReturnGoods" && each.data["issue"] === data["movement"],
    );
    const returned = sum(backs.map((each) => Number(each.data["quantity"])));
    const isAll = returned === Number(data["quantity"]);
    if (isAll && !backs.some((each) => undone.has(each.data["movement"])))
      expect(worth + sum(backs.map((each) => worthOf(each.data["movement"])))).toBe(0);
  }
}

/** What was drawn and brought: counts alone take or bring more, and issues take what they lacked. */
function staysDrawn(before: readonly Row[], rows: readonly Row[], facts: readonly Fact[]): void {
  const open = new Set(
    facts.flatMap(({ type, data }) =>
      type === "CountStock" || (type === "IssueGoods" && data["mayGoShort"]) ? [data["movement"]] : [],
    ),
  );
  const now = new Map(
    rows.map(({ movement, layer, area, date, quantity }) => [
      `${movement} ${layer} ${area} ${date}`,
      quantity,
    ]),
  );
  for (const { movement, layer, area, date, quantity } of before) {
    const units = Number(now.get(`${movement} ${layer} ${area} ${date}`) ?? 0);
    if (!open.has(movement)) expect(units).toBe(Number(quantity));
    else if (layer !== movement) expect(units).toBeLessThanOrEqual(Number(quantity));
  }
}

/** At its place, what lies there is what was counted: all rows of movements up to it, of its day or before. */
function counted(
  rows: readonly Row[],
  facts: readonly Fact[],
  order: readonly string[],
  lotOf: (movement: string) => unknown,
): void {
  for (const { type, data } of facts) {
    if (type !== "CountStock") continue;
    const { movement, location, effectiveDate, lot } = data as Record<string, string>;
    const until = new Set(order.slice(0, order.indexOf(movement ?? "") + 1));
    const there = rows.filter(
      (row) =>
        until.has(row.movement) &&
        row.area === location &&
        row.date <= `${effectiveDate}` &&
        lotOf(row.movement) === lot,
    );
    expect(sum(there.map(({ quantity }) => Number(quantity)))).toBe(Number(data["counted"]));
  }
}

/** What went back uninvoiced is worth what it would be without any invoice. */
function withoutInvoices(
  history: readonly Command[],
  rows: readonly Row[],
  book: Book,
  undone: ReadonlySet<unknown>,
): void {
  const isOfInvoice = ({ data }: Command) =>
    history.some(
      (each) => each.type === "InvoiceReceipt" && each.data["fact"] === (data["cancelled"] ?? data["fact"]),
    );
  for (const each of history)
    if (
      !(/^(InvoiceReceipt|CancelValueFact)$/.test(each.type) && isOfInvoice(each)) &&
      book.tell(each).refusal
    )
      return;
  const plain = book.rows();
  for (const { type, data } of history) {
    if (type !== "ReturnToSupplier" || data["uninvoiced"] !== true || undone.has(data["movement"])) continue;
    const stems = ({ movement, layer }: Row) =>
      movement === data["movement"] && data["receipt"] === (layer.split("/")[1] ?? layer);
    expect(rows.filter(stems)).toEqual(plain.filter(stems));
  }
}
type Policy = Readonly<{ policy: "replay" | "freeze"; from: string }>;
type Command = Fact & Readonly<{ today: string; openFrom: string; policies: readonly Policy[] }>;
type Book = ReturnType<typeof fromScratch>;

test("layers are never below nothing, all adds up, and counts hold", () => {
  const seen: Record<string, number> = {};
  const note = (what: string) => {
    seen[what] = (seen[what] ?? 0) + 1;
  };
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const random = chance(seed);
    const byLot = seed % 3 === 0;
    const registration = {
      costBy: byLot ? ("lot" as const) : ("fifo" as const),
      quantityScale: 0,
      valueScale: 2,
    };
    const book = fromScratch(registration);
    const history: Command[] = [];
    let accepted: Fact[] = [];
    let openDay = 1;
    const mayFreeze = seed % 4 > 1;
    let policies: readonly Policy[] = seed % 4 === 3 ? [{ policy: "freeze", from: on(1) }] : [];
    /** The day before the policy's first. */
    let after = 0;
    const undone = new Map<unknown, unknown>();
    const lots = new Map<unknown, unknown>();
    for (let nth = 0; nth < FACTS; nth++) {
      if (mayFreeze && random.below(15) === 0 && after < DAYS * (STRETCHES - 1)) {
        after += DAYS;
        openDay = after + 1;
        const policy = policies.at(-1)?.policy === "freeze" ? "replay" : "freeze";
        policies = [...policies, { policy, from: on(openDay) }];
      }
      const fact = drawn(nth, accepted, byLot, random, after);
      const { type, data } = fact;
      if (random.below(20) === 0 && openDay < after + 5) openDay++;
      const before = book.rows();
      const command = { type, data, today: on(after + DAYS), openFrom: on(openDay), policies };
      const { refusal } = book.tell(command);
      note(refusal ? refusal.name : type);
      if (refusal) {
        expect(book.rows()).toEqual(before);
        continue;
      }
      if (policies.at(-1)?.policy === "freeze") staysDrawn(before, book.rows(), accepted);
      lots.set(data["movement"], data["lot"]);
      history.push(command);
      const cancelled = data["cancelled"];
      const isHis = (each: Fact) => each.data["movement"] === cancelled;
      if (type !== "CancelMovement" && type !== "CancelValueFact") accepted.push(fact);
      else if (type === "CancelMovement" && book.order().some((name) => name === cancelled)) {
        undone.set(cancelled, data["cancellation"]);
        lots.set(data["cancellation"], lots.get(cancelled));
        note("compensated");
      } else {
        accepted = accepted.filter((each) => !isHis(each));
        for (const [movement, by] of undone) if (by === cancelled) undone.delete(movement);
      }
      const rows = book.rows();
      holdsAlways(rows, accepted);
      adds(rows, accepted, new Set(undone.keys()));
      counted(rows, accepted, book.order(), (movement) => lots.get(movement));
    }
    withoutInvoices(history, book.rows(), fromScratch(registration), new Set(undone.keys()));
  }
  if (process.env["SEEN"]) console.log(seen);
  expect(Object.keys(seen)).toContain("compensated");
  expect(Object.keys(seen)).toContain("CountClosed");
});
