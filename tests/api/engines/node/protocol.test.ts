/** What other clients ask than the official one for Node does, and what isn't served. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from "@eventstore/db-client";
import shared from "@eventstore/db-client/generated/shared_pb.js";
import service from "@eventstore/db-client/generated/streams_grpc_pb.js";
import streams, { type ReadReq, type ReadResp } from "@eventstore/db-client/generated/streams_pb.js";
import { credentials } from "@grpc/grpc-js";
import { expect, onTestFinished, test } from "vitest";
import { serveNode } from "../../../../api/engines/node/server.ts";
import {
  clientOf,
  collect,
  newDatabase,
  newStream,
  nodeHere,
  nodeProcess,
  numbered,
  numberIn,
  someEvents,
} from "./own-node.ts";

async function nodeWith(count: number) {
  const node = await nodeHere(await newDatabase());
  const client = clientOf(node.port);
  const stream = newStream();
  const events = someEvents(count);
  await client.appendToStream(stream, events);
  const raw = new service.StreamsClient(`127.0.0.1:${node.port}`, credentials.createInsecure());
  onTestFinished(async () => {
    raw.close();
    await client.dispose();
    await node.close();
  });
  return { node, client, stream, events, raw };
}

function requestOf(fill: (options: ReadReq.Options) => void): ReadReq {
  const options = new streams.ReadReq.Options();
  const all = new streams.ReadReq.Options.AllOptions();
  all.setStart(new shared.Empty());
  options.setAll(all);
  options.setCount("100");
  options.setNoFilter(new shared.Empty());
  const ids = new streams.ReadReq.Options.UUIDOption();
  ids.setString(new shared.Empty());
  options.setUuidOption(ids);
  fill(options);
  const request = new streams.ReadReq();
  request.setOptions(options);
  return request;
}

test("ids as two numbers", async () => {
  const { raw, events } = await nodeWith(20);
  const request = requestOf((options) => options.getUuidOption()?.setStructured(new shared.Empty()));
  const responses: readonly ReadResp[] = await collect(raw.read(request));
  const ids = responses.slice(-events.length).map((response) => {
    const id = response.getEvent()?.getEvent()?.getId()?.getStructured();
    return [id?.getMostSignificantBits(), id?.getLeastSignificantBits()]
      .map((half) =>
        BigInt.asUintN(64, BigInt(half ?? "0"))
          .toString(16)
          .padStart(16, "0"),
      )
      .join("");
  });
  expect(ids).toEqual(events.map(({ id }) => id.replaceAll("-", "")));
});

test("a read of $all with a filter counts what passes it", async () => {
  const { raw, client } = await nodeWith(600);
  await client.appendToStream(newStream(), [jsonEvent({ type: "Other", data: { n: 1 } }), ...someEvents(3)]);
  const request = requestOf((options) => {
    const expression = new streams.ReadReq.Options.FilterOptions.Expression();
    expression.setRegex("^Other");
    const filter = new streams.ReadReq.Options.FilterOptions();
    filter.setEventType(expression);
    options.setFilter(filter);
    options.setCount("1");
  });
  const responses: readonly ReadResp[] = await collect(raw.read(request));
  expect(responses.map((response) => response.getEvent()?.getEvent()?.getStreamRevision())).toEqual(["0"]);
});

test("a client that looks for the leader finds it", async () => {
  const { node, stream } = await nodeWith(2);
  const client = EventStoreDBClient.connectionString(`esdb+discover://127.0.0.1:${node.port}?tls=false`);
  expect((await collect(client.readStream(stream))).map(numberIn)).toEqual([0, 1]);
  await client.dispose();
});

test("what is not served says so", async () => {
  const { client } = await nodeWith(1);
  await expect(client.listProjections()).rejects.toMatchObject({ code: 12 });
});

test("a node that stops tells so to who reads", async () => {
  const node = await nodeHere(await newDatabase());
  const client = clientOf(node.port);
  onTestFinished(() => client.dispose());
  const stream = newStream();
  await client.appendToStream(stream, someEvents(1));
  const settings = persistentSubscriptionToStreamSettingsFromDefaults();
  await client.createPersistentSubscriptionToStream(stream, "group", settings);
  const readers = [
    client.subscribeToAll(),
    client.subscribeToStream(stream),
    client.subscribeToPersistentSubscriptionToStream(stream, "group"),
  ];
  for (const reader of readers) reader.on("data", () => {});
  await Promise.all(readers.map((reader) => once(reader, "confirmation")));
  const ends = readers.map((reader) => once(reader, "error"));
  await node.close();
  for (const [error] of await Promise.all(ends)) {
    expect(error).toMatchObject({ type: "cancelled" });
    // By the node, not by the end of the connection.
    expect(error.message).toContain("the node stops");
  }
});

test("a node that can't have its port lets go of the log", async () => {
  const { node } = await nodeWith(1);
  const databaseUrl = await newDatabase();
  const settings = { databaseUrl, host: "127.0.0.1", report: () => {}, onSuperseded: () => {} };
  await expect(serveNode({ ...settings, port: node.port })).rejects.toThrow(/EADDRINUSE|address/);
  await (await serveNode({ ...settings, port: 0 })).close();
});

test.runIf(process.platform === "linux")("readers that don't read cost the node no memory", async () => {
  const node = await nodeProcess(await newDatabase());
  const client = clientOf(node.port);
  onTestFinished(() => client.dispose());
  const wide = "x".repeat(2_000);
  const events = () => Array.from({ length: 400 }, (_, n) => jsonEvent({ type: "Wide", data: { n, wide } }));
  for (let written = 0; written < 16_000; written += 400) await client.appendToStream(newStream(), events());
  const before = memoryOf(node.pid);
  const idle = Array.from({ length: 10 }, () => client.subscribeToAll());
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  // All of them would be 320 MB.
  expect(memoryOf(node.pid) - before).toBeLessThan(120);
  await client.appendToStream(newStream(), [numbered(1)]);
  for (const subscription of idle) await subscription.unsubscribe();
});

const memoryOf = (pid: number): number => {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
};
