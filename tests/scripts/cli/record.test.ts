/** Goal: what is recorded on the command line is what HTTP would have recorded: the same command, the same refusals. */

import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { csv, type Ended, fileOf, PERPETUAL, perpetual, start } from "../../support/cli.ts";
import { foundedBook, importing, logOf, type OwnBook, opened, ownBook } from "../../support/open-book.ts";

const recording =
  ({ environment }: OwnBook) =>
  (...args: readonly string[]): Promise<Ended> =>
    perpetual(["record", ...args], { PERPETUAL_ACTOR: "ada", ...environment });

/** Registered, and ten received for a hundred on 5 January, by the key R-1. */
async function rods() {
  const own = await foundedBook();
  const record = recording(own);
  await record("registration", "rod", "--unit", "piece", "--quantity-scale", "0");
  const receipt = [...at("2026-01-05"), "--quantity", "10", "--value", "100", "--key", "R-1"];
  expect(await record("receipt", "rod", ...receipt)).toMatchObject({ code: 0, stderr: "" });
  return { own, record, receipt };
}
const at = (day: string, location = "main") => ["--effective-date", day, "--location", location];
const sale = (many: string, ...more: readonly string[]) => [
  ...["issue", "rod", ...at("2026-01-07"), "--quantity", many, "--purpose", "sale", "--reference", "SO-1"],
  ...more,
];

async function eventsOf(own: OwnBook) {
  const book = await opened(own, { projects: false });
  const log = await logOf(book);
  await book.close();
  return log;
}

test("a receipt: told with its rows, once, whoever sends it again; over HTTP too", async () => {
  const { own, record, receipt } = await rods();
  const again = await record("receipt", "rod", ...receipt, "--actor", "李雷");
  expect(again.stdout).toMatch(
    /^R-1 is recorded, at position \d+\n {2}GoodsReceived\n {4}area +date .*\n {4}main +2026-01-05 +R-1 +R-1 +10 +100\n$/,
  );
  const { child, ended } = start(PERPETUAL, ["serve"], { ...own.environment, PORT: "0", LOG_LEVEL: "error" });
  const [url] = (await once(child.stdout ?? child, "data")) as [string];
  onTestFinished(() => void child.kill("SIGKILL"));
  const body = { effectiveDate: "2026-01-05", location: "main", quantity: "10", value: "100" };
  const response = await fetch(`${url.trim()}/v1/items/rod/receipts`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "R-1", "x-actor": "bob" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(201);
  child.kill("SIGTERM");
  await ended;
  const other = await record("receipt", "rod", ...receipt, "--reference", "PO-1");
  expect(other).toMatchObject({ code: 1, stdout: "" });
  expect(other.stderr).toMatch(/^perpetual: IdempotencyKeyReused: .*new key\.\n$/);
  const log = await eventsOf(own);
  expect(log.map(({ type, metadata: { actor } }) => [type, actor])).toEqual([
    ["CompanyFounded", "ada"],
    ["ItemRegistered", "ada"],
    ["GoodsReceived", "ada"],
  ]);
});

test("who acts is written as it is, and a key is made where none is given", async () => {
  const { own, record } = await rods();
  // Whose last byte alone would be an N.
  const { code, stdout } = await record(...sale("1"), "--actor", "李", "--json");
  expect(code).toBe(0);
  const { key, revision, events } = JSON.parse(stdout) as { key: string; revision: string; events: object[] };
  expect([revision, events]).toMatchObject(["2", [{ type: "GoodsIssued", data: { movement: key } }]]);
  expect((await eventsOf(own)).at(-1)?.metadata).toMatchObject({ actor: "李", commandId: key });
});

test("a refusal says what, where and how to mend it; a preview what would be corrected; nothing is recorded", async () => {
  const { own, record } = await rods();
  await record(...sale("4"), "--key", "I-1");
  const invoice = ["invoice", "rod", "R-1", "--document-date", "2026-01-20", "--reference", "LS-1"];
  const [short, shortJson, unknown, preview, previewJson, noActor] = await Promise.all([
    record(...sale("7")),
    record(...sale("7"), "--json", "--key", "I-2"),
    record("receipt", "tin", ...at("2026-01-05"), "--quantity", "1", "--value", "1"),
    record(...invoice, "--quantity", "10", "--amount", "120", "--preview"),
    record(...invoice, "--quantity", "10", "--amount", "120", "--preview", "--json"),
    record(...sale("1"), "--actor", ""),
  ]);
  expect(short.code).toBe(1);
  expect(short.stderr).toMatch(
    /^perpetual: InsufficientStock: There is not .*\n {2}location main\n {2}onHand 6\n {2}reserved 0\n {2}requested 7\n$/,
  );
  expect(shortJson).toMatchObject({ code: 1, stderr: "" });
  const refusal = { name: "InsufficientStock", onHand: "6", detail: expect.stringContaining("not so much") };
  expect(JSON.parse(shortJson.stdout)).toMatchObject({ key: "I-2", refusal });
  expect(unknown.stderr).toContain("ItemNotRegistered: `perpetual record registration` comes first.");
  expect(preview).toMatchObject({ code: 0, stderr: "" });
  expect(preview.stdout).toMatch(
    /^nothing is recorded; it would be:\n {2}ReceiptInvoiced\n.*it would correct:\n.*rod +I-1 +costOfSales +2026-01-07 +-8 +-40 +-48\n$/s,
  );
  expect(JSON.parse(previewJson.stdout)).toMatchObject({ needsApproval: false, corrections: [{}, {}] });
  expect(noActor.stderr).toBe("perpetual: --actor: 1 to 200 characters, no control characters\n");
  expect((await eventsOf(own)).length).toBe(4);
});

test("a bill of several receipts, a stocktake of two people, and a period closed when it returns", async () => {
  const { own, record } = await rods();
  const done = async (...args: readonly string[]) => {
    const { code, stderr } = await record(...args);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  };
  await done("receipt", "rod", ...at("2026-01-06"), "--quantity", "5", "--value", "100", "--key", "R-2");
  const bill = ["landed-cost", "--document-date", "2026-01-20", "--reference", "Freight 9", "--amount", "10"];
  const receipts = [
    "--basis",
    "value",
    "--receipts",
    "item=rod,receipt=R-1",
    "--receipts",
    "item=rod,receipt=R-2",
  ];
  await done(...bill, ...receipts, "--key", "LC-1");
  await done("company-correction-limit", "--correction-max", "null");
  await done("location-short-stock", "main", "--allowed", "true");
  await done("stocktake-opening", "S-1", "--location", "main", "--date", "2026-01-31");
  await done("stocktake-count", "S-1", "--item", "rod", "--counted", "14");
  const alone = await record("stocktake-approval", "S-1");
  expect(alone.stderr).toMatch(
    /^perpetual: ApproverCounted: .*: --actor is another person\.\n {2}approvedBy ada\n$/,
  );
  await done("stocktake-approval", "S-1", "--actor", "bob");
  await done("stocktake-posting", "S-1");
  await done("period-closing", "2026-01-01");
  const ask = async (...args: readonly string[]) =>
    JSON.parse((await perpetual([...args, "--json"], own.environment)).stdout) as Record<string, unknown>;
  const [periods, balances, lines, costs] = await Promise.all([
    ask("periods"),
    ask("balances", "--as-of", "2026-01-31"),
    ask("stocktake-lines", "S-1"),
    ask("landed-cost-lines", "LC-1"),
  ]);
  expect(periods).toMatchObject({ periods: [{ period: "2026-01-01", status: "closed" }] });
  expect(balances).toMatchObject({ balances: [{ quantity: "14", value: "199.5" }] });
  expect(lines).toMatchObject({ lines: [{ item: "rod", counted: "14" }] });
  expect(costs["lines"]).toHaveLength(2);
});

test("what goes by the tables goes by all that the log has, though nobody projected it", async () => {
  const own = await foundedBook();
  const book = await opened(own, { projects: false });
  const line = "rod,2026-01-05,receipt,10,100,main";
  await importing(book, { file: fileOf(csv("item,date,kind,quantity,value,location", line)) });
  await book.close();
  const refused = await recording(own)("company-costing-policy", "--policy", "freeze");
  expect(refused.stderr).toMatch(
    /^perpetual: MovementsInOpenTime: .*\n {2}openFrom null\n {2}lastMovement 2026-01-05\n$/,
  );
});

test("nobody approves what they send", async () => {
  const { record } = await rods();
  const { code, stderr } = await record(...sale("1"), "--approved-by", "ada");
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "perpetual: --approved-by: somebody else than --actor\n",
  });
});

