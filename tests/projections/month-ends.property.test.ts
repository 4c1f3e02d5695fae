import fc from "fast-check";
import { expect, test } from "vitest";
import type { Recorded } from "../../domain/kernel/event.ts";
import { batchApplier } from "../../projections/apply-batch.ts";
import { takeFence } from "../../projections/fence.ts";
import { type Balance, type BalanceCursor, balances } from "../../read-models/balances.ts";
import type { Session } from "../../read-models/database.ts";
import { type LayerCursor, type OpenLayer, openLayers } from "../../read-models/layers.ts";
import { generationSchema, quoted } from "../../read-models/names.ts";
import type { Moment } from "../../read-models/question.ts";
import {
  counted,
  daysToAsk,
  drawnLogs,
  grouped,
  logOf,
  type Naive,
  naive,
  type Seen,
  type Sum,
  sums,
} from "../support/drawn-rows.ts";
import { type Book, withBook } from "../support/postgres.ts";

/** Each history is an item's; up to two hundred are interleaved in one log, hence some 1,500 in all. */
const logs = drawnLogs(200, 12);
const runs = { numRuns: 15 };

/** After which counts of events the log is cut into batches. */
const cuts = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 20 });

/** Each third batch by a projector that starts again from the tables. */
async function projected(book: Book, session: Session, log: readonly Recorded[], sizes: readonly number[]) {
  await book.emptied();
  const start = async () => batchApplier(session, book.name, await takeFence(session, book.name));
  let applier = await start();
  for (let from = 0, batch = 0; from < log.length; batch += 1) {
    const size = sizes[batch % sizes.length] ?? 1;
    if (batch % 3 === 2) applier = await start();
    await applier.apply({ events: log.slice(from, from + size) });
    from += size;
  }
}

const keyOf = ({ item, area, lot, project }: Pick<Seen, "item" | "area" | "lot" | "project">) =>
  `${item} ${area} ${lot} ${project}`;
