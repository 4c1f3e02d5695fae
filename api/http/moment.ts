/** The parameters that every question has: as of which day, as known when, after which write, which page. */
import { z } from "zod";
import type { KnownAt } from "../../read-models/question.ts";
import { day } from "../edge/schemas.ts";

const LIMIT_MAX = 1_000;
const LIMIT = 100;

const position = z.string().regex(/^\d{1,18}$/, "a position as a command answered it");
const KNOWN_AT = "a seq, or an instant such as 2026-03-31T12:00:00Z";
const isInstant = (text: string) =>
  z.iso.datetime({ offset: true }).safeParse(text).success && !Number.isNaN(Date.parse(text));

export const momentQuery = {
  asOf: day.optional().describe("Movements that count for this day or an earlier one. Default: today."),
  knownAt: z
    .string()
    .refine((text) => /^\d{1,18}$/.test(text) || isInstant(text), KNOWN_AT)
    .optional()
    .describe(`As the book knew it: ${KNOWN_AT}. Default: the latest.`),
  minPosition: position
    .optional()
    .describe("Wait until this position is shown, as a command answered it: read your own writes."),
};

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT),
  after: z.string().max(1_000).optional().describe("Where the page before ended: `next` of its answer."),
};

/** What a question is asked of. An instant becomes UTC with milliseconds, as recording times are written. */
export function knownAtOf(text: string | undefined): KnownAt {
  if (text === undefined) return "latest";
  return /^\d+$/.test(text) ? { seq: BigInt(text) } : { at: new Date(text).toISOString() };
}

/** A cursor is opaque to callers: the key of the page's last row. */
export const cursorText = (key: readonly string[]): string =>
  Buffer.from(JSON.stringify(key)).toString("base64url");

/** Throws a ZodError that names `query.after` where the text is not one that we gave. */
export function cursorOf(
  text: string | undefined,
  key: z.ZodType<readonly string[]>,
): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const wrong = () =>
    new z.ZodError([
      { code: "custom", path: ["query", "after"], message: "not the `next` of an answer", input: text },
    ]);
  try {
    return key.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw wrong();
  }
}
