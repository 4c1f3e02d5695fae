/** Stands in for the client's stream of appends: on a real one, an answer comes late only when two connections die oddly. */
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { guardClient } from "../../../api/event-store/client-guards.ts";

class Stream extends EventEmitter {
  readonly written: unknown[] = [];
  write(request: unknown): boolean {
    this.written.push(request);
    return false;
  }
}

/** As the client opens its streams, with its listener in place. */
function clientOf(stream: Stream) {
  const pending = new Map([["known", "answered"]]);
  const answered: string[] = [];
  const client = {
    supports: async (): Promise<boolean> => Promise.reject(new Error("an odd failure")),
    GRPCStreamCreator: (_kind: unknown, _name: string, open: (grpcClient: unknown) => Stream) => open({}),
  };
  const open = () =>
    stream.on("data", (id: string) => {
      const [...letters] = pending.get(id) as string;
      answered.push(letters.join(""));
    });
  return { client, open, answered };
}

test("an answer that nobody waits for is dropped and told; the others arrive; no write waits", () => {
  const stream = new Stream();
  const { client, open, answered } = clientOf(stream);
  const dropped: unknown[] = [];
  guardClient(client, (error) => dropped.push(error));
  client.GRPCStreamCreator({}, "appendToStream", open);
  stream.emit("data", "late");
  stream.emit("data", "known");
  expect(answered).toEqual(["answered"]);
  expect(dropped).toEqual([expect.any(TypeError)]);
  expect(stream.write("request")).toBe(true);
  expect(stream.written).toEqual(["request"]);
});

test("other streams are left as they are", () => {
  const stream = new Stream();
  const { client, open } = clientOf(stream);
  guardClient(client, () => {});
  client.GRPCStreamCreator({}, "subscribeToAll", open);
  expect(() => stream.emit("data", "late")).toThrow(TypeError);
  expect(stream.write("request")).toBe(false);
});

test("what the server can do is not asked", async () => {
  const { client } = clientOf(new Stream());
  guardClient(client, () => {});
  expect(await client.supports()).toBe(true);
});

test("a client that opens its streams otherwise is refused", () => {
  expect(() => guardClient({}, () => {})).toThrow("not known");
});
