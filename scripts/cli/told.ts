/** What came of a command, for a person or a program; answers with the exit code. */

import type { Book } from "../../api/book.ts";
import { commandRoutes } from "../../api/http/command-routes.ts";
import { KEY_REUSED, refusals, UNAVAILABLE } from "../../api/http/problem.ts";
import { questions } from "../../api/http/questions.ts";
import type { Told } from "../../api/http/routes.ts";
import { columns, type Row } from "../columns.ts";
import { namesOf, recordNames } from "./names.ts";

/** HTTP's routes in a sentence, as the command line calls them. */
export function inWordsOfTheCli(sentence: string): string {
  return sentence
    .replaceAll(
      /(POST|GET) (\/v1\/[\w/{}-]+)/g,
      (all, method: string, path: string) => named(method, path) ?? all,
    )
    .replaceAll("X-Actor", "--actor");
}

function named(method: string, path: string): string | undefined {
  const isCommand = method === "POST";
  const paths = (isCommand ? commandRoutes({} as Book) : questions).map((route) => route.path);
  const names = isCommand ? recordNames(paths) : namesOf(paths);
  const name = names[paths.indexOf(path)];
  return name && `\`perpetual ${isCommand ? "record " : ""}${name}\``;
}

export function tell(key: string, told: Told, json: boolean): number {
  switch (told.status) {
    case "accepted": {
      const { revision, position, events } = told.answer;
      if (json) print({ key, revision: `${revision}`, position: `${position}`, events });
      else {
        console.log(`${key} is recorded, at position ${position}`);
        showEvents(events);
      }
      return 0;
    }
    case "previewed": {
      const { status: _status, ...preview } = told;
      if (json) print(preview);
      else {
        console.log("nothing is recorded; it would be:");
        showEvents(preview.events);
        console.log(
          preview.corrections.length > 0 ? "of what is recorded it would correct:" : "no correction",
        );
        if (preview.corrections.length > 0) console.log(columns(preview.corrections, "  "));
        if (preview.needsApproval) console.log("it would need a second person's approval: --approved-by");
      }
      return 0;
    }
    case "refused": {
      const [, detail] = refusals[told.refusal.name as keyof typeof refusals];
      return refused(key, { detail, ...told.refusal }, json);
    }
    default:
      return refused(key, told.status === "unavailable" ? UNAVAILABLE : KEY_REUSED, json);
  }
}

type Refused = Readonly<{ name: string; detail: string }>;

/** Its name, how to mend it, and the facts that caused it. The key, so that the same can be sent again. */
function refused(key: string, { name, detail, ...facts }: Refused, json: boolean): number {
  const mend = inWordsOfTheCli(detail);
  if (json) print({ key, refusal: { name, detail: mend, ...facts } });
  else {
    console.error(`perpetual: ${name}: ${mend}`);
    const all = { ...facts, ...(name === UNAVAILABLE.name && { key }) };
    const rows = Object.entries(all).map(
      ([fact, value]) => `  ${fact} ${typeof value === "object" ? JSON.stringify(value) : value}`,
    );
    if (rows.length > 0) console.error(rows.join("\n"));
  }
  return 1;
}

function showEvents(events: readonly Readonly<{ type: string; data: object }>[]): void {
  for (const { type, data } of events) {
    console.log(`  ${type}`);
    if ("rows" in data) console.log(columns(data.rows as readonly Row[], "    "));
  }
}

const print = (what: object): void => console.log(JSON.stringify(what));
