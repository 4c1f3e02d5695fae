/** The log in pages, by primary key, for whoever reads further back than memory reaches. */
import { unreadable } from "./errors.ts";
import { NO_EVENTS } from "./expectation.ts";
import type { Entry } from "./log.ts";
import { openReaders } from "./readers.ts";
import { SCHEMA, streamKey } from "./schema.ts";

/** `next`: where the next one begins. `done`: when this was read there was no more. */
export type Page = Readonly<{ entries: readonly Entry[]; next: number; done: boolean }>;

export type Direction = "forwards" | "backwards";

export interface Pages {
  /** From a position on, that one included. */
  all(direction: Direction, from: number, max: number): Promise<Page>;
  /** From a revision on, that one included. */
  stream(name: string, direction: Direction, from: number, max: number): Promise<Page>;
  /** The stream's last revision, and the last event of the one that describes it. */
  describe(stream: string, metastream: string): Promise<Readonly<{ head: number; last: Buffer | undefined }>>;
  /** The stream's last revision. */
  head(stream: string): Promise<number>;
  /** Whether an event has that position. */
  has(position: number): Promise<boolean>;
  close(): Promise<void>;
}

const PAGE_BYTES_MAX = 2 ** 20;
const READERS = 3;
const TABLE = `${SCHEMA}.event`;

type Key = "position" | "revision";
type Statements = Readonly<Record<Direction, Readonly<{ name: string; text: string; key: Key }>>>;

/** A page has at most so many rows, and at most so many bytes or one row. `from` and `max` are $1 and $2. */
function statements(key: Key, where = "true"): Statements {
  const page = (direction: Direction, reaches: string, order: string) => ({
    key,
    name: `${key} ${direction}`,
    text: `select position, revision, recorded from (
        select position, revision, recorded,
          sum(octet_length(recorded)) over (order by ${key} ${order}) - octet_length(recorded) as before
        from (
          select * from ${TABLE} where ${where} and ${key} ${reaches} $1 order by ${key} ${order} limit $2
        ) as row
      ) as measured where before < ${PAGE_BYTES_MAX} order by ${key} ${order}`,
  });
  return { forwards: page("forwards", ">=", "asc"), backwards: page("backwards", "<=", "desc") };
}

const ALL = statements("position");
const STREAM = statements("revision", "stream = $3");

type Row = Readonly<{ position: bigint; revision: bigint; recorded: Buffer }>;

const HEAD = `select max(revision) as head from ${TABLE} where stream = $1`;
const DESCRIBE = `select (${HEAD}), (select recorded from ${TABLE} where stream = $2 order by revision desc limit 1)`;

export function openPages(databaseUrl: string, report: (what: string) => void): Pages {
  const readers = openReaders(databaseUrl, READERS, report);

  async function query<Row extends object>(text: string, values: readonly unknown[], name: string) {
    try {
      return await readers.query<Row>(text, values, name);
    } catch (error) {
      report(`a page could not be read: ${(error as Error).message}`);
      throw unreadable();
    }
  }

  async function read(
    statements: Statements,
    direction: Direction,
    from: number,
    max: number,
    ...stream: readonly string[]
  ): Promise<Page> {
    const { text, name, key } = statements[direction];
    const rows = await query<Row>(text, [from, max, ...stream], name);
    const last = rows.at(-1);
    const bytes = rows.reduce((sum, { recorded }) => sum + recorded.length, 0);
    return {
      entries: rows.map(({ position, recorded }) => ({ position: Number(position), recorded })),
      next: last ? Number(last[key]) + (direction === "forwards" ? 1 : -1) : from,
      done: rows.length < max && bytes < PAGE_BYTES_MAX,
    };
  }

  return {
    all: (direction, from, max) => read(ALL, direction, from, max),
    stream: (name, direction, from, max) => read(STREAM, direction, from, max, streamKey(name)),
    async describe(stream, metastream) {
      type Found = Readonly<{ head: bigint | null; recorded: Buffer | null }>;
      const [row] = await query<Found>(DESCRIBE, [streamKey(stream), streamKey(metastream)], "describe");
      return { head: Number(row?.head ?? NO_EVENTS), last: row?.recorded ?? undefined };
    },
    async head(stream) {
      const [row] = await query<{ head: bigint | null }>(HEAD, [streamKey(stream)], "head");
      return Number(row?.head ?? NO_EVENTS);
    },
    async has(position) {
      return (await query(`select from ${TABLE} where position = $1`, [position], "has")).length > 0;
    },
    close: () => readers.close(),
  };
}
