import fc from "fast-check";
import { expect, test } from "vitest";
import { UndecodableEvent } from "../../domain/catalogue.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { type Applier, batchApplier } from "../../projections/apply-batch.ts";
import { isFenceLost, takeFence } from "../../projections/fence.ts";
import type { Session } from "../../read-models/database.ts";
import { bookSchema, quoted } from "../../read-models/names.ts";
import { CRASHES, crashIn, makeCrashable, mortal } from "../support/crashes.ts";
import { drawnLogs, logOf, naive } from "../support/drawn-rows.ts";
import { type Book, contents, withBook } from "../support/postgres.ts";

/** What comes in one delivery, again or for the first time, and what befalls it. */
type Delivery = Readonly<{ again: number; events: number; reached: boolean; fault: Fault }>;
type Fault =
  | Readonly<{ kind: "none" | "restart" }>
  /** Postgres breaks a statement. */
  | Readonly<{ kind: "crash"; in: (typeof CRASHES)[number] }>
  /** The session dies between two calls; what it committed may be unknown. */
  | Readonly<{ kind: "death"; calls: number; when: "before" | "after" }>
  /** Another takes the fence, and applies the delivery or does not; then the first goes on. */
  | Readonly<{ kind: "usurper"; applies: boolean }>;

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Fault>({ kind: "none" }, { kind: "restart" }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("crash"), in: fc.constantFrom(...CRASHES) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("death"),
      calls: fc.integer({ min: 1, max: 10 }),
      when: fc.constantFrom("before", "after"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("usurper"), applies: fc.boolean() }) },
);
const delivery: fc.Arbitrary<Delivery> = fc.record({
  again: fc.nat(5),
  events: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 })),
  reached: fc.boolean(),
  fault,
});
const deliveries = fc.array(delivery, { minLength: 1, maxLength: 5, size: "max" });
const odd = fc.option(fc.nat(999), { freq: 2 });

/** A projector over scripted deliveries: what it believes, and where it would resume. */
function projector(book: Book, session: Session, log: readonly Recorded[]) {
  const own = mortal(session);
  let applier: Applier;
  let next = 0;

  async function start(): Promise<void> {
    own.lives();
    await session.script(["rollback", "set perpetual.crash = ''"]); // as Postgres does for a session that died
    applier = batchApplier(own.session, book.name, await takeFence(session, book.name));
    const { reached } = applier.checkpoint();
    const found = log.findIndex(({ position }) => position > reached);
    next = found < 0 ? log.length : found;
  }

  async function deliver({ again, events: count, reached: told, fault }: Delivery): Promise<void> {
    const end = Math.min(log.length, next + count);
    const events = log.slice(Math.max(0, next - again), end);
    const reached = told ? (log[end]?.position ?? (log.at(-1)?.position ?? 0n) + 10n) - 1n : undefined;
    const batch = { events, reached };
    switch (fault.kind) {
      case "restart":
        await start();
        break;
      case "crash": {
        const before = await contents(session, book.name);
        await crashIn(session, fault.in);
        // It may have nothing to write there.
        const broken = await applier.apply(batch).then(
          () => false,
          (error: unknown) => String(error).includes(`crash in ${fault.in}`) || Promise.reject(error),
        );
        if (broken) expect(await contents(session, book.name)).toEqual(before);
        await start();
        break;
      }
      case "death":
        own.dies(fault.calls, fault.when);
        await applier.apply(batch).catch((error: unknown) => expect(String(error)).toContain("the session"));
        await start();
        break;
      case "usurper": {
        const frozen = applier;
        await start();
        if (fault.applies) await applier.apply(batch);
        const before = await contents(session, book.name);
        const lost = await frozen.apply(batch).then(
          () => false,
          (error: unknown) => isFenceLost(error) || Promise.reject(error),
        );
        // With nothing new to write it finds out later.
        if (!lost)
          expect(frozen.checkpoint().position).toBeGreaterThanOrEqual(events.at(-1)?.position ?? -1n);
        expect(await contents(session, book.name)).toEqual(before);
        await start();
        break;
      }
    }
    if (fault.kind === "none") {
      await applier.apply(batch);
      next = end;
    }
  }

  return { start, deliver, done: () => next === log.length, applier: () => applier };
}

/**
 * Goal: a log delivered in whatever batches, repeated, cut inside commands, crashed between any two statements, its commits
 * without an answer, continued by another projector, is applied once: all tables, row for row, and the chain, are those of
 * a replay from zero. An event that can't be decoded stops it: what came before stands, half commands aside, and it goes on
 * from there when it can be decoded.
 * Method: logs of drawn rows, scripted deliveries with their faults, against the log in one batch in a second book and
 * against its own numbering; the second book meets an undecodable event first, now and then.
 */
test("however it was delivered and broken, a log is applied once: incremental = replay from zero", () =>
  withBook((book) =>
    withBook(async (replayed) => {
      const session = await book.session();
      const other = await replayed.session();
      await makeCrashable(session, book.name);
      await fc.assert(
        fc.asyncProperty(drawnLogs(5, 4), deliveries, odd, async (drawn, script, odd) => {
          const log = logOf(drawn);
          await book.emptied();
          await replayed.emptied();
          const first = projector(book, session, log);
          await first.start();
          for (const each of script) await first.deliver(each);
          await first.deliver({ again: 9_999, events: 9_999, reached: true, fault: { kind: "none" } });
          expect(first.done()).toBe(true);
          expect(first.applier().waits()).toBe(false);

          if (odd !== null) await stopsAt(log, odd % log.length, replayed, other);
          const applier = batchApplier(other, replayed.name, await takeFence(other, replayed.name));
          await applier.apply({ events: log });
          expect(await contents(session, book.name)).toEqual(await contents(other, replayed.name));
          expect(await trailIds(other, replayed)).toEqual(naive(log).events.map(({ id }) => id));
          expect(applier.checkpoint()).toMatchObject({
            position: log.at(-1)?.position,
            seq: BigInt(log.length),
          });
        }),
        { numRuns: 1_000 },
      );
    }),
  ));

async function stopsAt(log: readonly Recorded[], at: number, book: Book, session: Session): Promise<void> {
  const spoiled = log.map((event, index) => (index === at ? { ...event, type: "GoodsVanished" } : event));
  const applier = batchApplier(session, book.name, await takeFence(session, book.name));
  const { stream, revision } = log[at] ?? {};
  const named = `${stream} ${revision}: GoodsVanished`;
  const error = await applier
    .apply({ events: spoiled, reached: 10n ** 9n })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UndecodableEvent);
  expect(String(error)).toContain(named);
  const before = log.slice(0, at);
  expect(await trailIds(session, book)).toEqual(naive(before).events.map(({ id }) => id));
  const [checkpoint] = await session.query<{ position: bigint; reached: bigint }>(
    `select position, reached from ${quoted(bookSchema(book.name))}.checkpoint`,
  );
  const position = before.at(-1)?.position ?? -1n;
  expect(checkpoint).toEqual({ position, reached: position });
}

/** In the order of seq, which has no gap. */
async function trailIds(session: Session, book: Book): Promise<readonly string[]> {
  const rows = await session.query<{ seq: bigint; id: string }>(
    `select seq, id from ${quoted(bookSchema(book.name))}.trail order by seq`,
  );
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => BigInt(index + 1)));
  return rows.map(({ id }) => id);
}
