/**
 * Goal: what verify calls intact is intact, and what is not it names. Method: a small book with each kind of movement over
 * some months; then one thing in it is changed behind the program's back.
 */
import { describe, expect, test } from "vitest";
import type { Book } from "../../../api/book.ts";
import { catchUp } from "../../../api/catch-up.ts";
import type { Check } from "../../../api/verify/check.ts";
import { verify } from "../../../api/verify/verify.ts";
import { bookSchema, generationSchema, quoted } from "../../../read-models/names.ts";
import { csv, fileOf, perpetual } from "../../support/cli.ts";
import { newEvent } from "../../support/new-events.ts";
import { found, importing, type OwnBook, opened, ownBook, sqlSession } from "../../support/open-book.ts";

const HEADERS = "item,date,kind,quantity,value,location,to,lot,purpose,reference";
/** Seq 1 is the company, 2 registers the rods; 3 to 9: */
const RODS = csv(
  HEADERS,
  "rod,2026-01-01,opening,10,100,A,,,,",
  "rod,2026-01-20,receipt,3,100,A,,,,PO-1",
  "rod,2026-02-03,issue,11,,A,,,sale,SO-1",
  "rod,2026-02-04,transfer,1,,A,B,,,",
  "rod,2026-03-02,adjustment,-1,,B,,,,",
  "rod,2026-03-03,adjustment,2,5,A,,,,",
  "rod,2026-03-04,issue,1,,A,,,project,P-1",
);
/** Seq 10 registers the oil; 11 to 14: */
const OILS = csv(
  HEADERS,
  "oil,2026-01-21,receipt,20.5,82,A,,L1,,",
  "oil,2026-02-21,receipt,1,4,A,,L2,,",
  "oil,2026-03-01,issue,10,,A,,L1,production,M-1",
  "oil,2026-03-21,issue,0.5,,A,,L2,other,X",
);

async function smallBook(own: OwnBook): Promise<Book> {
  const book = await opened(own);
  await found(book);
  for (const [text, written] of [
    [RODS, 7],
    [OILS, 4],
  ] as const) {
    const { imported } = await importing(book, { file: fileOf(text), source: text });
    expect(imported).toMatchObject({ written, refused: 0, registered: 1 });
  }
  await catchUp(book);
  return book;
}

const check = (book: Book) => verify(book, () => {});
const wrongIn = (checks: readonly Check[]): Readonly<Record<string, string>> =>
  Object.fromEntries(checks.flatMap(({ name, difference }) => (difference ? [[name, difference]] : [])));

const TRAIL = "log = trail, chain intact";
const ROWS = "cost rows = trail";
const ORIGINS = "layer origins = trail";
const LOTS = "lot rows = trail";
const LOT_SUMS = "lots = stock on every day, where they are tracked";
const SUMS = "month-end sums = rows";
const ENDED = "every month that ended has its sum";
const LAYER_SUMS = "month-end layers = month-end sums";
const LAYERS = "month-end layers = rows";
const BALANCES = "balances = rows";
const OPEN = "open layers are not below zero, and an empty one is worth nothing";

