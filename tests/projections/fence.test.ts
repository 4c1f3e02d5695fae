import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { takeFence } from "../../projections/fence.ts";
import { start } from "../support/cli.ts";
import { withBook } from "../support/postgres.ts";

/** Needs `npx tsc -p .` first. None of Postgres's time-outs ends a session that waits for the rest of a COPY. */
test("a projector that stands still in the midst of a COPY is replaced", () =>
  withBook(async (book) => {
    const { child, ended } = start("dist/tests/support/stuck-projector.js", [], {
      ...{ DATABASE_URL: book.url, BOOK: book.name },
    });
    if (child.stdout) await once(child.stdout, "data");
    child.kill("SIGSTOP");
    const session = await book.session();
    const stuck = `select count(*)::int as n from pg_stat_activity
      where state = 'active' and wait_event = 'ClientRead' and query like 'copy long%'`;
    const isStuck = async () => (await session.query<{ n: number }>(stuck))[0]?.n === 1;
    for (let look = 0; look < 100 && !(await isStuck()); look += 1) await sleep(50);
    expect(await isStuck()).toBe(true);
    expect((await takeFence(session, book.name)).checkpoint.epoch).toBe(2n);
    expect(await isStuck()).toBe(false);
    child.kill("SIGKILL");
    await ended;
  }));
