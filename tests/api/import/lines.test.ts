import { describe, expect, test } from "vitest";
import { linesOf, type Mapping, UnreadableFile } from "../../../api/import/lines.ts";
import { fileOf } from "../../support/cli.ts";

const HEADERS = "item,date,kind,quantity,location,reference";

async function read(text: string | Uint8Array, mapping: Mapping = {}, file = fileOf(text)) {
  const found: [number, string, string][] = [];
  for await (const { number, raw, torn } of linesOf(file, mapping))
    found.push([number, raw.item, torn ?? raw.reference]);
  return found;
}

const failing = (text: string | Uint8Array, mapping: Mapping = {}, file = fileOf(text)): Promise<string> =>
  read(text, mapping, file).then(
    () => "read",
    (error: unknown) => {
      expect(error).toBeInstanceOf(UnreadableFile);
      const { message } = error as Error;
      expect(message).toContain(file);
      return message;
    },
  );

const line = (item: string, reference = "") => `${item},2026-03-01,receipt,1,A,${reference}`;

describe("whatever ends a line", () => {
  const rows = [HEADERS, line("a", "x"), line("b", "y")];
  test.each([
    ["LF", rows.join("\n")],
    ["LF, at the end too", `${rows.join("\n")}\n`],
    ["CRLF", `${rows.join("\r\n")}\r\n`],
    ["CR", `${rows.join("\r")}\r`],
    ["CRLF after the header, then LF", `${rows[0]}\r\n${rows[1]}\n${rows[2]}\n`],
    ["LF after the header, then CRLF", `${rows[0]}\n${rows[1]}\r\n${rows[2]}\r\n`],
    ["a BOM before all", `\ufeff${rows.join("\n")}\n`],
  ])("%s", async (_what, text) =>
    expect(await read(text)).toEqual([
      [2, "a", "x"],
      [3, "b", "y"],
    ]),
  );

  test("also where a block of the file ends between CR and LF", async () => {
    const first = `${HEADERS}\r\n`;
    const filler = `${line("a", "x".repeat(100))}\r\n`;
    const many = Math.floor((65_536 - first.length) / filler.length) - 1;
    // Of the last one before the end of the block only CR is in it.
    const short = 65_536 - first.length - many * filler.length - line("b").length - 1;
    const text = `${first}${filler.repeat(many)}${line("b", "y".repeat(short))}\r\n${line("c", "z")}\r\n`;
    expect(Buffer.from(text)[65_535]).toBe(0x0d);
    const found = await read(text);
    expect(found.slice(-2)).toEqual([
      [many + 2, "b", "y".repeat(short)],
      [many + 3, "c", "z"],
    ]);
  });
});

test.each(["\n", "\r\n"])(
  "a quoted text may hold commas, quotes and line ends; numbers stay right (%j)",
  async (end) => {
    const rows = [HEADERS, line("a", `"one, ""two""${end}three"`), line("b"), "", "  ", line("c", ' "d" ')];
    expect(await read(rows.join(end))).toEqual([
      [3, "a", 'one, "two"\nthree'],
      [4, "b", ""],
      [7, "c", "d"],
    ]);
  },
);

test("empty lines are passed over and counted, before the header too", async () =>
  expect(await read(`\n\n${HEADERS}\n\n${line("a")}\n`)).toEqual([[5, "a", ""]]));

test("a line with more or fewer fields than the header says so, and the rest is read", async () => {
  const text = [HEADERS, "a,2026-03-01", line("b", "x,more"), line("c")].join("\n");
  expect(await read(text)).toEqual([
    [2, "a", "has more or fewer fields than the header"],
    [3, "b", "has more or fewer fields than the header"],
    [4, "c", ""],
  ]);
});

test("a character that two blocks of the file share stays whole", async () => {
  const text = `${HEADERS}\n${line("a", "€".repeat(120))}\n`;
  const many = `${text}${`${line("b", "ä€𝄞")}\n`.repeat(5_000)}`;
  const found = await read(many);
  expect(found.length).toBe(5_001);
  expect(new Set(found.slice(1).map(([, , reference]) => reference))).toEqual(new Set(["ä€𝄞"]));
});

describe("headers", () => {
  const text = "Artikel,date,Nach,kind,quantity,location,to\nrod,2026-03-01,X,receipt,1,A,B\n";
  async function raw(mapping: Mapping, of = text) {
    for await (const found of linesOf(fileOf(of), mapping)) return found.raw;
    return undefined;
  }
  test("are mapped where they differ, in any order; others are passed over", async () => {
    expect(await raw({ item: "Artikel" })).toMatchObject({ item: "rod", to: "B", location: "A", lot: "" });
    expect(await raw({ item: "Artikel", to: "Nach" })).toMatchObject({ to: "X" });
  });
  test("one that is given to another column is no longer its own", async () =>
    expect(await raw({ item: "Artikel", location: "to" })).toMatchObject({ location: "B", to: "" }));
  test("two columns may change places", async () =>
    expect(await raw({ item: "Artikel", location: "to", to: "location" })).toMatchObject({
      location: "B",
      to: "A",
    }));
  test("are trimmed", async () =>
    expect(
      await raw({}, ` item , date,kind,quantity,"location "\n rod ,2026-03-01,receipt, 1 ,A\n`),
    ).toMatchObject({
      item: "rod",
      quantity: "1",
      location: "A",
    }));
  test.each<[string, string, Mapping, RegExp]>([
    ["all missing are named", "date,kind,to\n", {}, /no column "item", "quantity", "location"/],
    ["by the name that was mapped", text, { item: "Artikel", lot: "Charge" }, /no column "Charge"/],
    ["one header for two columns", text, { item: "Artikel", lot: "Artikel" }, /"Artikel" is mapped to two/],
    ["one of ours twice", `item,${HEADERS}\n`, {}, /"item" is in the header twice/],
    ["no header at all", "", {}, /no header/],
    ["nothing but empty lines", "\n \r\n", {}, /no header/],
  ])("%s", async (_what, of, mapping, message) => expect(await failing(of, mapping)).toMatch(message));
  test("a file with nothing else has no lines", async () => expect(await read(`${HEADERS}\n`)).toEqual([]));
});

describe("what is not such a file", () => {
  const bytes = (...parts: readonly (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
  test.each([
    ["a quote without its end", `${HEADERS}\n${line("a", '"x')}\n`, /Quote Not Closed/],
    ["a quote in the middle", `${HEADERS}\n${line("a", '5" pipe')}\n`, /Invalid Opening Quote.*line 2/],
    ["a line that never ends", `${HEADERS}\n${line("a", "x".repeat(70_000))}\n`, /Max Record Size.*line 2/],
    ["other separators", HEADERS.replaceAll(",", ";"), /no column "item"/],
    ["a picture", bytes([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0xff]), /utf-8/],
    ["Latin-1", bytes(`${HEADERS}\n`, line("a", "K"), [0xf6], "ln\n"), /utf-8/],
    ["a character cut short", bytes(`${HEADERS}\n`, line("a", "K"), [0xc3]), /utf-8/],
  ])("%s", async (_what, text, message) => expect(await failing(text)).toMatch(message));
  test("a file that is not there", async () =>
    expect(await failing("", {}, "/nowhere/movements.csv")).toMatch(/ENOENT/));
  test("a folder", async () => expect(await failing("", {}, "/tmp")).toMatch(/EISDIR/));
});

test("a reader who stops early lets go of the file", async () => {
  const file = fileOf(`${HEADERS}\n${`${line("a")}\n`.repeat(20_000)}`);
  for await (const { number } of linesOf(file, {})) if (number === 3) break;
});
