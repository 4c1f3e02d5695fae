/** Goal: the command line says what it should, on the stream it should, and ends with the code that it promises. */
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { csv, fileOf, PERPETUAL, type Program, perpetual, start } from "../support/cli.ts";
import { found, foundedBook, importing, logOf, type OwnBook, opened, ownBook } from "../support/open-book.ts";

const HEADERS = "item,date,kind,quantity,value,location,reference";
const receipt = (item: string, quantity: number, date = "2026-03-01") =>
  `${item},${date},receipt,${quantity},${quantity * 2},A,`;

/** Company 1, rod registered 2, receipts 3 and 4 of February and March. */
async function rods(): Promise<OwnBook> {
  const own = await ownBook();
  const book = await opened(own, { projects: false });
  await found(book);
  const file = fileOf(csv(HEADERS, receipt("rod", 3, "2026-02-01"), receipt("rod", 4)));
  await importing(book, { file });
  await book.close();
  return own;
}

describe("questions", () => {
  test("of a day, and as they were known", async () => {
    const { environment } = await rods();
    const ask = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await perpetual([...args, "--json"], environment);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const rod = (quantity: string, value: string) => ({
      item: "rod",
      location: "A",
      lot: null,
      project: null,
      quantity,
      value,
    });
    const march = ["--as-of", "2026-03-31"];
    const [all, february, before, then, none, layers, unknown] = await Promise.all([
      ask("balances", ...march),
      ask("balances", "--as-of", "2026-02-28"),
      ask("balances", "--as-of", "2026-01-31", "--item", "rod"),
      ask("balances", ...march, "--known-at", "3"),
      ask("balances", ...march, "--known-at", "2020-01-01T00:00:00Z", "--location", "A"),
      ask("layers", "rod", ...march),
      ask("layers", "no-such-item"),
    ]);
    expect(all).toEqual({ asOf: "2026-03-31", seq: "4", balances: [rod("7", "14")] });
    expect(february).toEqual({ asOf: "2026-02-28", seq: "4", balances: [rod("3", "6")] });
    expect(before).toEqual({ asOf: "2026-01-31", seq: "4", balances: [] });
    expect(then).toEqual({ asOf: "2026-03-31", seq: "3", balances: [rod("3", "6")] });
    expect(none).toEqual({ asOf: "2026-03-31", seq: "0", balances: [] });
    expect(layers).toMatchObject({
      seq: "4",
      layers: [
        { location: "A", quantity: "3", value: "6", since: "2026-02-01" },
        { location: "A", quantity: "4", value: "8", since: "2026-03-01" },
      ],
    });
    expect(unknown).toMatchObject({ seq: "4", layers: [] });
  });

  test("of whatever HTTP is asked: of one thing, of what a movement cost; and what there is none of", async () => {
    const { environment } = await rods();
    const ask = (...args: readonly string[]) => perpetual([...args, "--json"], environment);
    const [item, company, movements] = await Promise.all([
      ask("item", "rod"),
      ask("company"),
      ask("movements", "rod", "--from", "2026-02-15"),
    ]);
    expect(JSON.parse(item.stdout)).toMatchObject({ item: "rod", costBy: "fifo", active: true });
    expect(JSON.parse(company.stdout)).toMatchObject({ baseCurrency: "EUR", correctionMax: null });
    const { movements: found } = JSON.parse(movements.stdout) as { movements: { movement: string }[] };
    expect(found).toMatchObject([
      { kind: "receipt", effectiveDate: "2026-03-01", quantity: "4", value: "8" },
    ]);
    const [draws, ...none] = await Promise.all([
      ask("draws", "rod", found[0]?.movement ?? ""),
      ask("draws", "rod", "R-9"),
      ask("item", "tin"),
      ask("stocktake-lines", "S-9"),
    ]);
    expect(JSON.parse(draws.stdout)).toMatchObject({ draws: [{ quantity: "4", value: "8" }] });
    const stderr = "perpetual: there is nothing by that name in the book\n";
    for (const ended of none) expect(ended).toEqual({ code: 1, stdout: "", stderr });
  });

  test("what stock is worth, and how old it is", async () => {
    const { environment } = await rods();
    const ask = (...args: readonly string[]) => perpetual([...args, "--as-of", "2026-03-31"], environment);
    const [worth, ages, shown] = await Promise.all([
      ask("valuation", "--by", "location", "--json"),
      ask("ageing", "--by", "location,item", "--buckets", "30,57", "--known-at", "4", "--json"),
      ask("valuation", "--item", "rod"),
    ]);
    const moment = { asOf: "2026-03-31", seq: "4" };
    expect(JSON.parse(worth.stdout)).toEqual({
      ...moment,
      valuation: [{ location: "A", value: "14" }],
      total: "14",
    });
    const at = { item: "rod", location: "A" };
    expect(JSON.parse(ages.stdout)).toEqual({
      ...moment,
      ageing: [
        { ...at, ageFrom: 0, ageTo: 30, quantity: "4", value: "8" },
        { ...at, ageFrom: 58, ageTo: null, quantity: "3", value: "6" },
      ],
    });
    expect(shown.stdout).toBe(
      "as of 2026-03-31, as known at seq 4\nitem  quantity  value\nrod   7         14\ntotal 14\n",
    );
  });

  test("as a table; what is not there is nothing", async () => {
    const { environment } = await rods();
    const [shown, nothing] = await Promise.all([
      perpetual(["balances", "--as-of", "2026-03-31"], environment),
      perpetual(["layers", "no-such-item", "--as-of", "2026-03-31"], environment),
    ]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^as of 2026-03-31, as known at seq 4\nitem +location .*\nrod +A +7 +14\n$/);
    expect(nothing).toEqual({
      code: 0,
      stderr: "",
      stdout: "as of 2026-03-31, as known at seq 4\nnothing\n",
    });
  });

  test("what is not yet known is refused, never answered", async () => {
    const { environment } = await rods();
    const [seq, instant] = await Promise.all([
      perpetual(["balances", "--known-at", "5"], environment),
      perpetual(["balances", "--known-at", "2199-01-01T00:00:00+02:00"], environment),
    ]);
    expect(seq).toEqual({ code: 1, stdout: "", stderr: "perpetual: the book is known up to seq 4\n" });
    expect(instant).toEqual({
      code: 1,
      stdout: "",
      stderr: "perpetual: --known-at: an instant that has not come\n",
    });
  });

  test("of more rows than a page has", async () => {
    const own = await foundedBook();
    const book = await opened(own, { projects: false });
    const places = Array.from({ length: 1_100 }, (_, n) => `rod,2026-03-01,receipt,1,1,L${n},`);
    await importing(book, { file: fileOf(csv(HEADERS, ...places)) });
    await book.close();
    const { stdout } = await perpetual(["balances", "--json"], own.environment);
    const { balances } = JSON.parse(stdout) as { balances: readonly { location: string }[] };
    expect(new Set(balances.map(({ location }) => location)).size).toBe(1_100);
    expect(balances.length).toBe(1_100);
  });
});

