/** What every subcommand has in common: a clear line for what went wrong, and an exit code. */

import type { z } from "zod";
import { type Book, openBook } from "../../api/book.ts";
import { ConfigError, readConfig } from "../../api/config.ts";
import { isUnavailable } from "../../api/unavailable.ts";

/** Shown as it is, without a stack: it says what, where and how to mend it. */
export class Complaint extends Error {}

/** Each option that is wrong, by the name it has on the command line. */
export const complaints = ({ issues }: z.ZodError): string =>
  issues
    .map(({ path, message }) => {
      const [option = "", ...within] = path.map((part) => `${part as string}`);
      const name = option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return `--${[name, ...within].join(" ")}: ${message}`;
    })
    .join("; ");

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