describe("nothing is wrong with", () => {
  test("a book of nothing", async () => {
    const book = await opened(await ownBook());
    await catchUp(book);
    const checks = await check(book);
    expect(wrongIn(checks)).toEqual({});
    expect(checks.every(({ compared }) => compared === 0)).toBe(true);
  });

  test("a small one: all of it is compared", async () => {
    const checks = await check(await smallBook(await ownBook()));
    expect(wrongIn(checks)).toEqual({});
    const compared = Object.fromEntries(checks.map((one) => [one.name, one.compared]));
    // 14 events; rows: 1, 1, 2 (two layers), 2, 1, 1, 1 and 4 of oil; from outside came 3 layers of rods, 2 of oil.
    expect(compared).toMatchObject({ [TRAIL]: 14, [ROWS]: 13, [BALANCES]: 4, [SUMS]: 5, [ENDED]: 5 });
    expect(compared).toMatchObject({ [ORIGINS]: 5 });
  });

  test("one with a command that has no end yet, and more events after it", async () => {
    const own = await ownBook();
    const book = await smallBook(own);
    const half = newEvent({ item: "rod", name: "half" }, "ItemRenamed");
    const metadata = { ...half.metadata, commandId: "half", part: 1, of: 2 };
    const stream = `${own.name}.item-half`;
    expect(await book.store.append(stream, [{ ...half, metadata }], -1n)).toMatchObject({
      outcome: "appended",
    });
    const more = fileOf(csv(HEADERS, "oil,2026-03-22,receipt,1,4,A,,L2,,"));
    await importing(book, { file: more, source: "more" });
    await catchUp(book);
    const sql = await sqlSession(own);
    const aside = await sql.query(`select * from ${quoted(bookSchema(own.name))}.waiting`);
    expect(aside.length).toBe(1);
    const checks = await check(book);
    expect(wrongIn(checks)).toEqual({});
    expect(checks[0]).toMatchObject({ name: TRAIL, compared: 15 });
  });

  test("one whose movements are of several events, while others are being written", async () => {
    const book = await smallBook(await ownBook());
    const receipts = Array.from({ length: 1_200 }, (_, n) => `pin,2026-01-02,receipt,1,${n}.37,A,,,,`);
    const both = [
      ...receipts,
      "pin,2026-02-02,transfer,1200,,A,B,,,",
      "pin,2026-02-03,issue,1150,,B,,,sale,S",
    ];
    const written = importing(book, { file: fileOf(csv(HEADERS, ...both)), source: "pins" });
    let [compared, done] = [0, false];
    void written.finally(() => {
      done = true;
    });
    do {
      const checks = await check(book);
      expect(wrongIn(checks)).toEqual({});
      compared = checks[0]?.compared ?? 0;
    } while (!done);
    expect((await written).refused).toEqual([]);
    await catchUp(book);
    const checks = await check(book);
    expect(wrongIn(checks)).toEqual({});
    // A transfer of 1,200 layers has 2,400 rows, and so three events; the issue two.
    expect(checks[0]?.compared).toBe(14 + 1 + 1_200 + 3 + 2);
    expect(compared).toBeLessThanOrEqual(checks[0]?.compared ?? 0);
  });
});

/** In `trail` and `t`, the schemas of the book and of its tables. Which checks find it, and what the first says. */
type Tamper = readonly [what: string, sql: string, found: readonly string[], says: RegExp];
const row = (seq: number) => `seq = ${seq}`;
const rod = "(select key from t.stock_key where item = 'rod' and area = 'A')";