describe("what is wrong is named, and nothing is done", () => {
  /** Neither engine is reached: nothing listens on port 1. */
  const nowhere = {
    DATABASE_URL: "postgres://u:s3cret@127.0.0.1:1/x",
    EVENTSTORE_URL: "esdb://u:s3cret@127.0.0.1:1?tls=false",
  };
  const options: readonly (readonly [args: readonly string[], named: readonly string[]])[] = [
    [
      ["balances", "--as-of", "2026-02-30", "--known-at", "yesterday", "--item", "a b", "--location", "/"],
      ["--as-of: a date, YYYY-MM-DD", "--known-at: a seq, or an instant", "--item: ", "--location: "],
    ],
    [
      ["layers", "a b", "--lot", ""],
      ["<item>: ", "--lot: "],
    ],
    [
      ["record", "receipt", "a b", "--effective-date", "soon", "--value", "1e3", "--key", ""],
      [
        "<item>: ",
        "--effective-date: a date",
        "--value: a decimal",
        "--quantity: a decimal",
        "--location: is required",
        "--key: ",
      ],
    ],
    [
      ["record", "landed-cost", "--receipts", "item=rod,receit=R-1", "--actor", "ada"],
      [
        "--receipts 0: there is no receit",
        "--receipts 0 receipt: is required",
        "--amount: a decimal, at most 18 digits",
      ],
    ],
    [["record", "receipt", "rod", "--actor", "\u0007"], ["--actor: 1 to 200 characters"]],
    [["record", "recipt", "rod"], ["unknown command 'recipt'"]],
    [["draws", "rod"], ["missing required argument 'movement'"]],
    [
      ["ageing", "--by", "item,item", "--buckets", "30,10"],
      ["--by: item, location, lot, project: ", "--buckets: the greatest age"],
    ],
    [
      ["import", "movements", "x", "--quantity-scale", "7", "--cost-by", "average", "--source", ""],
      ["--quantity-scale: ", "--cost-by: ", "fifo, lot", "--source: "],
    ],
    [
      ["import", "movements", "x", "--map", "items=Artikel", "--map", "date=Tag,item", "--unit", "a\tb"],
      ["--map: there is no items", "--map item: ", "--unit: "],
    ],
    [["verify", "--fast"], ["unknown option '--fast'"]],
    [["balance"], ["unknown command 'balance'"]],
    [["import", "movements"], ["missing required argument 'file'"]],
    [["layers"], ["missing required argument 'item'"]],
  ];
  test("options: all that are wrong", async () => {
    const all = options.map(async ([args, named]) => {
      const { code, stdout, stderr } = await perpetual(args, nowhere);
      expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: "" });
      for (const name of named) expect(stderr).toContain(name);
      expect(stderr).not.toMatch(/ {4}at |s3cret/);
    });
    await Promise.all(all);
  });

  test("settings: all that are wrong, without their values", async () => {
    const wrong = {
      PORT: "abc",
      BOOK: "Bad",
      DATABASE_URL: "mysql://u:s3cret@h/x",
      EVENTSTORE_URL: "http://u:s3cret@h",
      LOG_LEVEL: "loud",
      WAIT_MAX_MS: "-17",
    };
    const all = [["serve"], ["migrate"], ["balances"], ["verify"]].map(async (args) => {
      const { code, stdout, stderr } = await perpetual(args, wrong);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^perpetual: [^\n]+\n$/);
      for (const [name, value] of Object.entries(wrong)) {
        expect(stderr).toContain(`${name}: `);
        expect(stderr).not.toContain(value);
      }
      expect(stderr).not.toContain("s3cret");
    });
    await Promise.all(all);
  });

  test("an engine that does not answer: no password, no stack", async () => {
    const { code, stderr } = await perpetual(["balances"], nowhere);
    expect(code).toBe(1);
    expect(stderr).toBe("perpetual: connect ECONNREFUSED 127.0.0.1:1\n");
  });
});

