/** In a process of its own, as built: what it is to be the only one that uses the store, and to end. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { eventStoreUrl } from "../../support/engines.ts";
import { anyBook, newEvent } from "../../support/new-events.ts";

const adapter = new URL("../../../dist/api/event-store/eventstoredb.js", import.meta.url).href;

/** The client's stream of appends would keep it alive for ever. */
test("a process that has disposed of its event store ends by itself", async () => {
  const book = anyBook();
  const program = `
    const { connectEventStore } = await import(${JSON.stringify(adapter)});
    const store = connectEventStore(${JSON.stringify(await eventStoreUrl())});
    const { outcome } = await store.append("${book}.item-a", [${JSON.stringify(newEvent())}], -1n);
    for await (const { caughtUp } of store.subscribe("${book}.", -1n, new AbortController().signal))
      if (caughtUp) break;
    const events = await store.read("${book}.item-a", 0n);
    console.log(outcome, events.length);
    await store.dispose();`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    timeout: 20_000,
  });
  expect((await run).stdout.trim()).toBe("appended 1");
});
