/** In a process of its own, as built: what it is to be the only one that uses the store, and to end. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { eventStoreUrl } from "../../support/engines.ts";
import { anyBook, newEvent } from "../../support/new-events.ts";

const adapter = new URL("../../../dist/api/event-store/eventstoredb.js", import.meta.url).href;

/** Runs the program on a `store` of its own, and gives what it printed once it has ended by itself. */
async function ran(body: string): Promise<string> {
  const program = `
    const { connectEventStore } = await import(${JSON.stringify(adapter)});
    const store = connectEventStore(${JSON.stringify(await eventStoreUrl())});
    ${body}`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    timeout: 20_000,
  });
  return (await run).stdout.trim();
}

/** The client's stream of appends would keep it alive for ever. */
test("a process that has disposed of its event store ends by itself", async () => {
  const book = anyBook();
  const printed = await ran(`
    const { outcome } = await store.append("${book}.item-a", [${JSON.stringify(newEvent())}], -1n);
    for await (const { caughtUp } of store.subscribe("${book}.", -1n, new AbortController().signal))
      if (caughtUp) break;
    const events = await store.read("${book}.item-a", 0n);
    console.log(outcome, events.length);
    await store.dispose();`);
  expect(printed).toBe("appended 1");
});

/** A command that is under way when its process stops tries again: the client would connect again, for ever. */
test("who asks after that is told so, and keeps no process alive", async () => {
  const stream = `${anyBook()}.item-a`;
  const event = JSON.stringify(newEvent());
  const printed = await ran(`
    await store.append("${stream}", [${event}], -1n);
    await store.dispose();
    const { outcome } = await store.append("${stream}", [${event}], -1n);
    const read = await store.read("${stream}", 0n).then(() => "read", ({ message }) => message);
    console.log(outcome, read);`);
  expect(printed).toBe("unknown the event store was disposed of");
});