test.each(["abc", "70000"])("the node's port %s is refused before anything is started", async (port) => {
  const { code, stderr } = await start("dist/scripts/node.js", ["--port", port], {}).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: .*--port.*a port is a number up to 65535\n$/);
});

test("a log that does not answer is told in a line", async () => {
  const own = await ownBook();
  const EVENTSTORE_URL = "esdb://127.0.0.1:1?tls=false";
  const { code, stdout, stderr } = await perpetual(["verify"], { ...own.environment, EVENTSTORE_URL });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/ECONNREFUSED/);
  expect(stderr).not.toMatch(/^ +at /m);
});

test("a Postgres that does not answer is told at once, also where the node was to keep its log in it", async () => {
  const environment = { DATABASE_URL: "postgres://127.0.0.1:1/x", PERPETUAL_HOME: "/nowhere" };
  const { code, stderr } = await perpetual(["balances"], environment);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^perpetual: .*ECONNREFUSED.*\n$/);
});

test("migrate, twice", async () => {
  const { name, environment } = await ownBook();
  const first = await perpetual(["migrate"], environment);
  const second = await perpetual(["migrate"], environment);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toMatch(new RegExp(`^book ${name}: ran 0001-book`));
  expect(second).toEqual({ code: 0, stderr: "", stdout: `book ${name}: nothing to do\n` });
});

