/** Calls the API as any program would, and says what went and what came. */

type Row = Readonly<Record<string, unknown>>;

export function caller(url: string, say: (text: string) => void) {
  let position: string | undefined;

  /** A refusal is part of the story; anything but an answer of the API is not. */
  async function command(path: string, key: string, body: object): Promise<void> {
    say(`  POST ${path}  ${JSON.stringify(body)}`);
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key, "x-actor": "ada" },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Row;
    if (response.status >= 500) throw new Error(JSON.stringify(answer));
    if (response.ok) position = `${answer["position"] as string}`;
    say(`    → ${response.status} ${response.ok ? accepted(answer) : refused(answer)}`);
  }

  /** Asked so that it sees what was written last. */
  async function question(path: string, rows: string): Promise<readonly Row[]> {
    const query = position === undefined ? "" : `${path.includes("?") ? "&" : "?"}minPosition=${position}`;
    const response = await fetch(`${url}${path}${query}`);
    const answer = (await response.json()) as Row;
    if (!response.ok) throw new Error(JSON.stringify(answer));
    say(`  GET ${path}   as of ${answer["asOf"] as string}, as known at seq ${answer["seq"] as string}`);
    return answer[rows] as readonly Row[];
  }

  return { command, question };
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

/** Columns as wide as they must be. */
export function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const text = (value: unknown) => (value === null || value === undefined ? "" : `${value as string}`);
  const lines = [columns, ...rows.map((row) => columns.map((column) => text(row[column])))];
  const widths = columns.map((_column, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `    ${line
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join("  ")
          .trimEnd()}`,
    )
    .join("\n");
}
