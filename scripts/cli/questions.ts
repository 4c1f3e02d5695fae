/** Every question that HTTP has, from the same table: for a terminal or, with --json, for a program. */
import { type Command, Option } from "commander";
import { z } from "zod";
import { catchUp } from "../../api/catch-up.ts";
import { knownAtOf } from "../../api/edge/schemas.ts";
import { fieldsOf } from "../../api/http/fields.ts";
import { momentQuery } from "../../api/http/moment.ts";
import type { Question } from "../../api/http/question.ts";
import { questions } from "../../api/http/questions.ts";
import { type Single, singles } from "../../api/http/singles.ts";
import { NotYetKnown } from "../../read-models/question.ts";
import { columns, type Row } from "../columns.ts";
import { namesOf, parametersIn, singular } from "./names.ts";
import { optionsOf } from "./options.ts";
import { Complaint, complaintsOf, run, withBook } from "./run.ts";

const PAGE = 1_000;
const { minPosition: _, ...moment } = momentQuery;
const NONE = "there is nothing by that name in the book";

const JSON_OPTION = new Option("--json", "print JSON");

type Given = Readonly<Record<string, unknown>>;

export function registerQuestions(program: Command): void {
  const names = namesOf(questions.map(({ path }) => path));
  for (const [index, question] of questions.entries()) {
    const command = asking(program, names[index] ?? "", question, (params, given) =>
      answer(question, params, given),
    );
    for (const option of optionsOf(fieldsOf(question.query))) command.addOption(option);
    command
      .addOption(new Option("--as-of <date>", "movements up to this day; default today"))
      .addOption(new Option("--known-at <seq or instant>", "as the book knew it; default the latest"))
      .addOption(JSON_OPTION);
  }
  for (const single of singles) {
    const [, name = ""] = /\/v1\/(\w+)/.exec(single.path) ?? [];
    asking(program, single.path.includes("{") ? singular(name) : name, single, (params, given) =>
      theOne(single, params, given),
    ).addOption(JSON_OPTION);
  }
}

function asking(
  program: Command,
  name: string,
  { path, summary }: Readonly<{ path: string; summary: string }>,
  ask: (params: Given, given: Given) => Promise<number>,
): Command {
  const command = program.command(name).description(summary);
  const parameters = parametersIn(path);
  for (const parameter of parameters) command.argument(`<${parameter}>`);
  return command.action(
    run((...args: readonly unknown[]) => {
      const params = Object.fromEntries(parameters.map((parameter, at) => [parameter, args[at]]));
      return ask(params, args[parameters.length] as Given);
    }),
  );
}

async function answer(question: Question, params: Given, { json, ...given }: Given): Promise<number> {
  const { rows: name, mustExist } = question;
  const schema = z.object({ params: question.params, query: question.query.extend(moment) });
  const { data, error } = schema.safeParse({ params, query: given });
  if (!data) throw new Complaint(complaintsOf(error));
  return withBook({ projects: true }, async (book) => {
    await catchUp(book);
    const { asOf: day, knownAt: known, ...which } = data.query as Given & { asOf?: string; knownAt?: string };
    const asOf = day ?? (await book.company())?.today ?? book.now().toISOString().slice(0, 10);
    const knownAt = knownAtOf(known);
    // What it will turn out to hold, nobody knows.
    if (typeof knownAt === "object" && "at" in knownAt && knownAt.at > book.now().toISOString())
      throw new Complaint("--known-at: an instant that has not come");
    const asked = { ...which, ...data.params, asOf };
    const ask = (at: typeof knownAt, after: readonly string[] | undefined) =>
      question.ask(book.pool, book.name, { ...asked, knownAt: at }, { limit: PAGE, after }).catch(complain);
    const first = await ask(knownAt, undefined);
    const { seq, total, found = first.rows.length > 0 } = first;
    if (mustExist && !found) throw new Complaint(NONE);
    const rows = [...first.rows];
    // Pages after the first are of what the first was of.
    for (let { next } = first; next; ) {
      const page = await ask({ seq }, next);
      rows.push(...page.rows);
      next = page.next;
    }
    if (json) console.log(JSON.stringify({ asOf, seq: `${seq}`, [name]: rows, total }));
    else {
      console.log(`as of ${asOf}, as known at seq ${seq}`);
      console.log(columns(rows as readonly Row[]));
      if (typeof total === "string") console.log(`total ${total}`);
    }
    return 0;
  });
}

function complain(error: unknown): never {
  throw error instanceof NotYetKnown ? new Complaint(error.message) : error;
}

async function theOne({ params, ask }: Single, given: Given, { json }: Given): Promise<number> {
  const { data, error } = z.object({ params }).safeParse({ params: given });
  if (!data) throw new Complaint(complaintsOf(error));
  return withBook({ projects: true }, async (book) => {
    await catchUp(book);
    const found = await ask(book, data.params);
    if (!found) throw new Complaint(NONE);
    const rows = Object.entries(found).map(([name, value]) => ({ name, value: value as unknown }));
    console.log(json ? JSON.stringify(found) : columns(rows));
    return 0;
  });
}
