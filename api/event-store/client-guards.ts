/**
 * The one place that knows the inside of the client (6.2.1, frozen), for three faults that no caller can catch. The faults
 * test shows the second; the first takes two connections, one of which dies while the other waits for an answer.
 *
 * - The pending appends of the process are one table. When a stream of appends breaks, all are rejected and the table is
 *   emptied; an answer that comes later, on another stream, finds nothing, and the client's listener throws out of the
 *   socket (`undefined is not iterable`): the process dies.
 * - When a stream breaks while writes queue behind a full buffer, their rejections have no handler: the process dies.
 * - What the server can do is asked once, before the first append. An odd failure is remembered, and fails every append.
 */
type AppendStream = Readonly<{
  listeners(event: "data"): readonly ((answer: unknown) => void)[];
  off(event: "data", listener: (answer: unknown) => void): unknown;
  on(event: "data", listener: (answer: unknown) => void): unknown;
}> & { write(request: unknown): boolean };

type Open = (grpcClient: unknown) => AppendStream;
type Inside = {
  GRPCStreamCreator: (kind: unknown, name: string, open: Open, cache?: unknown) => unknown;
  supports: () => Promise<boolean>;
};

/** `dropped` is told of the answers that nobody waits for; that append has long been called unknown. */
export function guardClient(client: object, dropped: (error: unknown) => void): void {
  const inside = client as Inside;
  const create = inside.GRPCStreamCreator;
  if (typeof create !== "function" || typeof inside.supports !== "function")
    throw new Error("the inside of this version of @eventstore/db-client is not known");
  inside.GRPCStreamCreator = (kind, name, open, cache) => {
    const guarded: Open = (grpcClient) => guardStream(open(grpcClient), dropped);
    return create(kind, name, name === "appendToStream" ? guarded : open, cache);
  };
  // It asks for batch appends, which every server has had since 2021.
  inside.supports = async () => true;
}

function guardStream(stream: AppendStream, dropped: (error: unknown) => void): AppendStream {
  for (const listener of stream.listeners("data")) {
    stream.off("data", listener);
    stream.on("data", (answer) => {
      try {
        listener(answer);
      } catch (error) {
        dropped(error);
      }
    });
  }
  // Never "full", so nothing queues. What is in flight is bounded by who appends, 1 MiB each.
  const write = stream.write.bind(stream);
  stream.write = (request) => {
    write(request);
    return true;
  };
  return stream;
}
