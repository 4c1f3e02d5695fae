/**
 * Sends commands over HTTP. Requests are written out beforehand and answers hardly looked at: on a small machine what
 * this process takes is taken from the server.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { movementId } from "./appends.ts";
import { secondsOf } from "./rounds.ts";
import { answer } from "./worker.ts";
import { itemsOf, movesOf, registrationOf, requestOf, type Workload } from "./workload.ts";

let server = new URL("http://localhost");
let requests: readonly Buffer[] = [];
let items = 0;

function written(path: string, key: string, body: object): Buffer {
  const text = JSON.stringify(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${server.host}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(text)}`,
    `Idempotency-Key: ${key}`,
    "X-Actor: bench",
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`);
}

type Connection = Readonly<{ send: (request: Buffer) => Promise<string>; end: () => void }>;

/** One request at a time. Answers carry their length. */
async function connected(): Promise<Connection> {
  const socket: Socket = connect(Number(server.port), server.hostname).setNoDelay();
  await once(socket, "connect");
  let text = "";
  let waiting: { resolve: (answer: string) => void; reject: (error: Error) => void } | undefined;
  socket.setEncoding("latin1").on("data", (more) => {
    text += more;
    const end = text.indexOf("\r\n\r\n");
    const length = /content-length: (\d+)/i.exec(text)?.[1];
    if (end < 0 || text.length < end + 4 + Number(length)) return;
    const whole = text;
    text = "";
    if (whole.startsWith("HTTP/1.1 201")) waiting?.resolve(whole.slice(end + 4));
    else waiting?.reject(new Error(`a command was not accepted: ${whole}`));
  });
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("the server closed the connection")));
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    end: () => void socket.destroy(),
  };
}

const jobs = {
  /** The company, then an item each, then the movements. */
  async prepare({ url, ...workload }: Workload & Readonly<{ url: string }>): Promise<void> {
    server = new URL(url);
    ({ items } = workload);
    const company = { baseCurrency: "EUR", timeZone: "Europe/Berlin" };
    const registrations = itemsOf(workload).map((item) => {
      const { unit, quantityScale } = registrationOf(item);
      return written(`/v1/items/${item}/registration`, `r-${item}`, { unit, quantityScale });
    });
    const moves = movesOf(workload).map((move, number) => written(...keyed(requestOf(move), number)));
    requests = [written("/v1/company", "founding", company), ...registrations, ...moves];
  },

  /** Seconds for those requests and milliseconds for each; and the last position that was answered. */
  async send({ from, to, inFlight }: Readonly<{ from: number; to: number; inFlight: number }>) {
    const waiting = requests.slice(from, to).entries();
    const answered: Promise<unknown>[] = [];
    const connections = await Promise.all(Array.from({ length: inFlight }, connected));
    const latencies: number[] = [];
    const last = new Set<string>();
    const seconds = await secondsOf(() =>
      Promise.all(
        connections.map(async ({ send }) => {
          let body = "";
          for (const [index, request] of waiting) {
            await answered[index - items]; // a connection that was held up, with the item's command before this
            const start = performance.now();
            const answer = send(request);
            answered[index] = answer;
            body = await answer;
            latencies.push(performance.now() - start);
          }
          last.add(body);
        }),
      ),
    );
    for (const { end } of connections) end();
    const positions = [...last].filter(Boolean).map((body) => BigInt(JSON.parse(body).position));
    return { seconds, latencies, position: positions.reduce((a, b) => (a > b ? a : b), 0n) };
  },
};

const keyed = ([path, body]: ReturnType<typeof requestOf>, number: number) =>
  [path, movementId(number), body] as const;

export type HttpLoad = typeof jobs;
answer(jobs);
