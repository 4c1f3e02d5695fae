import fc from "fast-check";
import { expect, test } from "vitest";
import type { Recorded } from "../../domain/kernel/event.ts";
import { batchApplier } from "../../projections/apply-batch.ts";
import { takeFence } from "../../projections/fence.ts";
import { type AgeCursor, type Aged, ageing } from "../../read-models/ageing.ts";
import type { Dimension, NameCursor } from "../../read-models/dimensions.ts";
import { generationSchema, quoted } from "../../read-models/names.ts";
import type { Page, Paged } from "../../read-models/question.ts";
import { type Valued, valuation } from "../../read-models/valuation.ts";
import {
  drawnStock,
  firstDay,
  logOfStock,
  naiveStock,
  type Origin,
  type Stock,
} from "../support/aged-stock.ts";
import { counted, daysToAsk } from "../support/drawn-rows.ts";
import { type Book, withBook } from "../support/postgres.ts";

type Row = Stock["rows"][number];
type Which = Readonly<{ item?: string; location?: string; lot?: string; project?: string }>;

/** Of the table, behind the program's back. */
type Changes = Readonly<{ learnt: readonly Origin[]; lost: Origin | null }>;
async function projected(book: Book, log: readonly Recorded[], { learnt, lost }: Changes): Promise<void> {
  const session = await book.session();
  const applier = batchApplier(session, book.name, await takeFence(session, book.name));
  for (let from = 0; from < log.length; from += 17)
    await applier.apply({ events: log.slice(from, from + 17) });
  const values = learnt.map(({ item, layer, seq, day }) => `('${item}', '${layer}', ${seq}, '${day}')`);
  const table = `${quoted(generationSchema(book.name, 1))}.layer_origin`;
  if (values.length > 0) await session.script([`insert into ${table} values ${values.join(", ")}`]);
  if (lost)
    await session.script([
      `delete from ${table} where (item, layer, seq) = ('${lost.item}', '${lost.layer}', ${lost.seq})`,
    ]);
  await session.close();
}

async function allPages<Row, Cursor>(
  limit: number,
  ask: (page: Page<Cursor>) => Promise<Paged<Row, Cursor>>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  let after: Cursor | undefined;
  do {
    const { rows, next } = await ask({ limit, after });
    found.push(...rows);
    expect(next ?? "the end").not.toEqual(after);
    after = next;
  } while (after);
  return found;
}

const bys = [
  ["item"],
  ["item", "location"],
  ["item", "lot"],
  ["item", "location", "lot"],
  ["item", "project"],
  ["project"],
  ["item", "location", "lot", "project"],
  ["location"],
  ["lot"],
] as const satisfies readonly (readonly Dimension[])[];
const bounds = fc
  .uniqueArray(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 5 })
  .map((ages) => ages.sort((a, b) => a - b));

type Told = readonly [names: readonly (string | number | null)[], ...figures: readonly bigint[]];
const told = (by: readonly Dimension[], row: Valued | Aged, ...ages: readonly (number | null)[]): Told => [
  [...by.map((dimension) => row[dimension] ?? null), ...ages],
  ...(row.quantity === undefined ? [] : [counted(row.quantity)]),
  counted(row.value),
];

type Sum = Readonly<{ names: readonly (string | number | null)[]; units: bigint; worth: bigint }>;
function sums<T extends Readonly<{ units: bigint; worth: bigint }>>(
  rows: readonly T[],
  namesOf: (row: T) => Sum["names"],
): readonly Sum[] {
  const all = new Map<string, Sum>();
  for (const row of rows) {
    const names = namesOf(row);
    const { units, worth } = all.get(JSON.stringify(names)) ?? { units: 0n, worth: 0n };
    all.set(JSON.stringify(names), { names, units: units + row.units, worth: worth + row.worth });
  }
  return [...all.values()];
}
const isThere = ({ units, worth }: Sum): boolean => units !== 0n || worth !== 0n;

/** By name, and by age; without a lot first, without an age last. */
const inOrder = (all: readonly Told[], by: readonly Dimension[]): readonly Told[] =>
  all.toSorted(([a], [b]) => {
    const at = a.findIndex((name, n) => name !== b[n]);
    const [one, other] = [a[at] ?? null, b[at] ?? null];
    const nullsFirst = at < by.length;
    if (one === null) return nullsFirst ? -1 : 1;
    if (other === null) return nullsFirst ? 1 : -1;
    return one < other ? -1 : 1;
  });

type Question = Readonly<{
  asOf: string;
  seq: bigint;
  which: Which;
  by: readonly Dimension[];
  buckets: readonly number[];
}>;

function expected({ rows, origins }: Stock, { asOf, seq, which, by, buckets }: Question) {
  const known = rows.filter((row) => row.date <= asOf && row.known <= seq);
  const some = known.filter(
    ({ item, area, lot, project }) =>
      item === (which.item ?? item) &&
      area === (which.location ?? area) &&
      lot === (which.lot ?? lot) &&
      project === (which.project ?? project),
  );
  const keys = sums(some, (row) => [row.item, row.area, row.lot, row.project]).filter(isThere);
  const layers = sums(some, (row) => [row.item, row.area, row.lot, row.project, row.layer]).filter(isThere);
  const namesOf = ([item = "", area = "", lot = "", project = ""]: Sum["names"]) =>
    by.map((dimension) => ({ item, location: area, lot: lot || null, project: project || null })[dimension]);
  const tell = ({ names, units, worth }: Sum): Told => [
    names,
    ...(by.some((name) => name === "item") ? [units] : []),
    worth,
  ];
  const agesOf = ([item = "", , , , layer = ""]: Sum["names"]) => {
    const first = firstDay(origins, { item: `${item}`, layer: `${layer}` }, seq);
    if (first === undefined) return [null, null];
    const days = (Date.parse(asOf) - Date.parse(first)) / 86_400_000;
    const below = buckets.findLast((bound) => days > bound);
    return [below === undefined ? 0 : below + 1, buckets.find((bound) => days <= bound) ?? null];
  };
  return {
    valuation: sums(keys, ({ names }) => namesOf(names)).map(tell),
    ageing: sums(layers, ({ names }) => [...namesOf(names), ...agesOf(names)]).map(tell),
    short: layers.filter(({ units }) => units < 0n).length,
    /** Layers whose first day is not that of the receipt in their name. */
    pieces: layers.filter(({ names: [item = "", , , , layer = ""] }) => {
      const [, receipt] = `${layer}`.split("/");
      const of = (name: string) => firstDay(origins, { item: `${item}`, layer: name }, seq);
      return receipt !== undefined && of(`${layer}`) !== of(receipt);
    }).length,
  };
}

