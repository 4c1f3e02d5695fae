/** `record`: every command that HTTP has, from the same table, checked by the same schemas, on the same road. */
import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import { z } from "zod";
import type { Book } from "../../api/book.ts";
import { catchUp } from "../../api/catch-up.ts";
import { commandRoutes } from "../../api/http/command-routes.ts";
import { fieldsOf } from "../../api/http/fields.ts";
import type { CommandRoute, Told } from "../../api/http/routes.ts";
import { parametersIn, recordNames } from "./names.ts";
import { bodyOf, optionsOf } from "./options.ts";
import { refusedLines } from "./refused-lines.ts";
import { Complaint, complaintsOf, run, withBook } from "./run.ts";
import { inWordsOfTheCli, tell } from "./told.ts";

/** What a route says of itself needs no book; only what it does. */
const described = commandRoutes({} as Book);

type Given = Readonly<Record<string, unknown>> &
  Readonly<{ key?: string; actor?: string; preview?: boolean; json?: boolean }>;

export function registerRecord(program: Command): void {
  const record = program
    .command("record")
    .description("Record what happened: one command of the book. Sent again with its key, it counts once.");
  const names = recordNames(described.map(({ path }) => path));
  for (const [index, route] of described.entries()) {
    const { path, summary, body, previews } = route;
    const command = record.command(names[index] ?? path).description(inWordsOfTheCli(summary));
    const parameters = parametersIn(path);
    for (const parameter of parameters) command.argument(`<${parameter}>`);
    const fields = fieldsOf(body);
    for (const option of optionsOf(fields)) command.addOption(option);
    command
      .addOption(new Option("--actor <name>", "Who acts. (required)").env("PERPETUAL_ACTOR"))
      .addOption(
        new Option("--key <key>", "Names the command, and a movement. Default: one is made, and told."),
      );
    if (previews)
      command.addOption(
        new Option("--preview", "Tell what it would lead to and correct, and record nothing."),
      );
    command.addOption(new Option("--json", "print JSON")).action(
      run((...args: readonly unknown[]) => {
        const given = args[parameters.length] as Given;
        const params = Object.fromEntries(parameters.map((name, at) => [name, args[at] as string]));
        return recorded(index, params, bodyOf(fields, given), given);
      }),
    );
  }
}

async function recorded(
  index: number,
  params: Readonly<Record<string, string>>,
  body: object,
  { key = randomUUID(), actor, preview = false, json = false }: Given,
): Promise<number> {
  const { path, check } = described[index] as CommandRoute;
  const sent = {
    method: "POST",
    path: path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? ""),
    headers: { "idempotency-key": key, "x-actor": actor && asHeader(actor) },
    params,
    query: preview ? { preview: "true" } : {},
    body,
  };
  await inOptions(() => check(sent));
  return withBook({ projects: true }, async (book) => {
    const route = commandRoutes(book)[index] as CommandRoute;
    // Some commands go by the tables, which nobody may have brought up to date.
    await catchUp(book);
    const told = await inOptions(() => route.run(sent));
    const code = tell(key, told, json);
    await closed(book, told);
    const part = await refusedLines(book, told);
    if (!part) return code;
    console.error(`perpetual: ${part.refused} lines were refused: \`perpetual ${part.ask}\` tells why`);
    return 2;
  });
}

/** As a header arrives: its UTF-8, byte for byte. */
const asHeader = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** What is wrong with it, in words of the command line. */
async function inOptions<Found>(work: () => Found): Promise<Awaited<Found>> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof z.ZodError ? new Complaint(complaintsOf(error)) : error;
  }
}

const LOOK_EVERY_MS = 200;
const CLOSED_WITHIN_MS = 30_000;

/** A closing ends after it is recorded; who closes and leaves waits for it, as nobody may be there to end it. */
async function closed(book: Book, told: Told): Promise<void> {
  const begins =
    told.status === "accepted" && told.answer.events.some(({ type }) => type === "PeriodClosing");
  if (!begins) return;
  const until = Date.now() + CLOSED_WITHIN_MS;
  while (Date.now() < until && (await book.company())?.closing !== undefined)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  if ((await book.company())?.closing !== undefined)
    console.error("perpetual: it is not closed yet: `perpetual periods` tells when it is");
}
