/** The only import of pg: a pool for questions, and a session of its own for who writes. */
import { once } from "node:events";
import { Kysely } from "kysely";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { CatalogueDialect } from "./introspection.ts";

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

/** The driver's defaults suit neither positions (text) nor business days (a local-time `Date`). */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (oid === INT8) return BigInt;
    if (oid === DATE || oid === TIMESTAMPTZ) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  },
};

const CONNECT_TIMEOUT_MS = 10_000;
const settings = (connectionString: string) => ({
  connectionString,
  types,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
});

/**
 * A pool. An idle connection that breaks is reported, not thrown (it would end the process); the next query gets
 * a new one, or fails and is retried by whoever asked.
 */
export function connect<Tables>(
  connectionString: string,
  { sessions, onLost }: { sessions: number; onLost: (error: Error) => void },
): Kysely<Tables> {
  const pool = new pg.Pool({ ...settings(connectionString), max: sessions });
  pool.on("error", onLost);
  // One that breaks between two statements of a transaction fails the next of them; unheard, it would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return new Kysely<Tables>({ dialect: new CatalogueDialect({ pool }) });
}

/** One connection: advisory locks, COPY and hand-written SQL. Once it is lost, every call rejects: open another. */
export interface Session {
  /** `name` keeps the statement prepared; one name, one text. bigint, string, Buffer and arrays of these as values. */
  query<Row extends object>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<readonly Row[]>;
  /** Several statements without values in one round trip: one transaction, unless they say `begin`. */
  script(statements: readonly string[]): Promise<void>;
  /** `lines` in COPY's text format. */
  copy(target: string, lines: string): Promise<void>;
  close(): Promise<void>;
}

export async function openSession(
  connectionString: string,
  { onLost }: { onLost: (error: Error) => void },
): Promise<Session> {
  const client = new pg.Client(settings(connectionString));
  client.on("error", onLost);
  await client.connect();
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = [], name?: string) {
      const { rows } = await client.query<Row>({ text, values: [...values], ...(name ? { name } : {}) });
      return rows;
    },
    async script(statements) {
      await client.query(statements.join(";\n"));
    },
    async copy(target, lines) {
      const stream = client.query(copyFrom(`copy ${target} from stdin`));
      stream.end(lines);
      await once(stream, "finish");
    },
    close: () => client.end(),
  };
}
