/**
 * Goal: what depends on something is never recorded beside what takes that away, whichever of two servers decides it; and no
 * figure of a closed day moves.
 * Method: two server processes on one log; pairs of commands that exclude each other, or change each other's outcome, are
 * sent to both at once, many times; then what the log has, and what every table says of it.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { freePort } from "../../api/engines/free-port.ts";
import { verify } from "../../api/verify/verify.ts";
import { item, itemStream } from "../../domain/inventory/item.ts";
import type { ItemEvent } from "../../domain/inventory/item-events.ts";
import { PERPETUAL, start } from "../support/cli.ts";
import { databaseUrl, eventStoreUrl } from "../support/engines.ts";
import { foundation, type Json, served } from "../support/served.ts";

const RACES = 25;
const here = await served({ waitMaxMs: 20_000 });
const { get, record } = here;
const names = Array.from({ length: RACES }, (_, n) => `r${n}`);
const on = (effectiveDate: string, more: object) => ({ effectiveDate, ...more });

/** Another server process on the same book. */
async function another() {
  const port = await freePort();
  const program = start(PERPETUAL, ["serve"], {
    ...{ BOOK: here.book.name, DATABASE_URL: await databaseUrl(), EVENTSTORE_URL: await eventStoreUrl() },
    ...{ PORT: `${port}`, PERPETUAL_HOME: "/nowhere", LOG_LEVEL: "error" },
  });
  if (program.child.stdout) await once(program.child.stdout, "data");
  return {
    async post(path: string, body: object, key: string) {
      const headers = { "content-type": "application/json", "idempotency-key": key, "x-actor": "bob" };
      const url = `http://127.0.0.1:${port}${path}`;
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Json };
    },
    stop() {
      program.child.kill("SIGTERM");
      return program.ended;
    },
  };
}

/** Both at once, or one of them, by turns, some milliseconds later. */
async function race<T>(n: number, mine: () => Promise<T>, other: () => Promise<T>): Promise<readonly [T, T]> {
  const later = async (send: () => Promise<T>) => {
    await sleep(2 * (n % 8));
    return send();
  };
  return n % 2 === 0 ? Promise.all([mine(), later(other)]) : Promise.all([later(mine), other()]);
}

async function state(of: string) {
  const log = await here.book.store.read(itemStream(here.book.name, of), 0n);
  return log.map(({ type, data }) => ({ type, data }) as ItemEvent).reduce(item.evolve, item.initial);
}

beforeAll(async () => {
  await record("/v1/company", foundation);
  const receipt = { quantity: "10", location: "A" };
  const issue = { quantity: "4", location: "A", purpose: "sale", reference: "SO-1" };
  for (const name of names) {
    await record(`/v1/items/${name}/registration`, { unit: "m", quantityScale: 0 });
    await record(`/v1/items/${name}/receipts`, on("2026-01-10", { ...receipt, value: "100" }), `${name}-R`);
    await record(`/v1/items/${name}/issues`, on("2026-01-12", issue), `${name}-I`);
  }
});

test("a cancelling against a return: one of the two", async () => {
  const other = await another();
  const winners = new Set<string>();
  for (const [n, name] of names.entries()) {
    const cancel = () =>
      here.post(`/v1/items/${name}/movements/${name}-I/cancellation`, { reference: "x" }, `${name}-X`);
    const back = on("2026-01-13", { issue: `${name}-I`, quantity: "1", location: "A" });
    const returned = () => other.post(`/v1/items/${name}/returns`, back, `${name}-B`);
    const [cancelled, came] = await race<{ status: number; body: Json }>(n, cancel, returned);
    expect([cancelled.status, came.status].filter((status) => status === 201)).toHaveLength(1);
    if (cancelled.status === 201) expect(came.body).toMatchObject({ title: "IssueNotFound" });
    else expect(cancelled.body).toMatchObject({ title: "OthersDependOnMovement", dependents: [`${name}-B`] });
    winners.add(cancelled.status === 201 ? "cancel" : "return");
  }
  await other.stop();
  expect(winners.size).toBe(2);
});

test("two late facts on one item: both, and the outcome is the same in either order", async () => {
  const other = await another();
  const late = { quantity: "2", location: "A", value: "10", reference: null };
  const bill = { documentDate: "2026-01-20", reference: "INV", quantity: "10", amount: "130" };
  const orders = new Set<string>();
  for (const [n, name] of names.entries()) {
    const receive = () => here.post(`/v1/items/${name}/receipts`, on("2026-01-05", late), `${name}-R0`);
    const invoice = () => other.post(`/v1/items/${name}/receipts/${name}-R/invoices`, bill, `${name}-INV`);
    const [received, invoiced] = await race<{ status: number; body: Json }>(n, receive, invoice);
    expect([received.status, invoiced.status]).toEqual([201, 201]);
    orders.add(
      BigInt(received.body["position"] as string) < BigInt(invoiced.body["position"] as string) ? "<" : ">",
    );
  }
  await other.stop();
  expect(orders.size).toBe(2);
  const last = await here.seq();
  const value = async (name: string) => {
    const { body } = await get(`/v1/balances?item=${name}&knownAt=${last}&minPosition=0`);
    return (body["balances"] as readonly Json[]).map(({ quantity, value }) => [quantity, value]);
  };
  // Of 2 for 10 and 10 for 130: what was issued is two of the first and two of the others, or all is there, or 1 came back.
  const ends = new Set<string>();
  for (const name of names) ends.add(JSON.stringify(await value(name)));
  const isReturned = ["9", "117"];
  expect(
    [...ends].every((end) => [JSON.stringify([["12", "140"]]), JSON.stringify([isReturned])].includes(end)),
    [...ends].join(),
  ).toBe(true);
  for (const name of names) expect(await state(name)).toHaveProperty("status", "Registered");
});

test("a closing against late facts: what was closed stands, and no fact is lost", async () => {
  const other = await another();
  let accepted = 0;
  const figures = () => get("/v1/balances?asOf=2026-01-31&limit=1000");
  const closing = here.post("/v1/periods/2026-01-01/closing", {}, "close");
  const facts = names.flatMap((name) => {
    const receipt = { quantity: "1", location: "A", value: "7", reference: null };
    return [
      other.post(`/v1/items/${name}/receipts`, on("2026-01-20", receipt), `${name}-L`),
      other.post(
        `/v1/items/${name}/receipts/${name}-R/costs`,
        { documentDate: "2026-01-21", reference: "F", kind: "landedCost", amount: "3" },
        `${name}-F`,
      ),
    ];
  });
  for (const { status, body } of await Promise.all(facts))
    if (status === 201) accepted += 1;
    else expect(body).toMatchObject({ title: "PeriodClosed" });
  expect((await closing).status).toBe(201);
  expect(accepted).toBeGreaterThanOrEqual(RACES); // a cost is taken whenever it comes
  const isClosed = async () =>
    ((await get("/v1/periods")).body["periods"] as readonly Json[])[0]?.["status"] === "closed";
  for (let look = 0; look < 300 && !(await isClosed()); look += 1) await sleep(50);
  expect(await isClosed()).toBe(true);
  const closed = (await figures()).body["balances"];
  for (const name of names) {
    const cost = { documentDate: "2026-01-25", reference: "G", kind: "landedCost", amount: "11" };
    const { status } = await other.post(`/v1/items/${name}/receipts/${name}-R/costs`, cost, `${name}-G`);
    expect(status).toBe(201);
  }
  await other.stop();
  await here.seq();
  expect((await figures()).body["balances"]).toEqual(closed);
  for (const check of await verify(here.book, () => {}))
    expect(check).toMatchObject({ difference: undefined });
});
