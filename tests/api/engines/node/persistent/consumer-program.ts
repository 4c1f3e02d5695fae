/** A consumer in a process of its own, to be killed: what it has seen is in the file before it says so. */
import { openSync, writeSync } from "node:fs";
import { EventStoreDBClient } from "@eventstore/db-client";

const [url = "", stream = "", group = "", file = ""] = process.argv.slice(2);
const seen = openSync(file, "a");
const client = EventStoreDBClient.connectionString(url);
const subscription = client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize: 50 });
for await (const resolved of subscription) {
  const { n } = (resolved.event?.data ?? {}) as { n?: number };
  writeSync(seen, `${n}\n`);
  await subscription.ack(resolved);
}