describe("import", () => {
  const run = (own: OwnBook, file: string, ...args: readonly string[]) =>
    perpetual(["import", "movements", file, ...args], own.environment);

  test("0 when all is done, also again; 2 when some was refused, by line; 1 when nothing was written", async () => {
    const own = await foundedBook();
    const good = fileOf(csv(HEADERS, receipt("rod", 3), receipt("rod", 4)));
    const unknown = await run(own, good);
    expect(unknown).toMatchObject({ code: 1, stderr: "" });
    expect(unknown.stdout).toMatch(/^line 2: item: is not registered.*\nline 3: item: /);
    expect(unknown.stdout).toContain("2 lines: 2 bad, 0 items registered, 0 written, 0 refused");
    expect(await run(own, good, "--register")).toEqual({
      code: 0,
      stderr: "",
      stdout: "2 lines: 0 bad, 1 items registered, 2 written, 0 refused\n",
    });
    expect(await run(own, good, "--json")).toEqual({
      code: 0,
      stderr: "",
      stdout: '{"lines":2,"bad":0,"registered":0,"written":2,"refused":0}\n',
    });

    const some = fileOf(csv(HEADERS, receipt("rod", 1), "rod,2026-03-02,issue,99,,A,SO-1"));
    const part = await run(own, some, "--source", "some", "--json");
    expect(part.code).toBe(2);
    const [refusal, sum] = part.stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(refusal).toMatchObject({
      line: 3,
      refusal: { name: "InsufficientStock", onHand: "8", requested: "99" },
    });
    expect(sum).toEqual({ lines: 2, bad: 0, registered: 0, written: 1, refused: 1 });

    const none = fileOf(csv(HEADERS, "rod,2026-03-02,issue,99,,A,SO-1"));
    const refused = await run(own, none);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^line 2: InsufficientStock \{"location":"A","onHand":"8"/);

    const bad = fileOf(csv(HEADERS, receipt("rod", 1), "rod,soon,receipt,x,1,A,"));
    const nothing = await run(own, bad, "--register", "--source", "bad");
    expect(nothing.code).toBe(1);
    expect(nothing.stdout).toMatch(/^line 3: (?=.*date: )(?=.*quantity: )/);

    // An item was registered, though its only line was refused: that is not nothing.
    const only = fileOf(csv(HEADERS, "tin,2026-03-02,issue,1,,A,SO-1"));
    expect(await run(own, only, "--register")).toMatchObject({ code: 2 });

    const book = await opened(own, { projects: false });
    expect((await logOf(book)).filter(({ data }) => "movement" in data).length).toBe(3);
  });

  test("a file's name is its source, whatever folder it lies in", async () => {
    const own = await foundedBook();
    const text = csv(HEADERS, receipt("rod", 3));
    await run(own, fileOf(text, "march.csv"), "--register", "--actor", "ada");
    await run(own, fileOf(text, "march.csv"));
    await run(own, fileOf(text, "other.csv"), "--source", "march.csv");
    const book = await opened(own, { projects: false });
    const log = await logOf(book);
    expect(log.map(({ type }) => type)).toEqual(["CompanyFounded", "ItemRegistered", "GoodsReceived"]);
    expect(log.map(({ metadata }) => metadata.actor)).toEqual(["ada", "ada", "ada"]);
  });

  test("with other headers, and items as is said", async () => {
    const own = await foundedBook();
    const file = fileOf(csv("Artikel,Tag,kind,a=b,value,location,lot", "rod,2026-03-01,receipt,1,2,A,L1"));
    const map = ["--map", "item=Artikel, date = Tag", "--map", "quantity=a=b"];
    const said = ["--register", "--unit", "m", "--quantity-scale", "3", "--cost-by", "lot"];
    expect(await run(own, file, ...map, ...said)).toMatchObject({ code: 0, stderr: "" });
    const book = await opened(own, { projects: false });
    const registered = (await logOf(book)).find(({ type }) => type === "ItemRegistered");
    expect(registered?.data).toMatchObject({ item: "rod", unit: "m", quantityScale: 3, costBy: "lot" });
  });

  test("a file that can't be read, or is none, and a book without a company", async () => {
    const own = await foundedBook();
    const quote = fileOf(`${HEADERS}\nrod,2026-03-01,receipt,1,2,A,"x\n`);
    const [gone, torn, homeless] = await Promise.all([
      run(own, "/nowhere/x.csv"),
      run(own, quote, "--register"),
      run(await ownBook(), quote),
    ]);
    expect(gone).toMatchObject({ code: 1, stdout: "" });
    expect(gone.stderr).toMatch(/^perpetual: \/nowhere\/x\.csv: ENOENT.*\n$/);
    expect(torn).toMatchObject({ code: 1, stdout: "" });
    expect(torn.stderr).toMatch(/^perpetual: .*movements\.csv: Quote Not Closed.*line 2\n$/);
    expect(homeless).toMatchObject({ code: 1, stdout: "" });
    expect(homeless.stderr).toMatch(/^perpetual: the book has no company yet/);
  });

  test("a dry run writes nothing; of many bad lines a person sees the first thousand", async () => {
    const own = await foundedBook();
    const many = fileOf(csv(HEADERS, ...Array.from({ length: 1_200 }, () => receipt("a b", 1))));
    const [good, bad, all] = await Promise.all([
      run(own, fileOf(csv(HEADERS, receipt("rod", 3))), "--register", "--dry-run"),
      run(own, many, "--dry-run"),
      run(own, many, "--dry-run", "--json"),
    ]);
    expect(good).toEqual({
      code: 0,
      stderr: "",
      stdout: "1 lines: 0 bad, 0 items registered, 0 written, 0 refused\n",
    });
    expect([bad.code, all.code]).toEqual([1, 1]);
    expect(bad.stdout.trim().split("\n").length).toBe(1_001);
    expect(bad.stdout).toMatch(/1200 bad.*\(200 not shown\)\n$/);
    expect(all.stdout.trim().split("\n").length).toBe(1_201);
    const book = await opened(own, { projects: false });
    expect((await logOf(book)).length).toBe(1);
  });
});

