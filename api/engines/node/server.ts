/** One node: the log in Postgres behind the EventStoreDB protocol. What is not served answers UNIMPLEMENTED. */
import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { append, batchAppend } from "./appends.ts";
import { deleteStream, tombstone } from "./deletions.ts";
import { stopping } from "./errors.ts";
import { NO_EVENTS } from "./expectation.ts";
import { openLog } from "./log.ts";
import { getSupportedMethods, readGossip } from "./members.ts";
import { featuresService, gossipService, persistentService, streamsService } from "./messages.ts";
import { openPages } from "./pages.ts";
import { openGroups } from "./persistent/groups.ts";
import { persistentSubscriptions } from "./persistent/service.ts";
import { openQueue } from "./queue.ts";
import { read } from "./reads.ts";
import { WriteAhead } from "./sending.ts";
import { openShows } from "./shown.ts";
import { METADATA, metastreamOf, systemEvent } from "./streams.ts";
import type { Write } from "./writes.ts";

export type NodeSettings = Readonly<{
  databaseUrl: string;
  host: string;
  port: number;
  report: (what: string) => void;
  /** Another node has the log: end the process. */
  onSuperseded: () => void;
  /** How much of the log's end is kept in memory. */
  recentBytes?: number;
}>;

export type Node = Readonly<{ port: number; close(): Promise<void> }>;

const RECENT_BYTES = 32 * 2 ** 20;
/** A single event may be too large; the client is to be told so, which needs the event to arrive. */
const REQUEST_BYTES_MAX = 20 * 2 ** 20;
/** For the last answers to leave. */
const LEAVE_MS = 20;

/** Resolves when it serves, which it does only while it has the log for itself. */
export async function serveNode(settings: NodeSettings): Promise<Node> {
  const { databaseUrl, host, report, onSuperseded, recentBytes = RECENT_BYTES } = settings;
  const log = openLog(recentBytes);
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const pages = openPages(databaseUrl, report);
  const shows = openShows(pages);
  const queue = await openQueue({ databaseUrl, log, onCommitted: shows.changed, report, onSuperseded });
  const server = new Server({
    "grpc.max_receive_message_length": REQUEST_BYTES_MAX,
    interceptors: [(_, call) => new WriteAhead(call)],
  });
  let port = settings.port;
  if (log.head === 0) await queue.write(firstWrite(host));
  const source = { log, pages, shows };
  const groups = await openGroups({ queue, source, report });
  const { StreamsService } = streamsService;
  // Events are encoded already.
  const encoded = { ...StreamsService.read, responseSerialize: (bytes: Buffer) => bytes };
  server.addService(
    { ...StreamsService, read: encoded },
    {
      read: read(source, stop.signal),
      append: append(queue, stop.signal),
      batchAppend: batchAppend(queue),
      delete: deleteStream(queue),
      tombstone: tombstone(queue),
    },
  );
  const { PersistentSubscriptionsService } = persistentService;
  const told = { ...PersistentSubscriptionsService.read, responseSerialize: (bytes: Buffer) => bytes };
  server.addService(
    { ...PersistentSubscriptionsService, read: told },
    persistentSubscriptions(groups, source),
  );
  const { GossipService } = gossipService;
  server.addService(GossipService, { read: readGossip(host, () => port) });
  const { ServerFeaturesService } = featuresService;
  server.addService(ServerFeaturesService, { getSupportedMethods: getSupportedMethods() });
  async function close(): Promise<void> {
    stop.abort();
    await groups.close(stopping());
    await queue.close();
    await sleep(LEAVE_MS);
    server.forceShutdown();
    await pages.close();
  }
  try {
    port = await listen(server, host, port);
    return { port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** EventStoreDB's `$all` is never empty: a fresh one has said already how long it keeps its statistics. */
const firstWrite = (host: string): Write => ({
  kind: "append",
  stream: metastreamOf(`$stats-${host}`),
  expected: NO_EVENTS,
  events: [systemEvent(METADATA, '{"$maxAge":86400}')],
  bytes: 0,
  deadline: Number.POSITIVE_INFINITY,
});

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