/**
 * Goal: at every (asOf, knownAt), the valuation is the plain sum of rows by whatever it is asked; ages are those of the
 * layers by the day on which their goods first came, as known then; and both come to the same value, with a total that says
 * so. Layers of negative quantity, and of no known day, are there.
 * Method: what items of drawn histories decided (openings of several layers, receipts, surpluses, transfers, returns,
 * cancels, corrections), interleaved in one log in which time is closed now and then unheard, so that rows count on other
 * days than those they were decided for; and first days that were learnt later, set into the table, and some that were
 * lost; asked by drawn dimensions, of drawn filters, in drawn buckets and pages, as of days of rows and beside them, at any
 * seq; against rows and days that the test adds up from the events.
 */
test("valuation and ages are the naive sums of rows at every (asOf, knownAt), and tie", () =>
  withBook(async (book) => {
    const seen = { short: 0, undated: 0, oldest: 0, youngest: 0, pieces: 0 };
    await fc.assert(
      fc.asyncProperty(drawnStock, fc.gen(), async (drawn, draw) => {
        const log = logOfStock(drawn);
        const recorded = naiveStock(log);
        fc.pre(recorded.rows.length > 0);
        const changes = changesOf(recorded, draw);
        await book.emptied();
        await projected(book, log, changes);
        const stock = { ...recorded, origins: changed(recorded.origins, changes) };
        for (let questions = 0; questions < 12; questions += 1) {
          const asOf = draw(daysToAsk, stock.rows);
          const last = BigInt(log.length);
          const asked = questions === 0 ? last : draw(fc.bigInt, { min: 0n, max: last });
          const seq = stock.ends.findLast((end) => end <= asked) ?? 0n;
          const by = draw(fc.constantFrom<(typeof bys)[number][]>, ...bys);
          const buckets = draw(() => bounds);
          const which = whichOf(draw(fc.constantFrom<Row[]>, ...stock.rows), draw);
          const naive = expected(stock, { asOf, seq, which, by, buckets });
          const question = { asOf, knownAt: { seq: asked }, by, ...which };
          const limit = draw(fc.constantFrom<number[]>, 1, 2, 1_000);
          const { pool, name } = book;

          const valued = await allPages<Valued, NameCursor>(limit, (page) =>
            valuation(pool, name, question, page),
          );
          expect(valued.map((row) => told(by, row))).toEqual(inOrder(naive.valuation, by));
          const aged = await allPages<Aged, AgeCursor>(limit, (page) =>
            ageing(pool, name, { ...question, buckets }, page),
          );
          expect(aged.map((row) => told(by, row, row.ageFrom, row.ageTo))).toEqual(inOrder(naive.ageing, by));
          const first = await valuation(pool, name, question, { limit: 1, after: undefined });
          const worth = aged.reduce((sum, row) => sum + counted(row.value), 0n);
          expect([first.seq, counted(first.total ?? "")]).toEqual([seq, worth]);

          for (const { ageFrom, ageTo } of aged) {
            if (ageFrom === null) seen.undated += 1;
            else if (ageTo === null) seen.oldest += 1;
            else if (ageFrom === 0) seen.youngest += 1;
          }
          seen.pieces += naive.pieces;
          seen.short += naive.short;
        }
      }),
      { numRuns: 60 },
    );
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
  }));

/** Days learnt for any layers at any seq, and one that is lost. */
function changesOf({ rows, origins, ends }: Stock, draw: fc.GeneratorValue): Changes {
  const learnt = new Map<string, Origin>();
  for (let n = 0; n < 6; n += 1) {
    const { item, layer } = draw(fc.constantFrom<Row[]>, ...rows);
    const seq = draw(fc.constantFrom<bigint[]>, ...ends);
    const day = draw(fc.constantFrom<string[]>, "2025-06-30", "2025-12-31", "2026-01-12");
    const isNew = !origins.some((one) => one.item === item && one.layer === layer && one.seq === seq);
    if (isNew) learnt.set(`${item} ${layer} ${seq}`, { item, layer, seq, day });
  }
  const lost = draw(fc.option<Origin>, fc.constantFrom(...origins));
  return { learnt: [...learnt.values()], lost };
}

const changed = (origins: readonly Origin[], { learnt, lost }: Changes): readonly Origin[] => [
  ...origins.filter(
    ({ item, layer, seq }) => item !== lost?.item || layer !== lost.layer || seq !== lost.seq,
  ),
  ...learnt,
];

function whichOf({ item, area: location, lot, project }: Row, draw: fc.GeneratorValue): Which {
  return draw(
    fc.constantFrom<Which[]>,
    {},
    {},
    { item },
    { location },
    { item, location },
    { lot },
    { project },
  );
}
