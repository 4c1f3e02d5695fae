/** Goal: each line of a file becomes one movement, once, whatever happens; or is reported, and then nothing is. */
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Book } from "../../../api/book.ts";
import { catchUp } from "../../../api/catch-up.ts";
import { companyStream } from "../../../api/company.ts";
import type { Recorded } from "../../../domain/kernel/event.ts";
import { LOG_START } from "../../../domain/kernel/event-store.ts";
import { balances } from "../../../read-models/balances.ts";
import { csv, fileOf, PERPETUAL, perpetual, start } from "../../support/cli.ts";
import { found, foundedBook, importing, logOf, opened, ownBook } from "../../support/open-book.ts";

const HEADERS = "item,date,kind,quantity,value,location,reference";
const receipt = (item: string, value: string | number, quantity = "1") =>
  `${item},2026-03-01,receipt,${quantity},${value},A,`;
const issue = (item: string, quantity: string) => `${item},2026-03-02,issue,${quantity},,A,SO-1`;
const fileWith = (...lines: readonly string[]) => fileOf(csv(HEADERS, ...lines));

async function aBook(): Promise<Book> {
  const book = await opened(await ownBook(), { projects: false });
  await found(book);
  return book;
}

const movementsIn = (log: readonly Recorded[]) =>
  log.filter(({ data }) => "movement" in data).map(({ type, data }) => ({ type, ...data }));
const typesOf = (log: readonly Recorded[]) => log.map(({ type }) => type);

describe("nothing is written", () => {
  test("by a dry run; it says what a real one would do", async () => {
    const book = await aBook();
    const file = fileWith(receipt("rod", 5), receipt("oil", 5, "0.25"), receipt("oil", 1, "1.5"));
    const dry = await importing(book, { file, dryRun: true });
    expect(dry).toMatchObject({ bad: [], refused: [] });
    expect(dry.imported).toMatchObject({ lines: 3, bad: 0, registered: 0, written: 0, refused: 0 });
    expect(dry.imported.newItems).toEqual([
      { item: "rod", firstLine: 2, quantityScale: 0, costBy: "fifo", tracksLots: false },
      { item: "oil", firstLine: 3, quantityScale: 2, costBy: "fifo", tracksLots: false },
    ]);
    expect(typesOf(await logOf(book))).toEqual(["CompanyFounded"]);
  });

  test("where a line is bad: all bad lines are reported", async () => {
    const book = await aBook();
    const file = fileWith(receipt("rod", 5), receipt("rod", "x"), "rod,2026", "", receipt("a b", 5));
    const { imported, bad } = await importing(book, { file });
    expect(imported).toMatchObject({ lines: 4, bad: 3, registered: 0, written: 0, refused: 0 });
    expect(bad.map(({ line, wrong }) => [line, ...wrong.map(({ column }) => column)])).toEqual([
      [3, "value"],
      [4, "line"],
      [6, "item"],
    ]);
    expect(typesOf(await logOf(book))).toEqual(["CompanyFounded"]);
  });

  test("where an item is unknown, and is not to be registered", async () => {
    const book = await aBook();
    await importing(book, { file: fileWith(receipt("rod", 5)) });
    const file = fileWith(receipt("rod", 5), receipt("oil", 5), receipt("oil", 5));
    const { imported, bad } = await importing(book, { file, register: undefined });
    expect(imported).toMatchObject({ bad: 2, written: 0 });
    expect(bad).toMatchObject([
      { line: 3, wrong: [{ column: "item" }] },
      { line: 4, wrong: [{ column: "item" }] },
    ]);
    expect(movementsIn(await logOf(book)).length).toBe(1);
  });

  test("where the file was changed after it was checked", async () => {
    const book = await aBook();
    const file = fileWith(receipt("rod", 5));
    const handle: Book["items"]["handle"] = (request) => {
      writeFileSync(file, csv(HEADERS, receipt("rod", "x")));
      return book.items.handle(request);
    };
    const changing = { ...book, items: { ...book.items, handle } };
    await expect(importing(changing, { file })).rejects.toThrow(/line 2: the file has changed/);
    expect(typesOf(await logOf(book))).toEqual(["CompanyFounded", "ItemRegistered"]);
  });
});

