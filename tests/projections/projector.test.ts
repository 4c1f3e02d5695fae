import type { Subscription } from "rxjs";
import { expect, onTestFinished, test, vi } from "vitest";
import { UndecodableEvent } from "../../domain/catalogue.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import type { Delivered, EventStore } from "../../domain/kernel/event-store.ts";
import { type Progress, project } from "../../projections/projector.ts";
import type { Session } from "../../read-models/database.ts";
import { bookSchema } from "../../read-models/names.ts";
import { progress } from "../../read-models/progress.ts";
import { command, moved, recorded } from "../support/log.ts";
import { type Book, withBook } from "../support/postgres.ts";

/** Six events; the third command has two. */
const log = recorded(
  ["R", "S", "T", "U", "V"].flatMap((id) =>
    command("x.item-a", id, [
      moved("a", id, "2026-03-01", "1", "2"),
      ...(id === "T"
        ? [
            {
              type: "CostRowsContinued" as const,
              data: { item: "a", movement: id, rows: moved("a", id, "2026-02-01", "1", "1").data.rows },
            },
          ]
        : []),
    ]),
  ),
);

type Store = Pick<EventStore, "subscribe"> & {
  readonly asked: [prefix: string, after: bigint][];
  ended: number;
};

/** All events after the position, two at a time, then nothing more; `before` each delivery. */
function scripted(events: readonly Recorded[], before: () => void = () => {}): Store {
  const asked: [string, bigint][] = [];
  const store = {
    asked,
    ended: 0,
    async *subscribe(prefix: string, after: bigint, signal: AbortSignal): AsyncIterable<Delivered> {
      asked.push([prefix, after]);
      const left = events.filter(({ position }) => position > after);
      for (let from = 0; from < left.length; from += 2) {
        before();
        const some = left.slice(from, from + 2);
        yield { events: some, reached: undefined, caughtUp: from + 2 >= left.length };
      }
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      store.ended += 1;
    },
  };
  return store;
}

/** What it emits, reports and ends with. It ends with the test at the latest. */
function started({ url, name }: Book, store: Store) {
  const seen: Progress[] = [];
  const reported: unknown[] = [];
  const ends: unknown[] = [];
  const report = (error: unknown) => {
    reported.push(error);
  };
  const subscription: Subscription = project({ databaseUrl: url, book: name, store, report }).subscribe({
    next: (each) => seen.push(each),
    error: (error) => ends.push(error),
    complete: () => ends.push("complete"),
  });
  onTestFinished(() => subscription.unsubscribe());
  return { seen, reported, ends, subscription, seqs: () => seen.map(({ checkpoint }) => checkpoint.seq) };
}

const reaches = (book: Book, seq: bigint) =>
  vi.waitFor(async () => expect(await progress(book.pool, book.name)).toMatchObject({ seq }), {
    timeout: 20_000,
  });

/** Ends the session of whoever projects the book, as a crash of Postgres's or a cut line does. */
const killed = (session: Session, { name }: Book) =>
  session.query<{ pid: number }>(
    `select pid, pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and granted
        and (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)`,
    [`perpetual projector ${name}`],
  );

const trailIds = async ({ pool, name }: Book) => {
  const rows = await pool
    .withSchema(bookSchema(name))
    .selectFrom("trail")
    .select("id")
    .orderBy("seq")
    .execute();
  return rows.map(({ id }) => id);
};
const ids = log.map(({ id }) => id);

test("it emits after each transaction, and ends with its subscription", () =>
  withBook(async (book) => {
    const store = scripted(log);
    const projector = started(book, store);
    await vi.waitFor(() => expect(projector.seqs()).toEqual(STEPS));
    expect(projector.seen.map(({ caughtUp }) => caughtUp)).toEqual([false, false, false, true]);
    expect(store.asked).toEqual([[`${book.name}.`, -1n]]);
    projector.subscription.unsubscribe();
    await vi.waitFor(() => expect(store.ended).toBe(1));
    expect(projector.ends).toEqual([]);
    expect(projector.reported).toEqual([]);
    expect(await trailIds(book)).toEqual(ids);
  }));
/** R S | T T' | U V. */
const STEPS = [0n, 2n, 4n, 6n];

/**
 * Goal: a session that Postgres ends is replaced, and the log goes on from the tables: nothing is lost, nothing is twice.
 * Method: it is ended while it waits for events, and while it has a batch under way.
 */
