/** A file of movements, line by line: never the whole of it in memory. */
import { createReadStream } from "node:fs";
import { type Options, parse } from "csv-parse";
import { COLUMNS, type Column, type RawLine } from "./movement-line.ts";

/** Which header of the file stands for which of our columns, where they differ. */
export type Mapping = Partial<Readonly<Record<Column, string>>>;

/** `number`: where the line stands in the file, from 1; the header is line 1 where no line is empty or broken over two. */
export type Numbered = Readonly<{ number: number; raw: RawLine }>;

/** The file can't be read, or not as CSV with the headers it needs. Says which, and where. */
export class UnreadableFile extends Error {}

const REQUIRED: readonly Column[] = ["item", "date", "kind", "quantity", "location"];
const LINE_BYTES_MAX = 64 * 1024;

export async function* linesOf(file: string, mapping: Mapping): AsyncGenerator<Numbered> {
  const options: Options = {
    bom: true,
    columns: (headers: string[]) =>
      columnsOf(
        headers.map((text) => text.trim()),
        mapping,
      ),
    info: true,
    max_record_size: LINE_BYTES_MAX,
    skip_empty_lines: true,
    trim: true,
  };
  const parser = parse(options);
  const source = createReadStream(file);
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Partial<RawLine>;
      info: { lines: number };
    }>) {
      const raw = Object.fromEntries(COLUMNS.map((column) => [column, record[column] ?? ""])) as RawLine;
      yield { number: info.lines, raw };
    }
  } catch (error) {
    throw new UnreadableFile(`${file}: ${(error as Error).message}`);
  } finally {
    source.destroy();
  }
}

/** What of each header is ours; a header that is not is passed over. */
function columnsOf(headers: readonly string[], mapping: Mapping): (Column | false)[] {
  const names = new Map(COLUMNS.map((column) => [mapping[column] ?? column, column]));
  const missing = [...names].filter(([header, column]) => {
    const needed = REQUIRED.includes(column) || mapping[column] !== undefined;
    return needed && !headers.includes(header);
  });
  if (missing.length > 0)
    throw new Error(`no column ${missing.map(([header]) => `"${header}"`).join(", ")} in the header`);
  return headers.map((header) => names.get(header) ?? false);
}