test("items are registered as their lines need them, or as is said", async () => {
  const book = await aBook();
  const lot = "item,date,kind,quantity,value,location,lot";
  const line = (item: string, quantity: string, of: string) =>
    `${item},2026-03-01,receipt,${quantity},1,A,${of}`;
  const file = fileOf(csv(lot, line("rod", "1", ""), line("oil", "0.500", "L1"), line("rod", "2.25", "")));
  await importing(book, { file });
  const said = { unit: "kg", quantityScale: 6, costBy: "lot" } as const;
  await importing(book, { file: fileOf(csv(lot, line("tin", "1", "L2"))), register: said });
  const registered = (await logOf(book)).filter(({ type }) => type === "ItemRegistered");
  expect(registered.map(({ data }) => data)).toEqual([
    { item: "rod", name: "rod", unit: "piece", quantityScale: 2, valueScale: 2, costBy: "fifo" },
    { item: "oil", name: "oil", unit: "piece", quantityScale: 1, valueScale: 2, costBy: "lot" },
    { item: "tin", name: "tin", unit: "kg", quantityScale: 6, valueScale: 2, costBy: "lot" },
  ]);
});

describe("what is the same movement, and what another", () => {
  const lines = [
    receipt("rod", 5),
    receipt("rod", 5),
    receipt("oil", 5),
    receipt("rod", 5),
    issue("rod", "2"),
  ];

  test("equal lines of a file are movements of their own", async () => {
    const book = await aBook();
    const { imported } = await importing(book, { file: fileWith(...lines) });
    expect(imported).toMatchObject({ written: 5, registered: 2 });
    const moved = movementsIn(await logOf(book));
    expect(moved.length).toBe(5);
    expect(new Set(moved.map((one) => ("movement" in one ? one.movement : ""))).size).toBe(5);
  });

  test("the same file again doubles nothing, nor does a longer one that has its lines", async () => {
    const own = await foundedBook();
    const [file, longer] = [fileWith(...lines), fileWith(receipt("rod", 6), ...lines, receipt("rod", 5))];
    // Nothing is projected, and each time memory is empty: only the log can tell.
    for (let time = 1; time <= 3; time++) {
      const book = await opened(own, { projects: false });
      expect((await importing(book, { file })).imported).toMatchObject({ written: 5, refused: 0 });
      expect(movementsIn(await logOf(book)).length).toBe(5);
      await book.close();
    }
    const book = await opened(own);
    await catchUp(book);
    // The two that are new stand before the issue of 2 March, which is recorded: they come late.
    expect((await importing(book, { file: longer })).imported).toMatchObject({ written: 7, refused: 0 });
    expect(movementsIn(await logOf(book)).length).toBe(7);
  });

  test("however the same lines are spelt as CSV", async () => {
    const book = await aBook();
    await importing(book, { file: fileWith(...lines) });
    const spelt = [
      "\ufeffQty, value,reference,item,remark,location,kind,date",
      ...lines.map((line) => {
        const [item, date, kind, quantity, value, location, reference] = line.split(",");
        return ` ${quantity} ,"${value}",${reference},"${item}","a\r\nremark",${location}, ${kind},${date}`;
      }),
    ].join("\r\n");
    const again = await importing(book, { file: fileOf(spelt), mapping: { quantity: "Qty" } });
    expect(again.imported).toMatchObject({ lines: 5, bad: 0, written: 5 });
    expect(movementsIn(await logOf(book)).length).toBe(5);
  });

  test("another source is another file", async () => {
    const book = await aBook();
    const file = fileWith(receipt("rod", 5), receipt("rod", 5));
    for (const source of ["March", "April", "March"]) await importing(book, { file, source });
    expect(movementsIn(await logOf(book)).length).toBe(4);
  });
});

