import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A line to a server that a test can cut, hold up, or leave dead. */
export type TcpProxy = Readonly<{
  port: number;
  /** Ends every connection, as a crash or a pulled cable does; a new one is taken unless `refuse(true)`. */
  cut(): void;
  refuse(yes: boolean): void;
  /** Nothing passes in either direction, and nobody is told. */
  hold(yes: boolean): void;
  /** So many bytes came from the server. */
  received(): number;
  close(): Promise<void>;
}>;

export async function tcpProxy(host: string, port: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let refusing = false;
  let holding = false;
  let received = 0;
  const server = createServer({ noDelay: true }, (near) => {
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect({ host, port, noDelay: true });
    far.on("data", ({ length }) => {
      received += length;
    });
    const pair = [near, far] as const;
    pairs.add(pair);
    join(near, far);
    join(far, near);
    if (holding) for (const socket of pair) socket.pause();

    function join(from: Socket, to: Socket) {
      from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => {});
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    refuse(yes) {
      refusing = yes;
    },
    hold(yes) {
      holding = yes;
      for (const socket of [...pairs].flat()) {
        if (yes) socket.pause();
        else socket.resume();
      }
    },
    received: () => received,
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
