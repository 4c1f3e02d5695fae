/**
 * Goal: books on one pair of engines, beside streams that are nobody's, never mix. Method: two books whose names begin alike,
 * with the same items and the same command keys, written to in turn with foreign events between them; each must then look as
 * if it were alone, and be intact.
 */
import { expect, onTestFinished, test } from "vitest";
import type { Book } from "../../api/book.ts";
import { catchUp } from "../../api/catch-up.ts";
import { verify } from "../../api/verify/verify.ts";
import { balances } from "../../read-models/balances.ts";
import { openSession } from "../../read-models/database.ts";
import { bookSchema, generationSchema, quoted } from "../../read-models/names.ts";
import { csv, fileOf } from "../support/cli.ts";
import { found, importing, logOf, type OwnBook, opened, ownBook } from "../support/open-book.ts";
import { writeForeign } from "./engines/node/foreign.ts";

const ROUNDS = 5;
const items = ["rod", "oil", "nut"];

/** `own`, and one whose name goes on where that one's ends. */
async function twoBooks(): Promise<readonly [OwnBook, OwnBook]> {
  const own = await ownBook();
  const name = `${own.name.slice(0, 28)}_b`;
  const { DATABASE_URL = "" } = own.environment;
  onTestFinished(async () => {
    const session = await openSession(DATABASE_URL, { onLost: () => {} });
    const drop = [generationSchema(name, 1), bookSchema(name)].map(
      (schema) => `drop schema if exists ${quoted(schema)} cascade`,
    );
    await session.script(["set client_min_messages = error", ...drop]);
    await session.close();
  });
  return [own, { name, environment: { ...own.environment, BOOK: name } }];
}

/** The same lines under the same source, and so the same keys, but for their values. */
const month = (round: number, value: number) =>
  fileOf(
    csv(
      "item,date,kind,quantity,value,location,purpose,reference",
      ...items.flatMap((item) => [
        `${item},2026-0${round}-01,receipt,10,${value},A,,`,
        `${item},2026-0${round}-20,issue,4,,A,sale,S`,
      ]),
    ),
  );

async function stock(book: Book): Promise<readonly string[]> {
  const asked = { asOf: "2026-12-31", knownAt: "latest" } as const;
  const { rows } = await balances(book.pool, book.name, asked, { limit: 100, after: undefined });
  return rows.map(({ item, quantity, value }) => `${item} ${quantity} ${value}`);
}

test("books that share engines with each other and with others never mix", async () => {
  const owns = await twoBooks();
  const books = await Promise.all(owns.map((own) => opened(own)));
  const foreign = owns.flatMap(({ name }) => [
    name,
    `x${name}.item-rod`,
    `${name}x.item-rod`,
    `${name}_.item-rod`,
  ]);
  for (const book of books) await found(book);
  for (let round = 1; round <= ROUNDS; round++) {
    await writeForeign(owns[0].environment["EVENTSTORE_URL"] ?? "", [...foreign, `${round}`]);
    await Promise.all(
      books.map(async (book, index) => {
        const file = month(round, 100 * (index + 1));
        const { imported, refused } = await importing(book, { file, source: `month ${round}` });
        expect(refused).toEqual([]);
        expect(imported).toMatchObject({ written: 2 * items.length });
      }),
    );
  }
  for (const [index, book] of books.entries()) {
    await catchUp(book);
    // Of each receipt of 10 six remain; the issues of 4 took the oldest.
    const left = 6 * ROUNDS;
    expect(await stock(book)).toEqual(
      items.toSorted().map((item) => `${item} ${left} ${left * 10 * (index + 1)}`),
    );
    const log = await logOf(book);
    expect(log.length).toBe(1 + items.length * (1 + 2 * ROUNDS));
    expect(log.every(({ stream }) => stream.startsWith(`${book.name}.`))).toBe(true);
    const checks = await verify(book, () => {});
    expect(checks.flatMap(({ difference }) => difference ?? [])).toEqual([]);
    expect(checks[0]?.compared).toBe(log.length);
  }
});