describe("lines of other movements", () => {
  const headers = "item,date,kind,quantity,value,location,to,via,of,reference,approvedBy,purpose,before";
  type Columns = Readonly<Record<string, string>>;
  const line = (kind: string, date: string, columns: Columns): string => {
    const all: Columns = { item: "rod", kind, date: `2026-03-${date}`, location: "A", ...columns };
    return headers
      .split(",")
      .map((column) => all[column] ?? "")
      .join(",");
  };
  const file = (...lines: readonly string[]) => fileOf(csv(headers, ...lines));
  /** Bought twice on one order, sold, sent on, and back again. */
  const story = [
    line("receipt", "01", { quantity: "10", value: "100", reference: "PO-1" }),
    line("issue", "03", { quantity: "4", reference: "SO-1" }),
    line("return", "04", { quantity: "1", of: "SO-1", reference: "RMA-1" }),
    line("dispatch", "05", { quantity: "3", to: "B", via: "road", reference: "D-1" }),
    line("arrival", "06", { quantity: "2", location: "B", of: "D-1" }),
    line("supplierReturn", "07", { quantity: "1", value: "12", of: "PO-1" }),
    line("unmatchedReturn", "08", { quantity: "1", value: "9", approvedBy: "bob" }),
    line("invoice", "09", { quantity: "10", value: "110", location: "", of: "PO-1", reference: "LS-1" }),
    line("cost", "09", { value: "-10", location: "", of: "PO-1", reference: "CN-1", purpose: "creditNote" }),
    line("count", "10", { quantity: "4", reference: "Shelf 3" }),
    line("receipt", "10", { quantity: "1", value: "10", before: "Shelf 3" }),
    line("issue", "02", { quantity: "2", reference: "SO-0" }),
  ];

  test("name them by reference, those of the same file too; late ones; and again nothing is doubled", async () => {
    const own = await foundedBook();
    const book = await opened(own);
    const first = await importing(book, { file: file(...story) });
    expect(first).toMatchObject({ bad: [], refused: [], imported: { written: 12 } });
    const log = await logOf(book);
    const named = (type: string, more: object = {}) =>
      log.find(
        (one) => one.type === type && Object.entries(more).every(([k, v]) => one.data[k as never] === v),
      )?.data as Record<string, unknown>;
    const { movement: receipt } = named("GoodsReceived", { reference: "PO-1" });
    const { movement: issue } = named("GoodsIssued", { reference: "SO-1" });
    expect(named("GoodsReturned")["issue"]).toBe(issue);
    expect(named("GoodsArrived")["dispatch"]).toBe(named("GoodsDispatched")["movement"]);
    expect(named("GoodsReturnedToSupplier")["receipt"]).toBe(receipt);
    expect(named("ReceiptInvoiced")["receipt"]).toBe(receipt);
    expect(named("ReceiptCostAdded")).toMatchObject({ receipt, amount: "-10", kind: "creditNote" });
    expect(named("UnmatchedGoodsReturned")).toMatchObject({ approvedBy: "bob" });
    expect(named("MovementPlacedBefore")["count"]).toBe(named("StockCounted")["movement"]);
    await catchUp(book);
    const asked = { asOf: "2026-03-31", knownAt: "latest" } as const;
    const { rows } = await balances(book.pool, book.name, asked, { limit: 10, after: undefined });
    expect(rows.map(({ location, quantity }) => [location, quantity])).toEqual([
      ["A", "4"],
      ["B", "2"],
      ["road", "1"],
    ]);
    await book.close();

    // By now another receipt has the reference: a line that is there already is known again all the same.
    const later = await opened(own);
    const twice = line("receipt", "11", { quantity: "1", value: "11", reference: "PO-1" });
    const again = await importing(later, { file: file(...story, twice) });
    expect(again).toMatchObject({ bad: [], refused: [], imported: { written: 13 } });
    expect((await logOf(later)).filter(({ type }) => type === "ReceiptInvoiced").length).toBe(1);
  });

  test("by a movement's own name; what is not found, or is not one alone, is refused", async () => {
    const book = await aBook();
    const two = ["01", "02"].map((day) =>
      line("receipt", day, { quantity: "5", value: "50", reference: "PO-1" }),
    );
    const invoice = (of: string) =>
      line("invoice", "05", { quantity: "5", value: "60", location: "", of, reference: `LS-${of}` });
    await importing(book, { file: file(...two), source: "receipts" });
    const [first = "", second = ""] = movementsIn(await logOf(book)).map((one) =>
      "movement" in one ? (one.movement as string) : "",
    );
    const { imported, refused } = await importing(book, {
      file: file(
        invoice("PO-1"),
        invoice(first),
        invoice("PO-2"),
        line("return", "06", { quantity: "1", of: "PO-1" }),
      ),
    });
    expect(imported).toMatchObject({ written: 1, refused: 3 });
    expect([...refused].sort((a, b) => a.line - b.line)).toEqual([
      {
        line: 2,
        refusal: { name: "SeveralHaveThatReference", reference: "PO-1", movements: [first, second] },
      },
      { line: 4, refusal: { name: "ReceiptNotFound", receipt: "PO-2" } },
      { line: 5, refusal: { name: "IssueNotFound", issue: "PO-1" } },
    ]);
  });

  test("an issue may go short where its location allows it, and what comes next settles it", async () => {
    const book = await aBook();
    await book.companies.handle({
      stream: companyStream(book.name),
      command: { type: "AllowShortStock", data: { company: book.name, location: "A" } },
      ...{ commandId: "short", commandHash: "1".repeat(64), actor: "ada" },
    });
    const { imported, refused } = await importing(book, {
      file: file(
        line("receipt", "01", { quantity: "1", value: "10" }),
        line("issue", "02", { quantity: "3", reference: "SO-1" }),
        line("issue", "02", { quantity: "3", reference: "SO-1", location: "B" }),
        line("receipt", "03", { quantity: "5", value: "60" }),
      ),
    });
    expect(imported).toMatchObject({ written: 3, refused: 1 });
    expect(refused).toMatchObject([{ line: 4, refusal: { name: "InsufficientStock", location: "B" } }]);
    const types = typesOf(await logOf(book));
    expect(types.filter((type) => type === "GoodsIssuedAllowingShort").length).toBe(1);
    expect(types.at(-1)).toBe("MovementsRecosted");
  });
});