describe("serve", () => {
  async function serving(
    own: OwnBook,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Program & { url: string }> {
    const program = start(PERPETUAL, ["serve"], {
      ...own.environment,
      PORT: "0",
      LOG_LEVEL: "error",
      ...more,
    });
    const said = once(program.child.stdout ?? program.child, "data");
    const [text] = (await Promise.race([said, program.ended.then((end) => [JSON.stringify(end)])])) as [
      string,
    ];
    return { ...program, url: text.trim() };
  }

  test("prints where, answers there, and ends with 0 when told to", async () => {
    const own = await rods();
    const { child, ended, url } = await serving(own);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const asked = await fetch(`${url}/v1/balances?asOf=2026-03-31`);
    expect(asked.status).toBe(200);
    const told = Date.now();
    child.kill("SIGTERM");
    child.kill("SIGTERM"); // who is impatient changes nothing
    expect(await ended).toEqual({ code: 0, stdout: `${url}\n`, stderr: "" });
    expect(Date.now() - told).toBeLessThan(10_000);
  });

  test("while it projects, others wait for it, and see what it was told", async () => {
    const own = await rods();
    const { child, ended, url } = await serving(own);
    for (let n = 1; n <= 3; n++) {
      const response = await fetch(`${url}/v1/items/rod/receipts`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": `R-${n}`, "x-actor": "ada" },
        body: JSON.stringify({ effectiveDate: "2026-03-10", quantity: "1", value: "1", location: "A" }),
      });
      expect(response.status).toBeLessThan(300);
    }
    const [asked, verified, imported] = await Promise.all([
      perpetual(["balances", "--as-of", "2026-03-31", "--json"], own.environment),
      perpetual(["verify", "--json"], own.environment),
      perpetual(
        ["import", "movements", fileOf(csv(HEADERS, receipt("oil", 5))), "--register"],
        own.environment,
      ),
    ]);
    expect(JSON.parse(asked.stdout)).toMatchObject({
      balances: expect.arrayContaining([expect.objectContaining({ item: "rod", quantity: "10" })]),
    });
    expect([asked.code, verified.code, imported.code]).toEqual([0, 0, 0]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true });
    child.kill("SIGINT");
    expect((await ended).code).toBe(0);
  });

  test("a port that is taken is named", async () => {
    const own = await rods();
    const { child, ended, url } = await serving(own);
    const { port } = new URL(url);
    const second = await perpetual(["serve"], { ...own.environment, PORT: port, LOG_LEVEL: "error" });
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toContain(port);
    child.kill("SIGTERM");
    expect((await ended).code).toBe(0);
  });
});
