/** What every subcommand has in common: a clear line for what went wrong, and an exit code. */

import type { z } from "zod";
import { type Book, openBook } from "../../api/book.ts";
import { ConfigError, readConfig } from "../../api/config.ts";
import { isUnavailable } from "../../api/unavailable.ts";
import { kebab } from "./names.ts";

/** Shown as it is, without a stack: it says what, where and how to mend it. */
export class Complaint extends Error {}

/** What HTTP says of JSON and of headers: a shell has no numbers that lose digits. */
const here = (message: string): string => message.replace(" in quotes", "").replace("X-Actor", "--actor");

type Path = z.core.$ZodIssue["path"];

const optionAt = ([option = "", ...within]: Path): string =>
  `--${[kebab(`${option as string}`), ...within.map((part) => `${part as string}`)].join(" ")}`;

/** Each option that is wrong, by the name it has on the command line. */
export const complaints = ({ issues }: z.ZodError, nameOf = optionAt): string =>
  issues.map(({ path, message }) => `${nameOf(path)}: ${here(message)}`).join("; ");

const HEADERS: Readonly<Record<string, string>> = { "idempotency-key": "--key", "x-actor": "--actor" };

/** What is wrong with a request: what HTTP has in the path is an argument here, all else an option. */
export const complaintsOf = (error: z.ZodError): string =>
  complaints(error, ([place, ...path]) => {
    const name = `${path[0] as string}`;
    if (place === "params") return `<${name}>`;
    return place === "headers" ? (HEADERS[name] ?? name) : optionAt(path);
  });

type Work<Args extends readonly unknown[]> = (...args: Args) => Promise<number>;

/** `work` answers with the exit code. */
export const run =
  <Args extends readonly unknown[]>(work: Work<Args>) =>
  async (...args: Args): Promise<void> => {
    try {
      process.exitCode = await work(...args);
    } catch (error) {
      const plain =
        error instanceof Complaint ||
        error instanceof ConfigError ||
        isFirstHand(error) ||
        isUnavailable(error);
      console.error(plain ? `perpetual: ${(error as Error).message}` : error);
      process.exitCode = 1;
    }
  };

/** Errors that name their cause for whoever runs the program. */
const isFirstHand = (error: unknown): boolean =>
  error instanceof Error &&
  ("syscall" in error ||
    /^(EmbeddedPostgresError|UnreadableFile|GaveUp|OtherShape)$/.test(error.constructor.name));

/** Opens the book of the environment, and closes it whatever happens. */
export async function withBook(
  options: Readonly<{ projects: boolean }>,
  work: (book: Book) => Promise<number>,
): Promise<number> {
  const report = (error: unknown) =>
    console.error(`perpetual: ${error instanceof Error ? error.message : "lost"}`);
  const book = await openBook(readConfig(process.env), { ...options, report });
  const stop = () => process.exit(130); // the engines let go on exit; what was acknowledged is stored
  process.once("SIGINT", stop);
  try {
    return await work(book);
  } finally {
    process.off("SIGINT", stop);
    await book.close();
  }
}