test("what the item refuses is reported with its line; the rest goes on", async () => {
  const book = await aBook();
  const file = fileWith(
    receipt("rod", 5, "2"),
    issue("rod", "3"),
    issue("rod", "1"),
    "rod,2199-12-31,receipt,1,5,A,",
    receipt("oil", "1.005"),
    receipt("oil", "1.00"),
    issue("rod", "2"),
    issue("rod", "1"),
  );
  const { imported, refused } = await importing(book, { file });
  expect(imported).toMatchObject({ lines: 8, bad: 0, registered: 2, written: 4, refused: 4 });
  expect([...refused].sort((a, b) => a.line - b.line)).toMatchObject([
    { line: 3, refusal: { name: "InsufficientStock", onHand: "2", requested: "3", location: "A" } },
    { line: 5, refusal: { name: "EffectiveDateAfterToday" } },
    { line: 6, refusal: { name: "ValueTooPrecise" } },
    { line: 8, refusal: { name: "InsufficientStock", onHand: "1", requested: "2" } },
  ]);
  const moved = movementsIn(await logOf(book)).filter((one) => "item" in one && one.item === "rod");
  expect(moved).toMatchObject([{ quantity: "2" }, { quantity: "1" }, { quantity: "1" }]);
});

/** Many windows, so that one fails while the next is read. A rejection that nobody waits for would end the process. */
describe("what breaks is told once", () => {
  const many = Array.from({ length: 25_000 }, (_, n) => receipt(`i${n % 7}`, n));

  test("the database is gone", async () => {
    const book = await aBook();
    const broken = new Error("the database is gone");
    const handle: Book["items"]["handle"] = async (request) => {
      if (request.command.type === "RegisterItem") return book.items.handle(request);
      throw broken;
    };
    const options = { file: fileWith(...many) };
    await expect(importing({ ...book, items: { ...book.items, handle } }, options)).rejects.toBe(broken);
  });

  test("the log does not answer for a while, when items are registered", async () => {
    const book = await aBook();
    let [failing, tried] = [2, 0];
    const handle: Book["items"]["handle"] = async (request) => {
      tried += 1;
      failing -= 1;
      return failing >= 0 ? { status: "unavailable" } : book.items.handle(request);
    };
    const patient = { ...book, items: { ...book.items, handle } };
    const { imported } = await importing(patient, { file: fileWith(receipt("rod", 5)) });
    expect(imported).toMatchObject({ registered: 1, written: 1, refused: 0 });
    expect(tried).toBe(4);
  });
});

