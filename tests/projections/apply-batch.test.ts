import { expect, test } from "vitest";
import { batchApplier } from "../../projections/apply-batch.ts";
import { takeFence } from "../../projections/fence.ts";
import { progress } from "../../read-models/progress.ts";
import { CRASHES, crashIn, makeCrashable, mortal } from "../support/crashes.ts";
import { command, moved, recorded } from "../support/log.ts";
import { contents, withBook } from "../support/postgres.ts";

/** Touches every table in either batch: the second has the end of a command that waits after the first. */
function batches(commands: number) {
  const of = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => {
      const day = new Date(Date.UTC(2026, 0, 1 + 9 * (from + n))).toISOString().slice(0, 10);
      return command("x.item-a", `${from + n}`, [moved("a", `M${from + n}`, day, "1", "2")]);
    }).flat();
  const registered = (item: string) =>
    command(`x.item-${item}`, item, [
      {
        type: "ItemRegistered",
        data: { item, name: item, unit: "kg", quantityScale: 0, valueScale: 2, costBy: "fifo" },
      },
    ]);
  const { type, data } = moved("b", "T", "2026-03-01", "5", "50");
  const [opening, ending] = command("x.item-b", "two", [
    { type, data: { ...data, lot: "L" } },
    {
      type: "CostRowsContinued",
      data: { item: "b", movement: "T", rows: moved("b", "T", "2026-02-01", "-1", "-10").data.rows },
    },
  ]);
  const [aside, notEnded] = command("x.item-d", "three", [
    moved("d", "U", "2026-03-01", "5", "50"),
    moved("d", "V", "2026-03-01", "5", "50"),
  ]);
  if (!opening || !ending || !aside || !notEnded) throw new Error("no events");
  const log = recorded([
    ...registered("a"),
    ...registered("b"),
    ...of(0, 5),
    opening,
    ...registered("c"),
    ...of(5, 5 + commands),
    ending,
    aside,
  ]);
  return { before: log.slice(0, 8), batch: log.slice(8) };
}

/**
 * Goal: a crash in any statement of a batch, or at its commit, leaves nothing of it; the same batch then applies, once.
 * Method: Postgres itself breaks each of them in turn: of a batch that is one script, and of one that COPY writes.
 */
test.each([
  { by: "script", commands: 5 },
  { by: "COPY", commands: 80 },
])("a crash anywhere in a batch written by $by leaves no trace", ({ commands }) =>
  withBook(async (book) => {
    const session = await book.session();
    await makeCrashable(session, book.name);
    const { before, batch } = batches(commands);
    await batchApplier(session, book.name, await takeFence(session, book.name)).apply({ events: before });
    const stood = await contents(session, book.name);
    for (const crash of CRASHES) {
      const applier = batchApplier(session, book.name, await takeFence(session, book.name));
      await crashIn(session, crash);
      await expect(applier.apply({ events: batch })).rejects.toThrow(`crash in ${crash}`);
      await crashIn(session, "");
      expect(await contents(session, book.name)).toEqual(stood);
    }
    const applier = batchApplier(session, book.name, await takeFence(session, book.name));
    await applier.apply({ events: batch });
    const once = await contents(session, book.name);
    expect(Object.keys(once).filter((name) => once[name] === stood[name])).toEqual([]);
    await applier.apply({ events: [...before, ...batch] });
    expect(await contents(session, book.name)).toEqual(once);
    expect(applier.waits()).toBe(true);
  }),
);

/**
 * Goal: a session that dies between two statements leaves nothing, or all where only the answer to the commit was lost; who
 * starts again from the tables applies the same batch once.
 * Method: it dies before and after each of its calls in turn, and Postgres ends its transaction.
 */
test.each([
  { by: "script", commands: 5 },
  { by: "COPY", commands: 80 },
])("a session that dies anywhere in a batch written by $by leaves nothing or all", ({ commands }) =>
  withBook(async (book) => {
    const session = await book.session();
    const { before, batch } = batches(commands);
    const fence = () => takeFence(session, book.name);
    await batchApplier(session, book.name, await fence()).apply({ events: [...before, ...batch] });
    const once = await contents(session, book.name);
    const outcomes = new Set<string>();
    for (let calls = 1, broken = true; broken; calls += 1) {
      broken = false;
      for (const when of ["before", "after"] as const) {
        await book.emptied();
        await batchApplier(session, book.name, await fence()).apply({ events: before });
        const stood = await contents(session, book.name);
        const dying = mortal(session);
        const applier = batchApplier(dying.session, book.name, await fence());
        dying.dies(calls, when);
        const failed = await applier.apply({ events: batch }).then(
          () => false,
          () => true,
        );
        if (!failed) continue;
        broken = true;
        await session.script(["rollback"]);
        const now = await contents(session, book.name);
        outcomes.add(now["trail"] === stood["trail"] ? "nothing" : "all");
        expect(now).toEqual(now["trail"] === stood["trail"] ? stood : once);
        await batchApplier(session, book.name, await fence()).apply({ events: batch });
        expect(await contents(session, book.name)).toEqual(once);
      }
    }
    expect(outcomes).toEqual(new Set(["nothing", "all"]));
  }),
);

/**
 * Goal: a projector that was taken for dead, and goes on, breaks with PF001 and writes nothing.
 * Method: Postgres ends its session, as for a frozen machine; another takes the fence, and applies the batch, or a part, or
 * nothing yet; the first goes on over another session, with what it believes.
 */
