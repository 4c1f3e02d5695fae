/** A book of a test's own on the run's engines, open in this process, its company founded; removed at the end. */
import { onTestFinished } from "vitest";
import { type Book, openBook } from "../../api/book.ts";
import { catchUp } from "../../api/catch-up.ts";
import { type Company, companyStream } from "../../api/company.ts";
import type { BadLine } from "../../api/import/check.ts";
import type { RefusedLine } from "../../api/import/import-movements.ts";
import { importMovements, type Options } from "../../api/import/import-movements.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { openSession, type Session } from "../../read-models/database.ts";
import { bookSchema, generationSchema, quoted } from "../../read-models/names.ts";
import { logOf as logOfBook } from "../../scripts/faults/log.ts";
import type { Environment } from "./cli.ts";
import { databaseUrl, eventStoreUrl } from "./engines.ts";
import { anyBook } from "./new-events.ts";

export type OwnBook = Readonly<{ name: string; environment: Environment }>;

/** Of a book that nobody has opened yet. Removed at the end of the test. */
export async function ownBook(): Promise<OwnBook> {
  const name = anyBook();
  const [DATABASE_URL, EVENTSTORE_URL] = [await databaseUrl(), await eventStoreUrl()];
  onTestFinished(async () => {
    const session = await openSession(DATABASE_URL, { onLost: () => {} });
    await session.script([
      "set client_min_messages = error",
      `drop schema if exists ${quoted(generationSchema(name, 1))} cascade`,
      `drop schema if exists ${quoted(bookSchema(name))} cascade`,
    ]);
    await session.close();
  });
  return { name, environment: { BOOK: name, DATABASE_URL, EVENTSTORE_URL } };
}

/** Open here until the test ends, or until it is closed. */
export async function opened(
  { name, environment }: OwnBook,
  options: Readonly<{ projects?: boolean }> = {},
): Promise<Book> {
  const { DATABASE_URL, EVENTSTORE_URL } = environment;
  const book = await openBook(
    { book: name, home: "/nowhere", databaseUrl: DATABASE_URL, eventStoreUrl: EVENTSTORE_URL },
    { report: () => {}, ...options },
  );
  onTestFinished(() => book.close());
  return book;
}

export async function found({ name, companies }: Pick<Book, "name" | "companies">): Promise<void> {
  const data = {
    company: name,
    name: "Rod & Sons",
    baseCurrency: "EUR",
    valueScale: 2,
    timeZone: "Europe/Berlin",
    fiscalYearStart: "01-01",
  };
  await companies.handle({
    stream: companyStream(name),
    command: { type: "FoundCompany", data },
    commandId: "founding",
    commandHash: "0".repeat(64),
    actor: "ada",
  });
}

/** Founded, and no longer open in this process: for tests of the command line. */
export async function foundedBook(): Promise<OwnBook> {
  const own = await ownBook();
  const book = await opened(own, { projects: false });
  await found(book);
  await book.close();
  return own;
}

export async function companyOf(book: Book): Promise<Company> {
  const company = await book.company();
  if (!company) throw new Error("no company");
  return company;
}

/** Imports, and says what it was told. */
export async function importing(book: Book, options: Pick<Options, "file"> & Partial<Options>) {
  const [bad, refused]: [BadLine[], RefusedLine[]] = [[], []];
  const imported = await importMovements(
    book,
    await companyOf(book),
    {
      source: "test",
      actor: "ada",
      mapping: {},
      dryRun: false,
      register: { unit: "piece" },
      ...options,
    },
    {
      onBad: (line) => bad.push(line),
      onRefused: (line) => refused.push(line),
      onProgress: () => {},
    },
  );
  return { imported, bad, refused };
}

/** Its tables hold all that the log has: opens it where it isn't, and closes it again. */
export async function projected(own: OwnBook): Promise<void> {
  const book = await opened(own);
  await catchUp(book);
  await book.close();
}

/** SQL on the run's database, to look behind the program, or to tamper. */
export async function sqlSession({ environment }: OwnBook): Promise<Session> {
  const session = await openSession(environment["DATABASE_URL"] ?? "", { onLost: () => {} });
  onTestFinished(() => session.close());
  return session;
}

/** All that the log has of it, in order. */
export const logOf = ({ name, store }: Pick<Book, "name" | "store">): Promise<readonly Recorded[]> =>
  logOfBook(name, store);
