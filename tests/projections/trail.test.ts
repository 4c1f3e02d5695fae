import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchApplier } from "../../projections/apply-batch.ts";
import { takeFence } from "../../projections/fence.ts";
import { bookSchema } from "../../read-models/names.ts";
import { ask, NotYetKnown } from "../../read-models/question.ts";
import { trail } from "../../read-models/trail.ts";
import { drawnLogs, logOf, naive } from "../support/drawn-rows.ts";
import { type Book, withBook } from "../support/postgres.ts";

const rowsOf = ({ pool, name }: Book) =>
  pool.withSchema(bookSchema(name)).selectFrom("trail").selectAll().orderBy("seq").execute();

/** What `knownAt` resolves to. */
const resolved = async ({ pool, name }: Book, knownAt: { seq: bigint } | { at: string } | "latest") =>
  (await ask(pool, name, { asOf: "2026-03-31", knownAt }, async () => ({}))).seq;

/** JSON with its keys sorted, said anew. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, field) =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(
          Object.keys(field)
            .toSorted()
            .map((name) => [name, field[name]]),
        )
      : field,
  );

const drawnBook = { numRuns: 10 };

/**
 * Goal: an auditor who has the trail's rows and DESIGN §6 alone gets the chain; the trail says what the log said; and known_at
 * is the running maximum of the times recorded, which go back in the log.
 * Method: SHA-256 from node:crypto over canonical JSON said anew, for a thousand histories.
 */
test("the chain can be computed from the rows alone, and known_at never goes back", () =>
  withBook(async (book) => {
    const session = await book.session();
    await fc.assert(
      fc.asyncProperty(drawnLogs(250, 4), async (drawn) => {
        await book.emptied();
        const log = logOf(drawn);
        const { events } = naive(log);
        const applier = batchApplier(session, book.name, await takeFence(session, book.name));
        await applier.apply({ events: log });
        let [hash, known] = ["0".repeat(64), ""];
        const rows = await rowsOf(book);
        for (const [index, row] of rows.entries()) {
          const { seq, stream, revision, id, type, data, metadata } = row;
          const said = [
            hash,
            `${seq}`,
            stream,
            `${revision}`,
            id,
            type,
            JSON.parse(data),
            JSON.parse(metadata),
          ];
          hash = createHash("sha256").update(canonical(said), "utf8").digest("hex");
          expect(row.hash).toBe(hash);
          expect(seq).toBe(BigInt(index + 1));
          const event = events[index] ?? expect.unreachable();
          const { position, stream: name, revision: number, metadata: written } = event;
          expect(row).toMatchObject({
            position,
            stream: name,
            revision: number,
            id: event.id,
            type: event.type,
          });
          expect([data, metadata]).toEqual([canonical(event.data), canonical(written)]);
          expect(row).toMatchObject({ command_id: written.commandId, part: written.part, parts: written.of });
          known = known > written.recordedAt ? known : written.recordedAt;
          expect(row.known_at).toBe(known);
        }
        expect(rows).toHaveLength(log.length);
        expect((await takeFence(session, book.name)).checkpoint).toMatchObject({ hash, knownAt: known });
      }),
      drawnBook,
    );
  }));

/**
 * Goal: `knownAt` falls on the ends of commands, whether it is a seq or a time; a time resolves over the running maximum; a
 * seq that is not reached is refused with the latest.
 * Method: every seq of a log, and every time recorded with its neighbours, against a plain search.
 */
test("knownAt resolves to the end of the last whole command", () =>
  withBook(async (book) => {
    const session = await book.session();
    await fc.assert(
      fc.asyncProperty(drawnLogs(6, 4), async (drawn) => {
        await book.emptied();
        const log = logOf(drawn);
        const { events, ends } = naive(log);
        const applier = batchApplier(session, book.name, await takeFence(session, book.name));
        await applier.apply({ events: log });
        const last = BigInt(events.length);
        const end = (seq: bigint) => ends.findLast((each) => each <= seq) ?? 0n;
        for (let seq = 0n; seq <= last; seq += 1n) expect(await resolved(book, { seq })).toBe(end(seq));
        expect(await resolved(book, "latest")).toBe(last);
        const late = resolved(book, { seq: last + 1n });
        await expect(late).rejects.toThrow(NotYetKnown);
        await expect(late).rejects.toMatchObject({ latest: last });
        const times = new Set(events.map(({ metadata }) => Date.parse(metadata.recordedAt)));
        for (const time of [...times].flatMap((at) => [at - 1, at, at + 1])) {
          const at = new Date(time).toISOString();
          // All that was written before anything later was.
          const beyond = events.findIndex(({ metadata }) => metadata.recordedAt > at);
          expect(await resolved(book, { at })).toBe(end(beyond < 0 ? last : BigInt(beyond)));
        }
      }),
      drawnBook,
    );
  }));

test("streams and commands are read back as they were recorded", () =>
  withBook(async (book) => {
    const session = await book.session();
    await fc.assert(
      fc.asyncProperty(drawnLogs(20, 6), async (drawn) => {
        await book.emptied();
        const log = logOf(drawn);
        const applier = batchApplier(session, book.name, await takeFence(session, book.name));
        await applier.apply({ events: log });
        const copy = trail(book.pool, book.name);
        for (const name of new Set(log.map((event) => event.stream))) {
          const events = log.filter((event) => event.stream === name);
          expect(await copy.stream(name)).toEqual(events);
          expect(await copy.revision(name)).toBe(events.at(-1)?.revision);
          const ids = events.slice(-2).map(({ metadata }) => metadata.commandId);
          const expected = events.filter(({ metadata }) => ids.includes(metadata.commandId));
          expect(await copy.commands(ids)).toEqual(expected);
        }
        expect([await copy.stream("x.item-none"), await copy.revision("x.item-none")]).toEqual([[], -1n]);
      }),
      drawnBook,
    );
  }));
