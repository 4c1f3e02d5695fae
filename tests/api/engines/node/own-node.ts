/** A node of the test's own, on a database of its own: in this process, or in one that can be killed. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { freePort } from "../../../../api/engines/free-port.ts";
import { type Node, type NodeSettings, serveNode } from "../../../../api/engines/node/server.ts";
import { openSession } from "../../../../read-models/database.ts";
import { databaseUrl as sharedDatabase } from "../../../support/engines.ts";

export async function sql<Row extends object>(databaseUrl: string, text: string): Promise<readonly Row[]> {
  const session = await openSession(databaseUrl, { onLost: () => {} });
  try {
    return await session.query<Row>(text);
  } finally {
    await session.close();
  }
}

export async function newDatabase(): Promise<string> {
  const server = await sharedDatabase();
  const name = `node_${randomUUID().replaceAll("-", "")}`;
  await sql(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}

export const nodeHere = (databaseUrl: string, settings: Partial<NodeSettings> = {}): Promise<Node> =>
  serveNode({
    databaseUrl,
    host: "127.0.0.1",
    port: 0,
    report: () => {},
    onSuperseded: () => {},
    ...settings,
  });

/** For tests that are not of the node: they don't import the client. */
export { binaryEvent, jsonEvent } from "@eventstore/db-client";

export const urlOf = (port: number): string => `esdb://127.0.0.1:${port}?tls=false`;
export const clientAt = (url: string): EventStoreDBClient => EventStoreDBClient.connectionString`${url}`;
export const clientOf = (port: number): EventStoreDBClient => clientAt(urlOf(port));

export type Process = Readonly<{ port: number; pid: number; kill(signal: NodeJS.Signals): Promise<void> }>;

/** Needs `npx tsc -p .` first. Resolves when it serves. */
export async function nodeProcess(databaseUrl: string, wantedPort?: number): Promise<Process> {
  const port = wantedPort ?? (await freePort());
  const child = spawn(process.execPath, ["dist/api/engines/node/main.js"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, DATABASE_URL: databaseUrl, EVENTSTORE_NODE_PORT: `${port}` },
  });
  const ended = once(child, "exit");
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  onTestFinished(() => kill("SIGKILL"));
  for await (const line of child.stdout) if (`${line}`.includes("listening")) break;
  return { port, pid: child.pid ?? 0, kill };
}

/** An event with a number in it. */
export const numbered = (n: number, id: string = randomUUID()) =>
  jsonEvent({ type: "Counted", id, data: { n } });
export const someEvents = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => numbered(from + index));

export const newStream = (): string => `test-${randomUUID()}`;

type Resolved = Readonly<{ event?: { data: unknown } | undefined }>;
export const numberIn = ({ event }: Resolved): number => (event as { data: { n: number } }).data.n;

export async function collect<T>(events: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Without the node's own. */
export const byClients = <T extends Readonly<{ event?: Readonly<{ streamId: string }> | undefined }>>(
  events: readonly T[],
): readonly T[] => events.filter(({ event }) => !event?.streamId.startsWith("$"));

/** One for all tests of a file, which may be started again: what it remembers is gone then, what is stored is not. */
export function restartable() {
  let database: string;
  let node: Node;
  let client: EventStoreDBClient;
  const start = async () => {
    node = await nodeHere(database);
    client = clientOf(node.port);
  };
  const stop = async () => {
    await client.dispose();
    await node.close();
  };
  beforeAll(async () => {
    database = await newDatabase();
    await start();
  });
  afterAll(stop);
  return {
    get client() {
      return client;
    },
    async restart() {
      await stop();
      await start();
    },
  };
}