describe("in processes of their own", () => {
  const ITEMS = 3;
  const lines = Array.from({ length: 6_000 }, (_, n) => receipt(`i${n % ITEMS}`, n));
  const each = (log: readonly Recorded[]) =>
    movementsIn(log).flatMap((one) => ("value" in one ? [Number(one.value)] : []));
  const all = lines.map((_line, n) => n);
  const args = (file: string) => ["import", "movements", file, "--register", "--json"];

  /** The log is watched, so that it is killed while it writes. */
  test("killed in the midst of it five times and more, then run to its end: each line is there once", async () => {
    const own = await foundedBook();
    const file = fileWith(...lines);
    const book = await opened(own, { projects: false });
    let killed = 0;
    for (let after = (await logOf(book)).at(-1)?.position ?? LOG_START; killed < 6; ) {
      const { child, ended } = start(PERPETUAL, args(file), own.environment);
      const stop = new AbortController();
      void ended.then(() => stop.abort());
      for await (const { events } of book.store.subscribe(`${own.name}.`, after, stop.signal))
        if (events.length > 0) break;
      await pause(Math.random() * 40);
      child.kill("SIGKILL");
      if ((await ended).code !== null) break; // it was quicker
      killed += 1;
      const log = await logOf(book);
      after = log.at(-1)?.position ?? after;
      // What is there is the beginning of each item's lines, without a gap.
      for (let item = 0; item < ITEMS; item++) {
        const numbers = each(log).filter((n) => n % ITEMS === item);
        expect(numbers).toEqual(numbers.map((_n, index) => index * ITEMS + item));
      }
    }
    expect(killed).toBeGreaterThanOrEqual(5);
    const last = await perpetual(args(file), own.environment);
    expect(last).toMatchObject({ code: 0, stderr: "" });
    const summary = { lines: 6_000, bad: 0, registered: 0, written: 6_000, refused: 0 };
    expect(JSON.parse(last.stdout)).toEqual(summary);
    expect(each(await logOf(book)).sort((a, b) => a - b)).toEqual(all);
    expect((await logOf(book)).length).toBe(1 + ITEMS + lines.length);
  });

  test("two at once, of the same file: each line is there once", async () => {
    const own = await foundedBook();
    const file = fileWith(...lines.slice(0, 1_500));
    const both = await Promise.all([1, 2].map(() => perpetual(args(file), own.environment)));
    const book = await opened(own);
    expect(each(await logOf(book)).sort((a, b) => a - b)).toEqual(all.slice(0, 1_500));
    for (const { code, stdout } of both) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ written: 1_500, refused: 0 });
    }
    await catchUp(book);
    const asked = { asOf: "2026-03-31", knownAt: "latest" } as const;
    const { rows } = await balances(book.pool, book.name, asked, { limit: 10, after: undefined });
    expect(rows.map(({ quantity }) => quantity)).toEqual(Array.from({ length: ITEMS }, () => "500"));
  });

  test("in little memory, however long the file", async () => {
    const own = await foundedBook();
    const wide = Array.from({ length: 200_000 }, (_, n) => `${receipt(`i${n % 500}`, n)}${"x".repeat(80)}`);
    const file = fileOf(`${HEADERS}\n${wide.join("\n")}\n`);
    const dry = await perpetual([...args(file), "--dry-run"], own.environment, ["--max-old-space-size=96"]);
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(dry.stdout)).toMatchObject({ lines: 200_000, bad: 0, written: 0 });
  });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
