/** The parameters that every question has: as of which day, as known when, after which write, which page. */
import { z } from "zod";
import { day, KNOWN_AT, knownAt } from "../edge/schemas.ts";

const LIMIT_MAX = 1_000;
const LIMIT = 100;

const position = z.string().regex(/^\d{1,18}$/, "a position as a command answered it");
export const momentQuery = {
  asOf: day.optional().describe("Movements that count for this day or an earlier one. Default: today."),
  knownAt: knownAt.optional().describe(`As the book knew it: ${KNOWN_AT}. Default: the latest.`),
  minPosition: position
    .optional()
    .describe("Wait until this position is shown, as a command answered it: read your own writes."),
};

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT),
  after: z.string().max(1_000).optional().describe("Where the page before ended: `next` of its answer."),
};

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
