/** The node's bound: Postgres alone, committing the same bytes in the same groups, and reading them again. */
import { randomBytes, randomUUID } from "node:crypto";
import { openSession } from "../../read-models/database.ts";
import { secondsOf } from "./rounds.ts";
import { answer } from "./worker.ts";

export type Group = Readonly<{ rows: number; bytes: number }>;

const TABLE = "bench_bare.event";
const PAGE = 500;
const { DATABASE_URL = "" } = process.env;
const session = await openSession(DATABASE_URL, { onLost: () => {} });
await session.script([
  "create schema if not exists bench_bare",
  `create table if not exists ${TABLE} (position bigint primary key, stream uuid not null, revision bigint not null,
     id uuid not null, recorded bytea not null, unique (stream, revision))`,
  `create index if not exists event_id on ${TABLE} (id)`,
]);

let position = 0;

/** As the node stores them: one statement a group, its events' bytes in one parameter. */
async function commit({ rows, bytes }: Group): Promise<void> {
  const size = Math.round(bytes / rows);
  const all = Array.from({ length: rows }, (_, n) => n);
  const stream = randomUUID();
  await session.query(
    `insert into ${TABLE} select $1 + n, $2::uuid, n, id, substring($3::bytea from n * ${size} + 1 for ${size})
       from unnest($4::int[], $5::uuid[]) as row (n, id)`,
    [position, stream, randomBytes(size * rows), all, all.map(() => randomUUID())],
  );
  position += rows;
}

const jobs = {
  /** Seconds. */
  commit: ({ groups }: Readonly<{ groups: readonly Group[] }>): Promise<number> =>
    secondsOf(async () => {
      for (const group of groups) await commit(group);
    }),
  /** Seconds for so many rows, by pages. */
  read: ({ rows }: Readonly<{ rows: number }>): Promise<number> =>
    secondsOf(async () => {
      for (let from = 0; from < rows; from += PAGE)
        await session.query(
          `select position, recorded from ${TABLE} where position >= $1 order by position limit ${PAGE}`,
          [from],
          "page",
        );
    }),
};

export type BarePostgres = typeof jobs;
answer(jobs, () => session.close());