test("where an item refuses its line of a stocktake, it is done in part", async () => {
  const { own, record } = await rods();
  await record("registration", "tin", "--unit", "piece", "--quantity-scale", "0");
  await record("stocktake-opening", "S-1", "--location", "main", "--date", "2026-01-31");
  // A surplus of what never came has no layer to take its cost from.
  for (const [item = "", many = ""] of [
    ["rod", "9"],
    ["tin", "1"],
  ])
    await record("stocktake-count", "S-1", "--item", item, "--counted", many);
  await record("stocktake-approval", "S-1", "--actor", "bob");
  const posted = await record("stocktake-posting", "S-1");
  expect(posted.code).toBe(2);
  expect(posted.stderr).toBe("perpetual: 1 lines were refused: `perpetual stocktake-lines S-1` tells why\n");
  const { stdout } = await perpetual(["stocktake-lines", "S-1"], own.environment);
  expect(stdout).toMatch(/rod .* posted .*\n.*tin .* refused +NoLayerToValueSurplus/);
});

test("a book without a company says what comes first, in words of the command line", async () => {
  const record = recording(await ownBook());
  const refused = await record("receipt", "rod", ...at("2026-01-05"), "--quantity", "1", "--value", "1");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toBe(
    "perpetual: CompanyNotFounded: `perpetual record company` comes before every other command.\n",
  );
  const founding = [
    "company",
    "--base-currency",
    "EUR",
    "--time-zone",
    "Europe/Berlin",
    "--value-scale",
    "0",
  ];
  expect(await record(...founding)).toMatchObject({ code: 0 });
});
