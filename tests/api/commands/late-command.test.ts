/**
 * Goal (COSTING §6): a late movement whose corrections take several appends is one command: half of it is never decided
 * upon, and whoever comes next completes it with the very events that it would have had.
 * Method: an item of 1,200 movements, each corrected; the store gives no answer from some append on; then another process.
 */
import { beforeEach, expect, test } from "vitest";
import { commandHandler } from "../../../api/commands/command-handler.ts";
import type { Request } from "../../../api/commands/handling.ts";
import { sha256 } from "../../../api/commands/idempotency.ts";
import { item } from "../../../domain/inventory/item.ts";
import type { ItemCommand } from "../../../domain/inventory/item-commands.ts";
import { IssueGoods, ReceiveGoods, registered, rod } from "../../support/rod.ts";
import { laggingTrail, scriptedStore } from "../../support/scripted-store.ts";

const stream = "main.item-rod";
const scripted = scriptedStore();
const { log, store } = scripted;
const lagging = laggingTrail(log);
/** A process with a cache of its own. No append holds two of the events. */
const begin = (appendBytesMax = 50_000) =>
  commandHandler(item, {
    store,
    trail: lagging.trail,
    now: () => new Date("2026-03-31T12:00:00Z"),
    appendBytesMax,
  });

const request = (command: ItemCommand): Request<ItemCommand> => {
  const commandId = "movement" in command.data ? command.data.movement : "registration";
  return { commandId, commandHash: sha256([command]), actor: "ada", stream, command };
};
const on = (day: string) => ({ effectiveDate: `2026-03-${day}` });
const late = ReceiveGoods("L0", "1", "7", on("01"));
const cost = () => {
  const rows = log.flatMap(({ data }) =>
    "rows" in data ? (data.rows as { movement: string; value: string }[]) : [],
  );
  const of = rows.filter(({ movement }) => movement.startsWith("I"));
  return of.reduce((sum, { value }) => sum - Number(value), 0);
};

beforeEach(async () => {
  scripted.clear();
  lagging.forget();
  const handler = begin();
  const moves = Array.from({ length: 600 }, (_, n) => [
    ReceiveGoods(`R${n}`, "1", "10", on("02")),
    IssueGoods(`I${n}`, "1", on("03")),
  ]).flat();
  const commands: ItemCommand[] = [{ type: "RegisterItem", data: rod, today: "2026-03-31" }, ...moves];
  const outcomes = await Promise.all(commands.map((command) => handler.handle(request(command))));
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["accepted"]));
  expect(log[0]?.data).toEqual(registered.data);
  expect(cost()).toBe(6_000);
});

const parts = () =>
  log.filter(({ metadata }) => metadata.commandId === "L0").map(({ id, data }) => ({ id, data }));

async function whole() {
  const { length } = log;
  expect(await begin().handle(request(late))).toMatchObject({ status: "accepted" });
  const expected = parts();
  log.length = length;
  return expected;
}

test.each([1, 2])("cut short after %i of three appends, and completed by who decides next", async (after) => {
  const expected = await whole();
  expect(expected.length).toBe(3);
  const { length } = scripted.appends;
  scripted.fail(length + after);
  expect(await begin().handle(request(late))).toEqual({ status: "unavailable" });
  expect(parts().length).toBe(after);
  scripted.fail(Number.POSITIVE_INFINITY);
  // Nothing is left: what is short is refused on the state after the whole of it.
  const outcome = await begin().handle(request(IssueGoods("X", "2", on("04"))));
  expect(outcome).toMatchObject({ refusal: { name: "InsufficientStock", onHand: "1" } });
  expect(parts()).toEqual(expected);
  expect(cost()).toBe(5_997);
});

test("completed by who is asked to, from the trail's copy and the tail; sent again, it is answered as the first time", async () => {
  const expected = await whole();
  lagging.see();
  scripted.fail(scripted.appends.length + 1);
  await begin().handle(request(late));
  scripted.fail(Number.POSITIVE_INFINITY);
  await begin(10_000_000).complete(stream);
  expect(parts()).toEqual(expected);
  const again = await begin().handle(request(late));
  expect(again).toMatchObject({ status: "accepted", answer: { events: { length: 3 } } });
  expect(parts()).toEqual(expected);
});