const layerOf = (row: Seen) => `${keyOf(row)} ${row.layer}`;
const plain = <T extends { quantity: string; value: string }>({ quantity, value }: T): Sum => ({
  units: counted(quantity),
  worth: counted(value),
});
/** By name; only what is there. */
const there = (all: ReadonlyMap<string, Sum>) =>
  [...all].filter(([, { units }]) => units !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
/** The last end of a command up to a seq. */
const endBefore = (ends: readonly bigint[], seq: bigint) => ends.findLast((end) => end <= seq) ?? 0n;

async function allBalances(book: Book, asked: Moment, limit: number): Promise<readonly Balance[]> {
  const found: Balance[] = [];
  let after: BalanceCursor | undefined;
  do {
    const { rows, next } = await balances(book.pool, book.name, asked, { limit, after });
    found.push(...rows);
    after = next;
  } while (after);
  return found;
}

async function allLayers(book: Book, asked: Moment & { item: string }, limit: number) {
  const found: OpenLayer[] = [];
  let after: LayerCursor | undefined;
  do {
    const { rows, next } = await openLayers(book.pool, book.name, asked, { limit, after });
    found.push(...rows);
    after = next;
  } while (after);
  return found;
}

/**
 * Goal: balances, of all items and of one, are the plain sums of rows at every (asOf, knownAt), rows back-dated by days,
 * months and years among them, and several dates in one command.
 * Method: drawn rows, in batches cut anywhere; then, for all histories at once, days of rows, their neighbours and the ends
 * of months, as known at any seq, inside commands too; summed in plain BigInt.
 */
test("balances are the naive sums of rows at every (asOf, knownAt)", () =>
  withBook(async (book) => {
    const session = await book.session();
    await fc.assert(
      fc.asyncProperty(logs, cuts, fc.gen(), async (drawn, sizes, draw) => {
        const log = logOf(drawn);
        const expected = naive(log);
        await projected(book, session, log, sizes);
        const count = BigInt(expected.events.length);
        for (let questions = 0; questions < 30; questions += 1) {
          const asOf = draw(daysToAsk, expected.rows);
          const seq = draw(fc.bigInt, { min: 0n, max: count });
          const asked = { asOf, knownAt: questions === 0 ? ("latest" as const) : { seq } };
          const end = questions === 0 ? count : endBefore(expected.ends, seq);
          const answer = await allBalances(book, asked, draw(fc.constantFrom<number[]>, 40, 1_000));
          const found = answer.map((row) => [keyOf(named(row)), plain(row)]);
          expect(found).toEqual(there(sums(expected.rows, asOf, end, keyOf)));
        }
        for (let questions = 0; questions < 40; questions += 1) {
          const { item, area, lot, project, known } = draw(fc.constantFrom<Seen[]>, ...expected.rows);
          const asOf = draw(
            daysToAsk,
            expected.rows.filter((row) => row.item === item),
          );
          const which = draw(
            fc.constantFrom<object[]>,
            {},
            { location: area },
            { location: area, lot },
            { project },
          );
          const asked = { asOf, knownAt: { seq: known }, item, ...which };
          const answer = await balances(book.pool, book.name, asked, { limit: 100, after: undefined });
          const rows = expected.rows.filter(
            (row) =>
              row.item === item &&
              (!("location" in which) || row.area === area) &&
              (!("lot" in which) || row.lot === lot) &&
              (!("project" in which) || row.project === project),
          );
          expect(answer).toMatchObject({ seq: known, asOf });
          const found = answer.rows.map((row) => [keyOf(named(row)), plain(row)]);
          expect(found).toEqual(there(sums(rows, asOf, known, keyOf)));
        }
      }),
      runs,
    );
  }));

const named = ({ item, location, lot, project }: Balance) => ({
  ...{ item, area: location, lot: lot ?? "", project: project ?? "" },
});

/**
 * Goal: the open layers of an item are the plain sums of its rows by layer at every (asOf, knownAt), in costing order of the
 * movements that brought them; and they add up to its balance.
 * Method: each history is asked for three times, after a log in batches cut anywhere; the first time at an end of its own, in
 * small pages, and for its balance.
 */
test("open layers are the naive sums by layer, in costing order, and add up to the balance", () =>
  withBook(async (book) => {
    const session = await book.session();
    await fc.assert(
      fc.asyncProperty(logs, cuts, fc.gen(), async (drawn, sizes, draw) => {
        const log = logOf(drawn);
        const expected = naive(log);
        await projected(book, session, log, sizes);
        const byItem = grouped(expected.rows, ({ item }) => item);
        const questions = [...byItem].flatMap(([item, rows]) =>
          [0, 1, 2].map((number) => {
            const { known } = draw(fc.constantFrom<Seen[]>, ...rows);
            const last = BigInt(expected.events.length);
            const seq = number === 0 ? known : draw(fc.bigInt, { min: known, max: last });
            return { number, item, rows, asOf: draw(daysToAsk, rows), seq };
          }),
        );
        await inTurn(4, questions, async ({ number, item, rows, asOf, seq }) => {
          const asked = { item, asOf, knownAt: { seq } };
          const end = endBefore(expected.ends, seq);
          const found = await allLayers(book, asked, number === 0 ? 3 : 100);
          expect(found).toEqual(layersOf(expected, rows, asOf, end));
          if (number > 0) return;
          const balance = await balances(book.pool, book.name, asked, { limit: 99, after: undefined });
          const emptyLayers = [...sums(rows, asOf, end, layerOf)].some(
            ([, { units, worth }]) => units === 0n && worth !== 0n,
          );
          // A layer that is worth something without a unit, which no rule of costing makes, is no open layer.
          if (!emptyLayers) expect(addedUp(found)).toEqual(there(new Map(balance.rows.map(keyed))));
        });
      }),
      runs,
    );
  }));

const keyed = (row: Pick<Balance, "location" | "lot" | "project" | "quantity" | "value">) =>
  [`${row.location} ${row.lot ?? ""} ${row.project ?? ""}`, plain(row)] as const;

function addedUp(layers: readonly OpenLayer[]) {
  const all = new Map<string, Sum>();
  for (const [name, { units, worth }] of layers.map(keyed)) {
    const sum = all.get(name) ?? { units: 0n, worth: 0n };
    all.set(name, { units: sum.units + units, worth: sum.worth + worth });
  }
  return there(all);
}

function layersOf({ movements }: Naive, rows: readonly Seen[], asOf: string, knownAt: bigint) {
  const open = there(sums(rows, asOf, knownAt, layerOf)).flatMap(([name, { units, worth }]) => {
    const first = rows.find((row) => layerOf(row) === name);
    if (!first) return [];
    const [movement = "", receipt = first.layer] = first.layer.split("/");
    const { date, key } = movements.get(`${first.item} ${movement}`) ?? { date: "", key: "" };
    const place = [first.area, first.lot, first.project, key, Number(first.seq), first.line] as const;
    const of = { location: first.area, lot: first.lot || null, project: first.project || null };
    const layer = { layer: first.layer, ...of, movement, receipt };
    return [{ place, found: { ...layer, since: date, units, worth } }];
  });
  return open
    .sort((a, b) => a.place.map((part, n) => compared(part, b.place[n])).find((sign) => sign !== 0) ?? 0)
    .map(({ found: { units, worth, ...layer } }) => ({
      ...layer,
      quantity: expect.toSatisfy((text: string) => counted(text) === units),
      value: expect.toSatisfy((text: string) => counted(text) === worth),
    }));
}

const compared = (a: string | number, b: string | number | undefined): number =>
  b === undefined || a === b ? 0 : a < b ? -1 : 1;

/** So many at a time. */
async function inTurn<T>(width: number, all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const left = all.values();
  const worker = async () => {
    for (const each of left) await work(each);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/**
 * Goal: every version of a month-end sum is the plain sum of all rows up to that month's end as known from its seq on,
 * total and by layer; and where a later month is known, no month with rows is without one.
 * Method: for every history, every end of a command that moved a key: the latest versions up to it in the tables themselves.
 */
test("the month-end sums in the tables are the naive sums, and none is missing", () =>
  withBook(async (book) => {
    const session = await book.session();
    const schema = quoted(generationSchema(book.name, 1));
    await fc.assert(
      fc.asyncProperty(logs, cuts, async (drawn, sizes) => {
        const log = logOf(drawn);
        const expected = naive(log);
        await projected(book, session, log, sizes);
        const ends = await session.query<Stored>(`
          select item || ' ' || area || ' ' || lot || ' ' || project as key, to_char(month, 'YYYY-MM') as month, seq,
                 quantity::text, value::text, '' as layer
            from ${schema}.month_end join ${schema}.stock_key using (key) order by month, seq`);
        const layers = await session.query<Stored>(`
          select item || ' ' || area || ' ' || lot || ' ' || project as key, to_char(month, 'YYYY-MM') as month, seq,
                 quantity::text, value::text, layer
            from ${schema}.month_end_layer join ${schema}.stock_key using (key) order by month, seq`);
        const endsOf = grouped(ends, ({ key }) => key);
        const layersOf = grouped(layers, ({ key, month, seq }) => `${key} ${month} ${seq}`);
        for (const [key, rows] of grouped(expected.rows, keyOf)) {
          const stored = endsOf.get(key) ?? [];
          for (const known of new Set(rows.map((row) => row.known))) {
            const seen = rows.filter((row) => row.known <= known);
            const months = new Set(seen.map(({ date }) => date.slice(0, 7)));
            const last = [...months].reduce((a, b) => (a > b ? a : b));
            const versions = new Map(stored.filter(({ seq }) => seq <= known).map((end) => [end.month, end]));
            // As of the last month there may be one, for which nobody asks.
            const asked = [...versions.keys()].filter((month) => month < last).sort();
            expect(asked).toEqual([...months].filter((month) => month < last).sort());
            for (const month of asked) {
              const end = versions.get(month);
              if (!end) continue;
              const [total] = sums(rows, `${month}-99`, known, () => "").values();
              expect(plain(end)).toEqual(total);
              const found = (layersOf.get(`${key} ${month} ${end.seq}`) ?? []).map(
                (row) => [row.layer, plain(row)] as const,
              );
              const open = [...sums(rows, `${month}-99`, known, ({ layer }) => layer)].filter(
                ([, { units, worth }]) => units !== 0n || worth !== 0n,
              );
              expect(new Map(found)).toEqual(new Map(open));
            }
          }
        }
      }),
      runs,
    );
  }));

type Stored = { key: string; month: string; seq: bigint; quantity: string; value: string; layer: string };
