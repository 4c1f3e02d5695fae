import type { Session } from "../../read-models/database.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import { bookTables, TABLES } from "./postgres.ts";

/** Where Postgres may break a batch: in any of its statements, or when it commits. */
export const CRASHES = [...TABLES, "waiting deleted", "checkpoint", "commit"] as const;
export type Crash = (typeof CRASHES)[number];

/** From now on Postgres breaks the statement that the session was told to `crashIn`. */
export async function makeCrashable(session: Session, book: string): Promise<void> {
  const schema = quoted(bookSchema(book));
  const crash = (name: string) => `for each row execute function ${schema}.crash('${name}')`;
  await session.script([
    `create function ${schema}.crash() returns trigger language plpgsql as $$
     begin
       if current_setting('perpetual.crash', true) = tg_argv[0] then
         raise exception 'crash in %', tg_argv[0];
       end if;
       return case when tg_op = 'DELETE' then old else new end;
     end $$`,
    ...bookTables(book).map(
      (table, n) => `create trigger crash before insert on ${table} ${crash(TABLES[n] ?? "")}`,
    ),
    `create trigger crash_deleted before delete on ${schema}.waiting ${crash("waiting deleted")}`,
    `create trigger crash before update on ${schema}.checkpoint ${crash("checkpoint")}`,
    `create constraint trigger crash_commit after insert on ${schema}.trail
       deferrable initially deferred ${crash("commit")}`,
  ]);
}

export const crashIn = (session: Session, crash: Crash | ""): Promise<void> =>
  session.script([`set perpetual.crash = '${crash}'`]);

/** A session that dies before its nth call from then on or, when that was carried out, without an answer to it. */
export function mortal(session: Session) {
  let [left, when] = [Infinity, "before"];
  async function call<T>(work: () => Promise<T>): Promise<T> {
    if (left === 0) throw new Error("the session is dead");
    left -= 1;
    if (left > 0) return work();
    if (when === "after") await work();
    throw new Error("the session died");
  }
  return {
    session: {
      query: (...args) => call(() => session.query(...args)) as never,
      script: (statements) => call(() => session.script(statements)),
      copy: (target, lines) => call(() => session.copy(target, lines)),
      close: () => session.close(),
    } satisfies Session,
    dies: (...[calls, beforeOrAfter]: [calls: number, when: "before" | "after"]) => {
      [left, when] = [calls, beforeOrAfter];
    },
    lives: () => {
      left = Infinity;
    },
  };
}