const tampers: readonly Tamper[] = [
  [
    "a figure in the trail",
    `update trail.trail set data = replace(data, '"value":"100"', '"value":"99"') where ${row(4)}`,
    [TRAIL, ROWS],
    /^seq 4, \S+\.item-rod revision 2: data is .*99.* in the trail, .*100.* by the log/,
  ],
  [
    "what is no JSON",
    `update trail.trail set data = '{' where ${row(4)}`,
    [TRAIL, ROWS, ORIGINS],
    /^seq 4.*: data is/,
  ],
  [
    "what is no event",
    `update trail.trail set data = '{}' where ${row(4)}`,
    [TRAIL, ROWS, ORIGINS],
    /^seq 4.*: data is/,
  ],
  [
    "who did it",
    `update trail.trail set metadata = replace(metadata, '"actor":"ada"', '"actor":"bob"') where ${row(6)}`,
    [TRAIL],
    /^seq 6.*: metadata is .*bob.* in the trail, .*ada/,
  ],
  [
    "a link of the chain",
    `update trail.trail set hash = translate(hash, '0123456789', '1234567890') where ${row(5)}`,
    [TRAIL],
    /^seq 5.*: hash is/,
  ],
  [
    "when it was known",
    `update trail.trail set known_at = '2020' where ${row(5)}`,
    [TRAIL],
    /^seq 5.*: known_at/,
  ],
  [
    "a command's name",
    `update trail.trail set command_id = 'x' where ${row(5)}`,
    [TRAIL],
    /^seq 5.*: command_id/,
  ],
  ["an event less", `delete from trail.trail where ${row(5)}`, [TRAIL, ROWS], /^seq 5, .* seq is "6"/],
  ["the last event", `delete from trail.trail where ${row(14)}`, [TRAIL, ROWS], /^seq 14 is missing/],
  [
    "an event more",
    `insert into trail.trail select 15, stream, revision + 100, 'x', type, data, metadata, hash, 'x', 1, 1,
       position + 1, known_at from trail.trail where ${row(14)}`,
    [TRAIL, ROWS],
    /^the trail has seq 15, the log does not/,
  ],
  [
    "two events in each other's place",
    `update trail.trail set seq = 100 where ${row(4)}; update trail.trail set seq = 4 where ${row(5)};
     update trail.trail set seq = 5 where ${row(100)}`,
    [TRAIL, ROWS],
    /^seq 4, /,
  ],
  [
    "the checkpoint, back",
    `update trail.checkpoint set position = (select position from trail.trail where ${row(10)})`,
    [TRAIL],
    /^the trail has seq 11, the log does not/,
  ],
  [
    "a row's value",
    `update t.cost_row set value = value - 0.01 where ${row(4)}`,
    [ROWS, SUMS, ENDED, LAYERS, BALANCES],
    /^seq 4\.0: rod A \[\] 2026-01-20 \S+ \S+ by \S+ 3 for 100 .* is recorded, seq 4\.0: .* 3 for 99.99 .* is in the table/,
  ],
  [
    "two rows' values, their sum the same",
    `update t.cost_row set value = value + case line when 0 then 1 else -1 end where ${row(5)}`,
    [ROWS, LAYERS, OPEN],
    /^seq 5\.0/,
  ],
  ["a row's quantity", `update t.cost_row set quantity = -2 where ${row(9)}`, [ROWS, OPEN], /^seq 9\.0/],
  ["a row's day", `update t.cost_row set effective = '2026-03-05' where ${row(9)}`, [ROWS], /^seq 9\.0/],
  ["a row's layer", `update t.cost_row set layer = 'x' where ${row(9)}`, [ROWS, OPEN], /^seq 9\.0/],
  ["a row's cause", `update t.cost_row set cause = 'x' where ${row(9)}`, [ROWS], /^seq 9\.0/],
  ["a row's movement", `update t.cost_row set movement = 'x' where ${row(9)}`, [ROWS], /^seq 9\.0/],
  [
    "how far a row was known",
    `update t.cost_row set known_last = '2026-01-31' where ${row(9)}`,
    [ROWS],
    /^seq 9\.0: .*known to 2026-03-04.*recorded.*known to 2026-01-31/,
  ],
  ["a row less", `delete from t.cost_row where ${row(9)}`, [ROWS], /^seq 9\.0: .* is recorded, seq 11/],
  [
    "the last row",
    `delete from t.cost_row where ${row(14)}`,
    [ROWS],
    /^seq 14\.0: .*, nothing is in the table/,
  ],
  [
    "a row more",
    `insert into t.cost_row select key, effective, 15, 0, movement, layer, cause, 1, 1, known_last
       from t.cost_row where ${row(14)}`,
    [ROWS],
    /^seq 15\.0: .* is in no event/,
  ],
  [
    "a row more, of no key",
    `insert into t.cost_row select 999, effective, 15, 0, movement, layer, cause, 1, 1, known_last
       from t.cost_row where ${row(14)}`,
    [ROWS],
    /^seq 15\.0: key 999 .* is in no event/,
  ],
  [
    "a key's name",
    `update t.stock_key set item = 'rad' where item = 'rod' and area = 'A'`,
    [ROWS],
    /^seq 3\.0/,
  ],
  ["a key less", `delete from t.stock_key where item = 'rod' and area = 'A'`, [ROWS], /^seq 3\.0: .* key /],
  [
    "a lot row's quantity",
    `update t.lot_row set quantity = 20 where seq = 11`,
    [LOTS, LOT_SUMS],
    /^seq 11\.0: oil L1 A .* 20\.5 is recorded, .* 20 is in the table/,
  ],
  ["a lot row's lot", `update t.lot_row set lot = 'L9' where seq = 11`, [LOTS], /^seq 11\.0/],
  [
    "a lot row's day",
    `update t.lot_row set effective = effective + 1 where seq = 11`,
    [LOTS, LOT_SUMS],
    /^seq 11\.0/,
  ],
  ["a lot row less", `delete from t.lot_row where seq = 14`, [LOTS, LOT_SUMS], /^seq 14\.0/],
  [
    "a lot row too many",
    `insert into t.lot_row select item, lot, area, effective, seq, 7, movement, 0 from t.lot_row where seq = 14`,
    [LOTS],
    /^seq 14\.7: .* is in no event/,
  ],
  [
    "the day that a layer first came",
    `update t.layer_origin set received_on = '2026-01-19' where ${row(4)}`,
    [ORIGINS],
    /^seq 4: rod \S+ first came on 2026-01-20 is recorded, seq 4: .* 2026-01-19 is in the table/,
  ],
  [
    "a layer's first day less",
    `delete from t.layer_origin where ${row(12)}`,
    [ORIGINS],
    /^seq 12: oil \S+ first came on 2026-02-21 is recorded, nothing is in the table/,
  ],
  [
    "a layer's first day more",
    `insert into t.layer_origin values ('rod', 'x', 14, '2026-01-01')`,
    [ORIGINS],
    /^seq 14: rod x first came on 2026-01-01 is in no event/,
  ],
  [
    "a month-end's value",
    `update t.month_end set value = value + 1 where key = ${rod} and month = '2026-01-01'`,
    [SUMS, ENDED, LAYER_SUMS],
    /^rod A at 2026-01-01 as of seq 4$/,
  ],
  [
    "the last month-end's quantity",
    `update t.month_end set quantity = quantity + 1 where key = ${rod} and month = '2026-02-01'`,
    [SUMS, ENDED, LAYER_SUMS, BALANCES],
    /^rod A at 2026-02-01 as of seq 6$/,
  ],
  [
    "a month-end less",
    `delete from t.month_end where key = ${rod} and month = '2026-01-01'`,
    [ENDED],
    /^rod A at 2026-01-01$/,
  ],
  [
    "a month-end more",
    `insert into t.month_end values (${rod}, '2025-12-01', 3, 1, 1)`,
    [SUMS, LAYER_SUMS],
    /^rod A at 2025-12-01 as of seq 3$/,
  ],
  [
    "a newer month-end of what is not known",
    `insert into t.month_end select key, month, 8, quantity - 1, value from t.month_end
      where key = ${rod} and month = '2026-01-01'`,
    [SUMS, ENDED, LAYER_SUMS],
    /^rod A at 2026-01-01 as of seq 8$/,
  ],
  [
    "a month-end layer's value",
    `update t.month_end_layer set value = value + 1 where key = ${rod} and month = '2026-02-01'`,
    [LAYER_SUMS, LAYERS],
    /^rod A at 2026-02-01 as of seq 6$/,
  ],
  [
    "a month-end layer less",
    `delete from t.month_end_layer where key = ${rod} and month = '2026-02-01'`,
    [LAYER_SUMS],
    /^rod A at 2026-02-01 as of seq 6$/,
  ],
  [
    "a month-end layer more",
    `insert into t.month_end_layer select key, month, seq, 'x', 1, 1 from t.month_end
      where key = ${rod} and month = '2026-02-01'`,
    [LAYER_SUMS, LAYERS],
    /^rod A at 2026-02-01 as of seq 6$/,
  ],
  [
    "two month-end layers, their sum the same",
    `update t.month_end_layer m set quantity = quantity + case layer when (select min(layer) from t.month_end_layer
        where (key, month) = (m.key, m.month)) then 1 else -1 end where key = ${rod} and month = '2026-01-01'`,
    [LAYERS],
    /^rod A layer \S+ at 2026-01-01 as of seq 4$/,
  ],
];

