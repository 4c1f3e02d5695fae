/**
 * Goal: three years of a real company's movements come in by the import, and out as the figures that two other engines
 * found for them. Method: import, then ask for each of 1,723 days, 1,679 issues and six items; import again.
 */
import { expect, test } from "vitest";
import type { Book } from "../../../api/book.ts";
import { catchUp } from "../../../api/catch-up.ts";
import { verify } from "../../../api/verify/verify.ts";
import { type DecimalText, decimal, exact, textOf, zero } from "../../../domain/kernel/decimal.ts";
import { balances } from "../../../read-models/balances.ts";
import { draws } from "../../../read-models/draws.ts";
import { openLayers } from "../../../read-models/layers.ts";
import { type Movement, movements } from "../../../read-models/movements.ts";
import { progress } from "../../../read-models/progress.ts";
import {
  expectedBalances,
  expectedIssues,
  expectedItems,
  hasAdventureWorks,
  movementsFile,
} from "../../support/adventure-works.ts";
import { fileOf } from "../../support/cli.ts";
import { found, importing, opened, ownBook } from "../../support/open-book.ts";

const END = "2014-12-31";
const moment = { asOf: END, knownAt: "latest" } as const;
const sum = (values: readonly DecimalText[]) =>
  textOf(values.reduce((all, value) => all.plus(exact(value)), zero));

async function movementsOf(book: Book, item: string): Promise<readonly Movement[]> {
  const all: Movement[] = [];
  for (let after: readonly [string] | undefined; ; ) {
    const { rows, next } = await movements(
      book.pool,
      book.name,
      { ...moment, item },
      { limit: 1_000, after },
    );
    all.push(...rows);
    if (!next) return all;
    after = next;
  }
}

test.skipIf(!hasAdventureWorks)(
  "AdventureWorks comes out to the cent (skipped where ../shared/data, or PERPETUAL_DATA, is not there)",
  async () => {
    const file = fileOf(movementsFile());
    const book = await opened(await ownBook());
    await found(book);

    const first = await importing(book, { file });
    expect(first).toMatchObject({ bad: [], refused: [] });
    expect(first.imported).toMatchObject({
      bad: 0,
      refused: 0,
      registered: 6,
      written: first.imported.lines,
    });
    await catchUp(book);
    const { seq } = await progress(book.pool, book.name);
    // The company, the items, and a movement a line.
    expect(seq).toBe(BigInt(1 + 6 + first.imported.lines));

    const days = expectedBalances();
    expect(days.length).toBe(1_723);
    const stood = await eachOf(days, async ({ item, date }) => {
      const asked = { asOf: date, knownAt: "latest", item } as const;
      const { rows } = await balances(book.pool, book.name, asked, { limit: 10, after: undefined });
      return { item, date, quantity: rows.length === 1 ? `${rows[0]?.quantity}` : `${rows.length} rows` };
    });
    expect(stood).toEqual(days);

    const items = expectedItems();
    const issued = [];
    const closed = [];
    for (const { item } of items) {
      const all = await movementsOf(book, item);
      const issues = all.filter(({ kind }) => kind === "issue");
      issued.push(...issues.map((issue) => ({ ...issue, item })));
      const asked = { ...moment, item };
      const { rows } = await openLayers(book.pool, book.name, asked, { limit: 100, after: undefined });
      const left = {
        quantity: sum(rows.map(({ quantity }) => quantity)),
        value: sum(rows.map(({ value }) => value)),
      };
      const { rows: whole } = await balances(book.pool, book.name, asked, { limit: 10, after: undefined });
      expect(whole).toMatchObject([left]);
      const cost = sum(issues.map(({ value }) => textOf(exact(value).negated())));
      closed.push({ item, ...left, cost, layers: rows.length });
    }
    expect(closed).toEqual(
      items.map(({ cost, value, ...item }) => ({ ...item, cost: decimal(cost), value: decimal(value) })),
    );

    const costs = await eachOf(issued, async ({ item, movement, effectiveDate, quantity, value }) => {
      const { rows } = await draws(
        book.pool,
        book.name,
        { ...moment, item, movement },
        { limit: 100, after: undefined },
      );
      const cost = textOf(exact(sum(rows.map((draw) => draw.value))).negated());
      expect(cost).toBe(textOf(exact(value).negated()));
      expect(sum(rows.map((draw) => draw.quantity))).toBe(`-${quantity}`);
      return { item, date: effectiveDate, quantity: `${quantity}`, cost };
    });
    const expected = expectedIssues();
    expect(expected.length).toBe(1_679);
    expect(sorted(costs)).toEqual(sorted(expected.map((issue) => ({ ...issue, cost: decimal(issue.cost) }))));

    const second = await importing(book, { file });
    expect(second).toMatchObject({ bad: [], refused: [] });
    expect(second.imported).toMatchObject({ registered: 0, written: first.imported.lines });
    await catchUp(book);
    expect((await progress(book.pool, book.name)).seq).toBe(seq);

    for (const { name, compared, difference } of await verify(book, () => {})) {
      expect({ name, difference }).toEqual({ name, difference: undefined });
      // Nothing in it has lots.
      expect([name, compared > 0]).toEqual([name, !name.startsWith("lot")]);
    }
  },
);

const sorted = <T extends { item: string; date: string }>(rows: readonly T[]): readonly T[] =>
  [...rows].sort((a, b) => (`${a.item} ${a.date}` < `${b.item} ${b.date}` ? -1 : 1));

/** Eight at a time: the pool has ten sessions. */
async function eachOf<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): Promise<readonly R[]> {
  const answers: R[] = new Array(all.length);
  const open = all.entries();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const [index, one] of open) answers[index] = await ask(one);
    }),
  );
  return answers;
}
