/** A file of movements, line by line: never the whole of it in memory. */
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { type Options, parse } from "csv-parse";
import { COLUMNS, type Column, type RawLine } from "./movement-line.ts";

/** Which header of the file stands for which of our columns, where they differ. */
export type Mapping = Partial<Readonly<Record<Column, string>>>;

/**
 * `number`: where the line stands in the file, from 1; of one that a quoted text breaks over several, the last. `torn`: it
 * has more or fewer fields than the header.
 */
export type Numbered = Readonly<{ number: number; raw: RawLine; torn: string | undefined }>;

/** The file can't be read, or not as CSV with the headers it needs. Says which, and where. */
export class UnreadableFile extends Error {}

const REQUIRED: readonly Column[] = ["item", "date", "kind", "quantity", "location"];
const LINE_BYTES_MAX = 64 * 1024;

type Parsed = Readonly<{ record: Partial<RawLine>; info: { lines: number; error?: Error } }>;

export async function* linesOf(file: string, mapping: Mapping): AsyncGenerator<Numbered> {
  let hasHeader = false;
  const options: Options = {
    columns: (headers: string[]) => {
      hasHeader = true;
      return columnsOf(
        headers.map((text) => text.trim()),
        mapping,
      );
    },
    info: true,
    max_record_size: LINE_BYTES_MAX,
    record_delimiter: "\n",
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  };
  const parser = parse(options);
  const source = Readable.from(textOf(file));
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      const raw = Object.fromEntries(COLUMNS.map((column) => [column, record[column] ?? ""])) as RawLine;
      yield { number: info.lines, raw, torn: info.error && "has more or fewer fields than the header" };
    }
    if (!hasHeader) throw new Error("no header");
  } catch (error) {
    throw new UnreadableFile(`${file}: ${(error as Error).message}`);
  } finally {
    source.destroy();
  }
}

/** Well-formed UTF-8, without its BOM, and with one kind of line end: the parser counts lines by it. */
async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let held = ""; // half a line end, perhaps
  for await (const bytes of createReadStream(file)) {
    const text = held + decoder.decode(bytes as Buffer, { stream: true });
    held = text.endsWith("\r") ? "\r" : "";
    yield text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, "\n");
  }
  yield (held + decoder.decode()).replace("\r", "\n");
}

/** What of each header is ours; a header that is not is passed over. */
function columnsOf(headers: readonly string[], mapping: Mapping): (Column | false)[] {
  const mapped = COLUMNS.flatMap((column) => mapping[column] ?? []);
  const names = new Map<string, Column>();
  for (const column of COLUMNS) {
    const name = mapping[column] ?? column;
    // A column whose own header was given to another has none.
    if (mapping[column] === undefined && mapped.includes(name)) continue;
    if (names.has(name)) throw new Error(`"${name}" is mapped to two columns`);
    names.set(name, column);
  }
  const needed = COLUMNS.filter((column) => REQUIRED.includes(column) || mapping[column] !== undefined);
  const missing = needed.filter((column) => {
    const name = mapping[column] ?? column;
    return names.get(name) !== column || !headers.includes(name);
  });
  if (missing.length > 0)
    throw new Error(
      `no column ${missing.map((column) => `"${mapping[column] ?? column}"`).join(", ")} in the header`,
    );
  const twice = headers.find((name, index) => names.has(name) && headers.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`"${twice}" is in the header twice`);
  return headers.map((header) => names.get(header) ?? false);
}