describe("tampered with:", () => {
  test.each(tampers)("%s", async (_what, text, found, says) => {
    const own = await ownBook();
    const book = await smallBook(own);
    const sql = await sqlSession(own);
    const statement = text
      .replaceAll("trail.", `${quoted(bookSchema(own.name))}.`)
      .replaceAll(/\bt\./g, `${quoted(generationSchema(own.name, 1))}.`);
    await sql.script([statement]);
    const wrong = wrongIn(await check(book));
    expect(Object.keys(wrong)).toEqual(expect.arrayContaining([...found]));
    expect(wrong[found[0] ?? ""]).toMatch(says);
    // And nothing that is not there: what is called intact is.
    if (found.includes(ROWS)) return;
    expect(Object.keys(wrong)).not.toContain(ROWS);
    if (found[0] !== TRAIL) expect(Object.keys(wrong).sort()).toEqual([...found].sort());
  });
});

test("the command line says so, and ends with 1", async () => {
  const own = await ownBook();
  await (await smallBook(own)).close();
  const clean = await perpetual(["verify", "--json"], own.environment);
  expect(clean).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(clean.stdout)).toMatchObject({
    ok: true,
    checks: [{ name: TRAIL, compared: 14 }, ...Array<object>(10).fill({}), { compared: 3 }],
  });
  const sql = await sqlSession(own);
  await sql.script([`update ${quoted(bookSchema(own.name))}.trail set data = '{' where seq = 4`]);
  const [broken, shown] = await Promise.all([
    perpetual(["verify", "--json"], own.environment),
    perpetual(["verify"], own.environment),
  ]);
  expect(broken.code).toBe(1);
  const { ok, checks } = JSON.parse(broken.stdout) as { ok: boolean; checks: readonly Check[] };
  expect(ok).toBe(false);
  expect(Object.keys(wrongIn(checks))).toEqual([TRAIL, ROWS, ORIGINS, LOTS]);
  expect(shown.code).toBe(1);
  expect(shown.stdout).toMatch(/^FAIL log = trail, chain intact \(3\): seq 4/m);
  expect(shown.stdout).toMatch(/^ok {3}balances = rows \(4\)$/m);
  expect(shown.stderr).toBe("");
});
