/** What a question over HTTP is: a path, what may be asked, and whom it asks. */
import { z } from "zod";
import type { Answer, Moment, Page, Paged } from "../../read-models/question.ts";
import type { Book } from "../book.ts";

type Pool = Book["pool"];
/** `found`: there is such a thing, also where it has no rows. `total`: of all pages, told on the first; null after it. */
export type Rows = Answer<Paged<object, readonly string[]>> &
  Readonly<{ found?: boolean; total?: string | null }>;

export type Question = Readonly<{
  path: string;
  summary: string;
  /** What its rows are called. */
  rows: string;
  params: z.ZodObject;
  query: z.ZodObject;
  cursor: z.ZodType<readonly string[]>;
  ask: (
    pool: Pool,
    book: string,
    asked: Moment & Readonly<Record<string, unknown>>,
    page: Page<readonly string[]>,
  ) => Promise<Rows>;
  /** With no rows on the first page, there is no such thing, unless it says otherwise. */
  mustExist?: boolean;
  /** What its total is of. */
  total?: string;
}>;

/** In cursors. */
export const text = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{0,200}$/u, "at most 200 characters, no control characters");
export const number = z.string().regex(/^\d{1,18}$/);
/** Fits the table's integer. */
export const line = z.string().regex(/^\d{1,9}$/);

/** The cursor and the names are checked by the schemas beside it; each question's own types say the same. */
export const asking = <Asked, Cursor>(
  question: (
    pool: Pool,
    book: string,
    asked: Asked,
    page: Page<Cursor>,
  ) => Promise<Answer<Paged<object, Cursor>>>,
) => question as unknown as Question["ask"];
