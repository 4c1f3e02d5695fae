/** Calls the API as any program would, and says what went and what came. */
import { columns, type Row } from "../columns.ts";

export type Caller = ReturnType<typeof caller>;

export function caller(url: string, say: (text: string) => void) {
  let position: string | undefined;
  let seq = "";

  /** A refusal is part of the story; anything but an answer of the API is not. */
  async function command(path: string, key: string, body: object, actor = "ada"): Promise<Row> {
    say(`  POST ${path}  ${JSON.stringify(body)}${actor === "ada" ? "" : `  by ${actor}`}`);
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key, "x-actor": actor },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Row;
    if (response.status >= 500) throw new Error(JSON.stringify(answer));
    if (response.status === 201) position = `${answer["position"] as string}`;
    say(`    → ${response.status} ${response.ok ? accepted(answer) : refused(answer)}`);
    return answer;
  }

  /** Asked so that it sees what was written last. */
  async function question(path: string, rows: string): Promise<readonly Row[]> {
    const query = position === undefined ? "" : `${path.includes("?") ? "&" : "?"}minPosition=${position}`;
    const response = await fetch(`${url}${path}${query}`);
    const answer = (await response.json()) as Row;
    if (!response.ok) throw new Error(JSON.stringify(answer));
    seq = answer["seq"] as string;
    say(`  GET ${path}   as of ${answer["asOf"] as string}, as known at seq ${seq}`);
    return answer[rows] as readonly Row[];
  }

  /** Asked, and shown: all columns, or those that matter here. */
  async function show(path: string, rows: string, ...only: readonly string[]): Promise<void> {
    const found = await question(path, rows);
    const some = (row: Row) => Object.fromEntries(only.map((name) => [name, row[name]]));
    say(table(only.length > 0 ? found.map(some) : found));
  }

  /** What the last answer was known at. */
  const known = () => seq;
  return { say, command, question, show, known };
}

function accepted(answer: Row): string {
  const events = answer["events"] as readonly {
    type: string;
    data: { rows?: readonly { value: string }[] };
  }[];
  return events
    .map(
      ({ type, data: { rows = [] } }) =>
        `${type}${rows.length > 0 ? `, rows worth ${rows.map(({ value }) => value).join(", ")}` : ""}`,
    )
    .join("; ");
}

function refused({ title, type: _type, status: _status, ...facts }: Row): string {
  return `${title as string} ${JSON.stringify(facts)}`;
}

export const table = (rows: readonly Row[]): string => columns(rows, "    ");
