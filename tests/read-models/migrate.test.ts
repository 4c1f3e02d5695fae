/**
 * Goal: a book is brought up to date whatever becomes of others in the same Postgres meanwhile.
 * Method: schemas of nobody come and go as fast as they can, while one book after the other is migrated, each by two at once.
 */
import { expect, test } from "vitest";
import { migrate } from "../../read-models/migrate.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import { anyBook } from "../support/new-events.ts";
import { withBook } from "../support/postgres.ts";

const BOOKS = 12;

test("while others are dropped, and two do it at once", () =>
  withBook(async ({ pool, session }) => {
    let isDone = false;
    const comeAndGo = async () => {
      const own = await session();
      const schema = quoted(bookSchema(anyBook()));
      while (!isDone) {
        const tables = [1, 2, 3, 4, 5].map((n) => `create table ${schema}.t${n} (id serial primary key)`);
        await own.script([`create schema ${schema}`, ...tables]);
        await own.script(["set client_min_messages = error", `drop schema ${schema} cascade`]);
      }
    };
    const others = [comeAndGo(), comeAndGo()];
    const cleaner = await session();
    try {
      for (let nth = 0; nth < BOOKS; nth += 1) {
        const name = anyBook();
        const run = await Promise.all([migrate(pool, name), migrate(pool, name)]);
        expect(run.map(({ length }) => length).toSorted()).toEqual([0, 2]);
        await cleaner.script([
          "set client_min_messages = error",
          `drop schema ${quoted(`${bookSchema(name)}$1`)} cascade`,
          `drop schema ${quoted(bookSchema(name))} cascade`,
        ]);
      }
    } finally {
      isDone = true;
      await Promise.all(others);
    }
  }));
