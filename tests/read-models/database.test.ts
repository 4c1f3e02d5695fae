/** Goal: a connection that breaks while somebody holds it is that one's trouble: the process goes on. */
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { connect, openSession } from "../../read-models/database.ts";
import { databaseUrl } from "../support/engines.ts";

/** An error that nobody hears ends a test run as it would a server. */
test("between two statements of a transaction: the next fails, others are served", async () => {
  const url = await databaseUrl();
  const lost: string[] = [];
  const pool = connect(url, { sessions: 2, onLost: ({ message }) => void lost.push(message) });
  const other = await openSession(url, { onLost: () => {} });
  const broken = pool.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await other.query("select pg_terminate_backend($1)", [BigInt(rows[0]?.pid ?? 0)]);
    await sleep(300);
    await sql`select 1`.execute(tx);
  });
  await expect(broken).rejects.toThrow();
  const { rows } = await sql<{ one: number }>`select 1 as one`.execute(pool);
  expect(rows).toEqual([{ one: 1 }]);
  expect(lost).toEqual([]);
  await other.close();
  await pool.destroy();
});
