/**
 * Goal: no snapshot is found that is not of this trail and this fold, and none is half of one and half of another.
 * Method: a row beside a trail that lost the event, has another one there, or the same one elsewhere in the log or the chain;
 * and many who keep at once.
 */
import { expect, test } from "vitest";
import { snapshots } from "../../api/commands/snapshots.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import { type SnapshotRow, snapshotTable } from "../../read-models/snapshots.ts";
import { type Book, withBook } from "../support/postgres.ts";

const stream = "b.item-x";
const row: SnapshotRow = {
  ...{ stream, fold: 1, revision: 7n, position: 700n, hash: "h7", counting: -1n },
  ...{ state: "text", seal: "seal" },
};

async function trailed({ pool, name }: Book): Promise<void> {
  const event = {
    stream,
    type: "t",
    data: "{}",
    metadata: "{}",
    command_id: "c",
    part: 1,
    parts: 1,
    known_at: "",
  };
  const rows = [6n, 7n, 8n].map((revision) => ({
    ...event,
    ...{ seq: revision, revision, id: `${revision}`, hash: `h${revision}`, position: revision * 100n },
  }));
  await pool.withSchema(bookSchema(name)).insertInto("trail").values(rows).execute();
}

test("found where the trail has the very event, and not otherwise", () =>
  withBook(async (book) => {
    const table = snapshotTable(book.pool, book.name);
    const session = await book.session();
    const set = (what: string) =>
      session.script([`update ${quoted(bookSchema(book.name))}.trail set ${what}`]);
    await trailed(book);
    expect(await table.find(stream, 1)).toBeUndefined();
    await table.keep(row);
    expect(await table.find(stream, 1)).toStrictEqual(row);
    expect(await table.find(stream, 2)).toBeUndefined();
    expect(await table.find("b.item-y", 1)).toBeUndefined();
    for (const [other, same] of [
      ["hash = 'z' || hash", "hash = substr(hash, 2)"],
      ["position = position + 1", "position = position - 1"],
      ["revision = revision + 100", "revision = revision - 100"],
      ["stream = 'b.item-z'", `stream = '${stream}'`],
    ] as const) {
      await set(other);
      expect(await table.find(stream, 1), other).toBeUndefined();
      await set(same);
      expect(await table.find(stream, 1)).toStrictEqual(row);
    }
    await book.emptied();
    expect(await table.find(stream, 1)).toBeUndefined();
  }));

test("the chain is told where the trail has the event", () =>
  withBook(async (book) => {
    const table = snapshotTable(book.pool, book.name);
    await trailed(book);
    expect(await table.hashAt(row)).toBe("h7");
    expect(await table.hashAt({ ...row, revision: 9n })).toBeUndefined();
    expect(await table.hashAt({ ...row, position: 701n })).toBeUndefined();
  }));

test("of many who keep at once, what stands is what one of them kept, whole; it is read, and what was spoiled is not", () =>
  withBook(async (book) => {
    const reports: unknown[] = [];
    const options = { fold: 1, afterMs: 0, foldedMin: 1, report: (error: unknown) => reports.push(error) };
    const table = snapshotTable(book.pool, book.name);
    await trailed(book);
    const many = Array.from({ length: 12 }, (_, n) => ({ keeper: snapshots<string>(table, options), n }));
    for (const { keeper, n } of many) {
      const revision = [6n, 7n, 8n][n % 3] ?? 6n;
      const snapshot = {
        state: `${n}`.repeat(10_000),
        revision,
        position: revision * 100n,
        counting: BigInt(n),
      };
      expect(keeper.keep(stream, snapshot, 9)).toBe(true);
    }
    const reader = snapshots<string>(table, options);
    let seen = 0;
    for (let look = 0; look < 40; look += 1) {
      const found = await reader.latest(stream);
      if (!found) continue;
      seen += 1;
      const { n } = many[Number(found.counting)] ?? { n: -1 };
      const revision = [6n, 7n, 8n][n % 3];
      expect(found).toMatchObject({ state: `${n}`.repeat(10_000), revision });
    }
    expect(seen).toBeGreaterThan(0);
    expect(reports).toEqual([]);

    const session = await book.session();
    for (const spoiled of [
      "state = left(state, 100)",
      "counting = counting + 1",
      "seal = ''",
      "state = ''",
    ]) {
      await session.script([`update ${quoted(bookSchema(book.name))}.snapshot set ${spoiled}`]);
      expect(await reader.latest(stream)).toBeUndefined();
    }
    expect(reports.length).toBe(4);
    await session.script([`drop table ${quoted(bookSchema(book.name))}.snapshot`]);
    expect(await reader.latest(stream)).toBeUndefined();
    expect(reader.keep(stream, { state: "", revision: 7n, position: 700n, counting: 0n }, 9)).toBe(true);
    for (let look = 0; reports.length < 6 && look < 100; look += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reports.length).toBe(6);
  }));

test("nothing is kept that the trail does not have, that is not worth it, or after the end", () =>
  withBook(async (book) => {
    const table = snapshotTable(book.pool, book.name);
    const reports: unknown[] = [];
    const keeper = snapshots<string>(table, { fold: 1, afterMs: 0, report: (error) => reports.push(error) });
    const snapshot = { state: "x", revision: 7n, position: 700n, counting: 0n };
    expect(keeper.keep(stream, snapshot, 999)).toBe(false);
    expect(keeper.keep(stream, { ...snapshot, revision: 20_000n }, 1_999)).toBe(false);
    expect(keeper.keep(stream, snapshot, 1_000)).toBe(true);
    expect(keeper.keep(stream, snapshot, 1_000)).toBe(false); // one at a time
    await new Promise((resolve) => setTimeout(resolve, 100));
    await trailed(book);
    expect(await table.find(stream, 1)).toBeUndefined();
    expect(keeper.keep(stream, snapshot, 1_000)).toBe(true);
    keeper.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([await table.find(stream, 1), reports]).toEqual([undefined, []]);
  }));
