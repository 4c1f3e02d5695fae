/**
 * Goal: of one stream nothing passes anything, whatever the log does. Method: a log that answers when told to, by a clock
 * of the test's; and the command handler itself, on a store whose answers get lost.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commandHandler } from "../../../api/commands/command-handler.ts";
import { GaveUp, inOrder } from "../../../api/import/in-order.ts";
import { item } from "../../../domain/inventory/item.ts";
import { decimal } from "../../../domain/kernel/decimal.ts";
import { laggingTrail, scriptedStore } from "../../support/scripted-store.ts";

type Outcome = Readonly<{ status: string; of?: string }>;

/** All tries, with their pauses. */
const A_LONG_WHILE_MS = 60_000;

describe("by a log that does not answer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("what comes in one turn goes together, streams side by side", async () => {
    const sent: string[] = [];
    const send = inOrder(async (request: string): Promise<Outcome> => {
      sent.push(request);
      await new Promise((resolve) => setTimeout(resolve, request.startsWith("a") ? 1_000 : 1));
      return { status: "accepted", of: request };
    });
    const all = Promise.all([send("a", "a1"), send("b", "b1"), send("a", "a2"), send("b", "b2")]);
    await vi.advanceTimersByTimeAsync(10);
    expect(sent).toEqual(["a1", "a2", "b1", "b2"]);
    const late = [send("a", "a3"), send("b", "b3")];
    await vi.advanceTimersByTimeAsync(10);
    expect(sent.slice(4)).toEqual(["b3"]); // a's turn is not over
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await all).map(({ of }) => of)).toEqual(["a1", "b1", "a2", "b2"]);
    expect((await Promise.all(late)).map(({ of }) => of)).toEqual(["a3", "b3"]);
    expect(sent.slice(4)).toEqual(["b3", "a3"]);
  });

  test("what was unavailable goes again, in its order, before what came later", async () => {
    const sent: string[] = [];
    let failures = 4;
    const send = inOrder(async (request: string): Promise<Outcome> => {
      sent.push(request);
      if (request === "2" || request === "3") {
        failures -= 1;
        if (failures >= 0) return { status: "unavailable" };
      }
      return { status: request === "3" ? "refused" : "accepted" };
    });
    const first = Promise.all(["1", "2", "3", "4"].map((request) => send("a", request)));
    await vi.advanceTimersByTimeAsync(1);
    const later = send("a", "5");
    await vi.advanceTimersByTimeAsync(A_LONG_WHILE_MS);
    expect((await first).map(({ status }) => status)).toEqual([
      "accepted",
      "accepted",
      "refused",
      "accepted",
    ]);
    expect((await later).status).toBe("accepted");
    expect(sent).toEqual(["1", "2", "3", "4", "2", "3", "2", "3", "5"]);
  });

  test("it gives up after some tries, and nothing later on that stream is sent, though the log answers again", async () => {
    const sent: string[] = [];
    let answers = false;
    const send = inOrder(async (request: string): Promise<Outcome> => {
      sent.push(request);
      return { status: answers || request.startsWith("other") ? "accepted" : "unavailable" };
    });
    const first = send("a", "1").catch((error: unknown) => {
      answers = true;
      return error;
    });
    await vi.advanceTimersByTimeAsync(1);
    const second = send("a", "2").catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(A_LONG_WHILE_MS);
    expect(await first).toBeInstanceOf(GaveUp);
    expect(await second).toBeInstanceOf(GaveUp);
    const third = send("a", "3").catch((error: unknown) => error);
    const other = send("b", "other");
    await vi.advanceTimersByTimeAsync(A_LONG_WHILE_MS);
    expect(await third).toBeInstanceOf(GaveUp);
    expect((await other).status).toBe("accepted");
    expect(new Set(sent)).toEqual(new Set(["1", "other"]));
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.length).toBeLessThan(20);
  });

  test("it waits longer each time, but never for long", async () => {
    const at: number[] = [];
    const send = inOrder(async (): Promise<Outcome> => {
      at.push(Date.now());
      return { status: "unavailable" };
    });
    const gaveUp = send("a", "1").catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(A_LONG_WHILE_MS);
    expect(await gaveUp).toBeInstanceOf(GaveUp);
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(5_000);
  });

  test("what breaks is passed on as it is", async () => {
    const broken = new Error("the database is gone");
    const send = inOrder(async (): Promise<Outcome> => {
      throw broken;
    });
    const all = Promise.allSettled([send("a", "1"), send("a", "2")]);
    await vi.advanceTimersByTimeAsync(10);
    expect(await all).toEqual([
      { status: "rejected", reason: broken },
      { status: "rejected", reason: broken },
    ]);
  });
});

/** A stream's turn holds 500 commands: a long file is of many turns. One of their appends, and its repeat, get no answer. */
test.each([
  ["the first", []],
  ["the second", [undefined]],
] as const)(
  "through the command handler: nothing passes an append without an answer, be it %s",
  async (_which, answered) => {
    const { log, faults, store } = scriptedStore();
    const { trail } = laggingTrail(log);
    const handler = commandHandler(item, { store, trail, now: () => new Date("2026-03-31T12:00:00Z") });
    const stream = "main.item-rod";
    const today = "2026-03-31";
    const registration = { name: "rod", unit: "m", quantityScale: 0, valueScale: 2, costBy: "fifo" } as const;
    const register = { type: "RegisterItem", data: { item: "rod", ...registration }, today } as const;
    const caller = { commandHash: "0".repeat(64), actor: "ada", stream };
    await handler.handle({ ...caller, commandId: "registration", command: register });

    const send = inOrder((command: typeof receipt extends (n: number) => infer C ? C : never) =>
      handler.handle({ ...caller, command, commandId: command.data.movement, bulk: true }),
    );
    const about = { item: "rod", time: null, lot: null, reference: null, location: "A" };
    const receipt = (n: number) => ({
      type: "ReceiveGoods" as const,
      data: {
        ...about,
        movement: `R-${n}`,
        effectiveDate: "2026-03-01",
        quantity: decimal("1"),
        value: decimal("1"),
      },
      today,
    });
    faults.push(...answered, "before", "before");
    const lines = Array.from({ length: 1_300 }, (_, n) => receipt(n));
    const outcomes = await Promise.all(lines.map((line) => send(stream, line)));
    expect(outcomes.every(({ status }) => status === "accepted")).toBe(true);
    expect(log.slice(1).map(({ metadata }) => metadata.commandId)).toEqual(
      lines.map(({ data }) => data.movement),
    );
  },
);
