/** Settings from the environment, read once. The README's table of settings is this file in prose. */
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isBook } from "../read-models/names.ts";

const url = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => schemes.some((scheme) => text.startsWith(`${scheme}://`)),
      `must begin with ${schemes.join("://, ")}://`,
    );

const environment = z.object({
  BOOK: z.string().refine(isBook, "a letter a-z, then up to 30 of a-z, 0-9 and _").default("main"),
  /** Empty: the embedded Postgres. */
  DATABASE_URL: url("postgres", "postgresql")
    .refine((text) => URL.canParse(text), "not a URL")
    .optional(),
  /** Empty: the embedded node. */
  EVENTSTORE_URL: url("esdb", "esdb+discover").optional(),
  PERPETUAL_HOME: z.string().min(1).default(join(homedir(), ".perpetual")),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** How long a question waits for what it must see, before it is refused. */
  WAIT_MAX_MS: z.coerce.number().int().min(0).max(600_000).default(5_000),
});

export type Config = Readonly<{
  book: string;
  databaseUrl: string | undefined;
  eventStoreUrl: string | undefined;
  home: string;
  host: string;
  port: number;
  logLevel: z.infer<typeof environment>["LOG_LEVEL"];
  waitMaxMs: number;
}>;

/** Names every setting that is wrong, and never shows its value: it may hold a password. */
export class ConfigError extends Error {}

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // In a compose file, a variable without a value is an empty one.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const { data, error } = environment.safeParse(given);
  if (!data) throw new ConfigError(error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; "));
  return {
    book: data.BOOK,
    databaseUrl: data.DATABASE_URL,
    eventStoreUrl: data.EVENTSTORE_URL,
    home: data.PERPETUAL_HOME,
    host: data.HOST,
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
    waitMaxMs: data.WAIT_MAX_MS,
  };
}
