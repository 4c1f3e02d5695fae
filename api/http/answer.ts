/** Asks a question of the table and answers it: waits for what must be seen, then JSON or CSV. */
import type { Request, RequestHandler, Response } from "express";
import { z } from "zod";
import type { Moment } from "../../read-models/question.ts";
import type { Book } from "../book.ts";
import { knownAtOf } from "../edge/schemas.ts";
import { csvOf } from "./csv.ts";
import { cursorOf, cursorText, momentQuery, pageQuery } from "./moment.ts";
import { notFound, notYetKnown } from "./problem.ts";
import type { Question, Rows } from "./question.ts";

export const querySchema = ({ query }: Question) => query.extend({ ...momentQuery, ...pageQuery });

type Waits = Pick<Book, "seen" | "known" | "now">;
type Sent = z.output<z.ZodObject<typeof momentQuery & typeof pageQuery>>;

export function answer(
  question: Question,
  { book, waitMaxMs }: Readonly<{ book: Book; waitMaxMs: number }>,
): RequestHandler {
  const schema = z.object({ params: question.params, query: querySchema(question) });
  return async (request, response, next) => {
    const { params, query } = schema.parse({ params: request.params, query: request.query });
    const { asOf, knownAt, minPosition, limit, after, ...which } = query as Sent;
    const cursor = cursorOf(after, question.cursor);
    const moment = await momentOf(book, { asOf, knownAt });
    const missing = await mustWait(book, moment, minPosition, waitMaxMs);
    if (missing) {
      notYetKnown(response, missing);
      return;
    }
    const asked = { ...moment, ...params, ...which };
    const page = await question.ask(book.pool, book.name, asked, { limit, after: cursor });
    const { found = page.rows.length > 0, total } = page;
    if (question.mustExist && !found && !after) {
      notFound(request, response, next);
      return;
    }
    const end = page.next && cursorText(page.next);
    const known = { asOf: page.asOf, seq: `${page.seq}` };
    if (request.accepts(["json", "csv"]) === "csv")
      sendCsv(request, response, page.rows, { ...known, total, next: end });
    else response.json({ ...known, [question.rows]: page.rows, total, next: end ?? null });
  };
}

/** Until there is a company nothing has happened on any day, so that any day will do. */
async function momentOf({ founded, now }: Book, sent: Pick<Sent, "asOf" | "knownAt">): Promise<Moment> {
  const asOf = sent.asOf ?? (await founded())?.today ?? now().toISOString().slice(0, 10);
  return { asOf, knownAt: knownAtOf(sent.knownAt) };
}

/** Answers with what was waited for in vain. */
async function mustWait(
  { seen, known, now }: Waits,
  { knownAt }: Moment,
  minPosition: string | undefined,
  limitMs: number,
): Promise<object | undefined> {
  if (minPosition !== undefined && !(await seen(BigInt(minPosition), limitMs))) return { minPosition };
  if (knownAt === "latest") return undefined;
  if ("seq" in knownAt)
    return (await known(knownAt.seq, limitMs)) ? undefined : { knownAt: `${knownAt.seq}` };
  // An instant that has not come: what it will turn out to hold, nobody knows.
  return knownAt.at > now().toISOString() ? { knownAt: knownAt.at } : undefined;
}

type Known = Readonly<{ asOf: string; seq: string; total: Rows["total"]; next: string | undefined }>;

function sendCsv(
  request: Request,
  response: Response,
  rows: readonly object[],
  { asOf, seq, total, next }: Known,
): void {
  response.set("Perpetual-As-Of", asOf).set("Perpetual-Seq", seq);
  if (typeof total === "string") response.set("Perpetual-Total", total);
  if (next !== undefined) {
    const url = new URL(request.originalUrl, "http://localhost");
    url.searchParams.set("after", next);
    url.searchParams.set("asOf", asOf);
    url.searchParams.set("knownAt", seq);
    response.links({ next: `${url.pathname}${url.search}` });
  }
  response.type("text/csv").send(csvOf(rows));
}
