import { expect, test } from "vitest";
import { type BadLine, checkFile, knownItems } from "../../../api/import/check.ts";
import { generationSchema, quoted } from "../../../read-models/names.ts";
import { csv, fileOf } from "../../support/cli.ts";
import { opened, ownBook, sqlSession } from "../../support/open-book.ts";

const HEADERS = "item,date,kind,quantity,value,location,lot";
const line = (item: string, quantity: string, lot = "") =>
  `${item},2026-03-01,receipt,${quantity},1,A,${lot}`;

async function checking(register: boolean, ...lines: readonly string[]) {
  const [asked, bad]: [string[], BadLine[]] = [[], []];
  let counted = 0;
  const checked = await checkFile({
    file: fileOf(csv(HEADERS, ...lines)),
    mapping: {},
    valueScale: 2,
    actor: "ada",
    isRegistered: async (item) => {
      asked.push(item);
      return item === "rod";
    },
    register,
    onBad: (one) => bad.push(one),
    onLine: () => {
      counted += 1;
    },
  });
  expect(counted).toBe(checked.lines);
  expect(bad.length).toBe(checked.bad);
  return { ...checked, asked, bad };
}

const LINES = [
  line("rod", "1"),
  line("oil", "2", "L1"),
  line("rod", "x"),
  line("oil", "0.125"),
  line("tin", "7"),
];

test("each item is asked for once, and registered as its lines need it", async () => {
  const { asked, bad, newItems } = await checking(true, ...LINES);
  expect(asked).toEqual(["rod", "oil", "tin"]);
  expect(bad.map(({ line }) => line)).toEqual([4]);
  expect(newItems).toEqual([
    { item: "oil", firstLine: 3, quantityScale: 3, costBy: "lot", tracksLots: false },
    { item: "tin", firstLine: 6, quantityScale: 0, costBy: "fifo", tracksLots: false },
  ]);
});

test("each line of an item that is not registered is bad, unless it is to be", async () => {
  const { bad } = await checking(false, ...LINES);
  expect(bad.map(({ line, wrong }) => [line, ...wrong.map(({ column }) => column)])).toEqual([
    [3, "item"],
    [4, "quantity"],
    [5, "item"],
    [6, "item"],
  ]);
});

test("what lines name is told, by item; who imports approves nothing of it", async () => {
  const headers = "item,date,kind,quantity,value,location,of,before,approvedBy,reference";
  const file = fileOf(
    csv(
      headers,
      "rod,2026-03-01,return,1,,A,SO-1,,,",
      "rod,2026-03-01,receipt,1,1,A,,C-1,bob,",
      "oil,2026-03-01,invoice,1,1,,PO-1,,,LS-1",
      "oil,2026-03-01,receipt,1,1,A,,,ada,",
    ),
  );
  const bad: BadLine[] = [];
  const { named, newItems } = await checkFile({
    ...{ file, mapping: {}, valueScale: 2, actor: "ada", register: true, onLine: () => {} },
    isRegistered: async () => true,
    onBad: (one) => bad.push(one),
  });
  expect([...named].map(([item, names]) => [item, ...names])).toEqual([
    ["rod", "SO-1", "C-1"],
    ["oil", "PO-1"],
  ]);
  expect(bad).toEqual([
    { line: 5, wrong: [{ column: "approvedBy", detail: "somebody else than who imports" }] },
  ]);
  expect(newItems).toEqual([]);
});

/** More than a page of them, made in the table. */
test("items that the tables know are found, however many", async () => {
  const own = await ownBook();
  const book = await opened(own, { projects: false });
  expect([...(await knownItems(book.pool, book.name))]).toEqual([]);
  const sql = await sqlSession(own);
  await sql.script([
    `insert into ${quoted(generationSchema(own.name, 1))}.item_version
       select 'i' || n, 0, 'x', 'm', 0, 2, 'fifo', true from generate_series(1, 2050) n`,
  ]);
  const known = await knownItems(book.pool, book.name);
  expect(known.size).toBe(2_050);
  expect(known.has("i2050")).toBe(true);
});