test.each([
  { by: "script", commands: 5, applied: 0 },
  { by: "script", commands: 5, applied: 2 },
  { by: "COPY", commands: 80, applied: 0 },
  { by: "COPY", commands: 80, applied: 40 },
])("who lost the fence writes nothing by $by, after $applied events of the other", ({ commands, applied }) =>
  withBook(async (book) => {
    const [own, another, watcher] = [await book.session(), await book.session(), await book.session()];
    let current = own;
    const lasting = {
      ...own,
      query: ((...args) => current.query(...args)) as typeof own.query,
      script: (statements: readonly string[]) => current.script(statements),
      copy: (target: string, lines: string) => current.copy(target, lines),
    };
    const { before, batch } = batches(commands);
    const first = batchApplier(lasting, book.name, await takeFence(own, book.name));
    await first.apply({ events: before });
    const taking = takeFence(another, book.name);
    const [{ pid } = { pid: 0 }] = await own.query<{ pid: number }>("select pg_backend_pid() as pid");
    await watcher.query("select pg_terminate_backend($1)", [`${pid}`]);
    const second = batchApplier(another, book.name, await taking);
    await second.apply({ events: batch.slice(0, applied) });
    const stood = await contents(watcher, book.name);

    await expect(first.apply({ events: batch }), "its session is gone").rejects.toThrow();
    current = await book.session();
    await expect(first.apply({ events: batch })).rejects.toMatchObject({ code: "PF001" });
    expect(await contents(watcher, book.name)).toEqual(stood);
    await second.apply({ events: batch });
    expect(await contents(watcher, book.name)).not.toEqual(stood);
  }),
);

test("a commit without an answer: who goes on believing the old position breaks, and writes nothing twice", () =>
  withBook(async (book) => {
    const session = await book.session();
    const { before, batch } = batches(5);
    let answers = true;
    const deaf = {
      ...session,
      async script(statements: readonly string[]) {
        await session.script(statements);
        if (!answers) throw new Error("no answer");
      },
    };
    const applier = batchApplier(deaf, book.name, await takeFence(session, book.name));
    answers = false;
    await expect(applier.apply({ events: before })).rejects.toThrow("no answer");
    const once = await contents(session, book.name);
    answers = true;
    await expect(applier.apply({ events: [...before, ...batch] })).rejects.toMatchObject({ code: "PF001" });
    expect(await contents(session, book.name)).toEqual(once);
    const again = batchApplier(session, book.name, await takeFence(session, book.name));
    await again.apply({ events: before });
    expect(await contents(session, book.name)).toEqual(once);
  }));

/**
 * Goal: commands of several appends that interleave get their seqs together, when the end of each is seen; what waits holds
 * up nobody else, outlasts a restart, and is gone from the side table when it has its end.
 * Method: two commands, one in another, and one of a third stream between; after each event the trail and the side table.
 */
test("half commands wait aside and hold up nobody", () =>
  withBook(async (book) => {
    const session = await book.session();
    const two = (item: string) =>
      command(`x.item-${item}`, item, [
        moved(item, "R", "2026-03-01", "1", "1"),
        moved(item, "S", "2026-03-01", "1", "1"),
        moved(item, "T", "2026-03-01", "1", "1"),
      ]);
    const [a, b] = [two("a"), two("b")];
    const alone = command("x.item-c", "c", [moved("c", "R", "2026-03-01", "1", "1")]);
    const mixed = [a[0], b[0], b[1], ...alone, a[1], b[2], a[2]].map(
      (event) => event ?? expect.unreachable(),
    );
    const log = recorded(mixed);
    const stands = [];
    for (const event of log) {
      const applier = batchApplier(session, book.name, await takeFence(session, book.name));
      await applier.apply({ events: [event] });
      const trail = await book.pool
        .withSchema(`book_${book.name}`)
        .selectFrom("trail")
        .select(["seq", "stream", "revision"])
        .orderBy("seq")
        .execute();
      const waiting = await book.pool
        .withSchema(`book_${book.name}`)
        .selectFrom("waiting")
        .selectAll()
        .execute();
      expect(trail.map(({ seq }) => seq)).toEqual(trail.map((_, index) => BigInt(index + 1)));
      expect(applier.waits()).toBe(waiting.length > 0);
      const names = trail.map(({ stream, revision }) => `${stream.slice(-1)}${revision}`).join(" ");
      stands.push([names, waiting.length]);
      expect(await progress(book.pool, book.name)).toMatchObject({ position: event.position });
    }
    expect(stands).toEqual([
      ["", 1],
      ["", 2],
      ["", 3],
      ["c0", 3],
      ["c0", 4],
      ["c0 b0 b1 b2", 2],
      ["c0 b0 b1 b2 a0 a1 a2", 0],
    ]);
  }));

/** Goal: what is delivered without an event moves only where to resume, never back. */
test("a position without an event moves only where to resume", () =>
  withBook(async (book) => {
    const session = await book.session();
    const { before } = batches(5);
    const applier = batchApplier(session, book.name, await takeFence(session, book.name));
    await applier.apply({ events: before });
    const { position } = await progress(book.pool, book.name);
    for (const [reached, expected] of [
      [position + 9n, position + 9n],
      [position + 4n, position + 9n],
      [undefined, position + 9n],
    ] as const) {
      await applier.apply({ events: [], reached });
      expect(await progress(book.pool, book.name)).toMatchObject({ position, reached: expected });
    }
    expect((await takeFence(session, book.name)).checkpoint).toMatchObject({
      position,
      reached: position + 9n,
    });
  }));