test.each(["while it waits", "between two batches"])("it goes on after its session was ended %s", (when) =>
  withBook(async (book) => {
    const other = await book.session();
    let deliveries = 0;
    let kills = 0;
    const store = scripted(when === "while it waits" ? log.slice(0, 4) : log, () => {
      deliveries += 1;
      if (when === "between two batches" && deliveries === 2) {
        kills += 1;
        void killed(other, book);
      }
    });
    const projector = started(book, store);
    if (when === "while it waits") {
      await reaches(book, 4n);
      expect(await killed(other, book)).toHaveLength(1);
      await vi.waitFor(() => expect(store.asked).toHaveLength(2), { timeout: 20_000 });
      expect(store.asked[1]).toEqual([`${book.name}.`, log[3]?.position]);
    } else {
      await reaches(book, 6n);
      expect(kills).toBe(1);
    }
    projector.subscription.unsubscribe();
    expect(projector.reported.length).toBeGreaterThanOrEqual(when === "while it waits" ? 1 : 0);
    expect(projector.ends).toEqual([]);
    expect(await trailIds(book)).toEqual(when === "while it waits" ? ids.slice(0, 4) : ids);
  }),
);

test("it subscribes again, from where it stands, when the store throws or ends", () =>
  withBook(async (book) => {
    let breaks = 2;
    const whole = scripted(log);
    const store = {
      ...whole,
      async *subscribe(prefix: string, after: bigint, signal: AbortSignal): AsyncIterable<Delivered> {
        breaks -= 1;
        if (breaks >= 0) {
          whole.asked.push([prefix, after]);
          const next = log.filter(({ position }) => position > after).slice(0, breaks === 1 ? 3 : 2);
          yield { events: next, reached: undefined, caughtUp: false };
          if (breaks === 1) throw new Error("the line is down");
          return;
        }
        yield* whole.subscribe(prefix, after, signal);
      },
    };
    const projector = started(book, store);
    await reaches(book, 6n);
    projector.subscription.unsubscribe();
    expect(whole.asked.map(([, after]) => after)).toEqual([-1n, log[2]?.position, log[4]?.position]);
    expect(projector.reported.map(String)).toEqual([
      "Error: the line is down",
      "Error: the projector's session or subscription ended",
    ]);
    expect(await trailIds(book)).toEqual(ids);
  }));

/**
 * Goal: an event that can't be decoded ends it, named; what came before it stands, the half of its own command aside, and
 * nothing after it. So does whoever starts again.
 */
test.each([
  { odd: "type", at: 4, event: { type: "GoodsVanished" }, seq: 4n, waiting: 0 },
  { odd: "quantity", at: 1, event: { data: { ...log[1]?.data, quantity: 1 } }, seq: 1n, waiting: 0 },
  { odd: "metadata part", at: 0, event: { metadata: { ...log[0]?.metadata, part: 2 } }, seq: 0n, waiting: 0 },
  { odd: "rows", at: 3, event: { data: { ...log[3]?.data, rows: [] } }, seq: 2n, waiting: 1 },
])("an event with a wrong $odd ends it", ({ odd, at, event, seq, waiting }) =>
  withBook(async (book) => {
    const spoiled = log.map((each, index) => (index === at ? ({ ...each, ...event } as Recorded) : each));
    for (const _time of ["first", "again"]) {
      const projector = started(book, scripted(spoiled));
      await vi.waitFor(() => expect(projector.ends).toHaveLength(1), { timeout: 20_000 });
      const type = spoiled[at]?.type;
      expect(projector.ends[0]).toBeInstanceOf(UndecodableEvent);
      expect(String(projector.ends[0])).toBe(`Error: x.item-a ${at}: ${type} with a wrong ${odd}`);
      expect(projector.reported).toEqual([]);
      expect(await trailIds(book)).toEqual(ids.slice(0, Number(seq)));
      const aside = book.pool.withSchema(bookSchema(book.name)).selectFrom("waiting").selectAll();
      expect(await aside.execute()).toHaveLength(waiting);
      expect(await progress(book.pool, book.name)).toMatchObject({
        seq,
        position: log[at - 1]?.position ?? -1n,
        reached: log[at - 1]?.position ?? -1n,
      });
    }
  }),
);

/**
 * Goal: of two projectors one projects; the other waits, reads nothing of the log, and goes on when the first has ended, or
 * lost its session.
 */
test.each(["ended", "lost its session"])("a second waits, and takes over when the first %s", (how) =>
  withBook(async (book) => {
    const [one, two] = [scripted(log.slice(0, 4)), scripted(log)];
    const first = started(book, one);
    await reaches(book, 4n);
    const second = started(book, two);
    const waiter = await book.session();
    await vi.waitFor(async () => {
      const waiting = await waiter.query(
        `select pid from pg_locks where locktype = 'advisory' and not granted
            and (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)`,
        [`perpetual projector ${book.name}`],
      );
      expect(waiting).toHaveLength(1);
    });
    expect([second.seen, two.asked]).toEqual([[], []]);
    if (how === "ended") first.subscription.unsubscribe();
    else await killed(waiter, book);
    await reaches(book, 6n);
    expect(two.asked).toEqual([[`${book.name}.`, log[3]?.position]]);
    expect(second.seqs()).toEqual([4n, 6n]);
    first.subscription.unsubscribe();
    second.subscription.unsubscribe();
    expect([first.ends, second.ends, second.reported]).toEqual([[], [], []]);
    expect(await trailIds(book)).toEqual(ids);
  }),
);
