import fc from "fast-check";
import { expect, test } from "vitest";
import { batchApplier } from "../../projections/apply-batch.ts";
import { takeFence } from "../../projections/fence.ts";
import { ageing } from "../../read-models/ageing.ts";
import { balances } from "../../read-models/balances.ts";
import { draws } from "../../read-models/draws.ts";
import { eventsBehind } from "../../read-models/events-behind.ts";
import { items } from "../../read-models/items.ts";
import { openLayers } from "../../read-models/layers.ts";
import { movements } from "../../read-models/movements.ts";
import { valuation } from "../../read-models/valuation.ts";
import { daysToAsk, drawnLogs, logOf, naive } from "../support/drawn-rows.ts";
import { type Book, withBook } from "../support/postgres.ts";

/** Everything that can be asked as of a day, as known at a seq: of all items, and of one with a movement of it. */
async function answers(
  { pool, name }: Book,
  { item, movement, ...moment }: { item: string; movement: string; asOf: string; knownAt: { seq: bigint } },
) {
  const page = { limit: 10_000, after: undefined };
  const asked = { ...moment, item };
  return Promise.all([
    balances(pool, name, moment, page),
    items(pool, name, moment, page),
    openLayers(pool, name, asked, page),
    movements(pool, name, asked, page),
    draws(pool, name, { ...asked, movement }, page),
    eventsBehind(pool, name, asked, page),
    valuation(pool, name, { ...moment, by: ["item", "location"] }, page),
    ageing(pool, name, { ...moment, by: ["item"], buckets: [10, 60] }, page),
  ]);
}

/**
 * Goal: what was answered once for (asOf, seq) never changes, whatever is recorded later, for whatever day.
 * Method: after each delivery of a log of drawn rows, in batches cut anywhere, new questions at the seq reached; and all
 * that were asked before, again, word for word.
 */
test("an answer for (asOf, seq) never changes", () =>
  withBook(async (book) => {
    const session = await book.session();
    await fc.assert(
      fc.asyncProperty(drawnLogs(200, 8), fc.gen(), async (drawn, draw) => {
        await book.emptied();
        const log = logOf(drawn);
        const { rows } = naive(log);
        const applier = batchApplier(session, book.name, await takeFence(session, book.name));
        const asked: { question: Parameters<typeof answers>[1]; answer: unknown }[] = [];
        const deliveries = 6;
        for (let n = 0; n < deliveries; n += 1) {
          const cut = (at: number) => Math.floor((log.length * at) / deliveries);
          await applier.apply({ events: log.slice(cut(n), cut(n + 1)) });
          for (const { question, answer } of asked) expect(await answers(book, question)).toEqual(answer);
          const { seq } = applier.checkpoint();
          for (let m = 0; m < 3; m += 1) {
            const { item, movement } = rows[draw(fc.nat, { max: rows.length - 1 })] ?? expect.unreachable();
            const asOf = draw(daysToAsk, m === 0 ? rows : rows.filter((row) => row.item === item));
            const question = { asOf, knownAt: { seq }, item, movement };
            asked.push({ question, answer: await answers(book, question) });
          }
        }
      }),
      { numRuns: 12 },
    );
  }));
