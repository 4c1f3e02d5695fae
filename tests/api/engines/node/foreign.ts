/** What other programs write into the same log. */
import { binaryEvent, jsonEvent } from "@eventstore/db-client";
import { clientAt } from "./own-node.ts";

/** On each stream an event in JSON, one that is not, a link, and one that looks like ours. */
export async function writeForeign(url: string, streams: readonly string[]): Promise<void> {
  const client = clientAt(url);
  for (const stream of streams)
    await client.appendToStream(stream, [
      jsonEvent({ type: "InvoicePaid", data: { amount: 1.5 } }),
      binaryEvent({ type: "Blob", data: Buffer.from([0, 255]) }),
      binaryEvent({ type: "$>", data: Buffer.from(`0@${stream}`) }),
      jsonEvent({ type: "ItemRenamed", data: { item: "rod", name: "not ours" } }),
    ]);
  await client.dispose();
}
