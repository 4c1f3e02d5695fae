/** The port, by the client of EventStoreDB. Its traps, and how each is closed: facts, `eventstoredb-client.md`. */
import {
  type AllStreamResolvedEvent,
  ErrorType,
  type EventData,
  EventStoreDBClient,
  eventTypeFilter,
  type Filter,
  isCommandError,
  NO_STREAM,
  type ResolvedEvent,
  START,
  streamNameFilter,
} from "@eventstore/db-client";
import { invariant } from "../../domain/kernel/assert.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { type EventStore, LOG_START, type Mark, NO_EVENTS } from "../../domain/kernel/event-store.ts";
import { guardClient } from "./client-guards.ts";
import { collected, SEARCHING, type Searching } from "./collected.ts";
import { refuseSilentOptions } from "./connection-string.ts";
import { marksOn, STREAM_DELETED } from "./marks.ts";
import { proposalsOf } from "./proposal.ts";
import { type Bounds, pullQueue } from "./pull-queue.ts";
import { within } from "./within.ts";

export type EventStoreOptions = Readonly<{
  /** How long an append may take before its outcome is called unknown, and a read may stand still. */
  timeoutMs?: number;
  /** What a subscription may hold that nobody has pulled. */
  bounds?: Bounds;
  /** Why an outcome is unknown, why a read is tried again, an answer that came too late. */
  report?: (error: unknown) => void;
}>;

export type ConnectedEventStore = EventStore & { dispose(): Promise<void> };

const READ_ATTEMPTS = 5;
const BACK_OFF_MS = 100;
/** The server tells how far it has searched after each 32 × so many events of whatever stream. */
const CHECKPOINT_INTERVAL = 8;

/** What another try can't change. Whatever else goes wrong with an append, it may have been stored. */
const final: ReadonlySet<unknown> = new Set([
  ErrorType.ACCESS_DENIED,
  ErrorType.INVALID_ARGUMENT,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.STREAM_DELETED,
]);
const typeOf = (error: unknown) => (error instanceof Error && isCommandError(error) ? error.type : undefined);

/** A process has one: its pending appends are one table. */
let shared: { readonly url: string; readonly client: EventStoreDBClient; users: number } | undefined;

/** Connects on first use. The client is shared, and closed when all who connected have disposed of it. */
export function connectEventStore(
  connectionString: string,
  options: EventStoreOptions = {},
): ConnectedEventStore {
  const {
    timeoutMs = 10_000,
    bounds = { events: 1_000, bytes: 4 * 1024 * 1024 },
    report = () => {},
  } = options;
  const connection = acquire(connectionString, report);
  const { client } = connection;
  const disposal = new AbortController();

  const append: EventStore["append"] = async (stream, events, expected) => {
    invariant(expected >= NO_EVENTS, `an append to ${stream} at revision ${expected}`);
    const proposals = proposalsOf(stream, events) as unknown as EventData[];
    const expectedRevision = expected === NO_EVENTS ? NO_STREAM : expected;
    try {
      disposal.signal.throwIfAborted(); // the client would connect again, and keep the process alive
      const request = client.appendToStream(stream, proposals, { expectedRevision, deadline: timeoutMs });
      const { nextExpectedRevision, position } = await within(timeoutMs, request);
      if (!position) throw new Error(`no position in the answer to an append to ${stream}`);
      return { outcome: "appended", revision: nextExpectedRevision, position: position.commit };
    } catch (error) {
      const type = typeOf(error);
      if (type === ErrorType.WRONG_EXPECTED_VERSION) return { outcome: "conflict" };
      if (final.has(type))
        throw new Error(`the store refused an append to ${stream}: ${type}`, { cause: error });
      report(error);
      return { outcome: "unknown" };
    }
  };

  async function read(stream: string, revision: bigint): Promise<readonly Recorded[]> {
    invariant(stream !== "" && revision >= 0n, `a read of "${stream}" from revision ${revision}`);
    for (let attempt = 1; ; attempt += 1) {
      try {
        disposal.signal.throwIfAborted();
        const call = client.readStream(stream, { fromRevision: revision });
        const all = await collected<ResolvedEvent>(call, "end", timeoutMs, () => call.cancel());
        return all.flatMap((resolved) => recordedOf(resolved) ?? []);
      } catch (error) {
        const type = typeOf(error);
        if (type === ErrorType.STREAM_NOT_FOUND) return [];
        if (final.has(type) || attempt === READ_ATTEMPTS || disposal.signal.aborted) throw error;
        report(error);
        await new Promise((resolve) => setTimeout(resolve, BACK_OFF_MS * 2 ** (attempt - 1)));
      }
    }
  }

  /** What describes streams of the book, by their names; and what ends one, by its type. */
  async function marks(prefix: string): Promise<readonly Mark[]> {
    const describing = await found((searching) =>
      streamNameFilter({ ...searching, prefixes: [`$$${prefix}`] }),
    );
    const ending = await found((searching) => eventTypeFilter({ ...searching, prefixes: [STREAM_DELETED] }));
    return marksOn(prefix, [...describing, ...ending]);
  }

  async function found(filterWith: (how: Searching) => Filter) {
    const checkpointReached = async () => void call.emit(SEARCHING);
    const filter = filterWith({ checkpointInterval: CHECKPOINT_INTERVAL, checkpointReached });
    const call = client.subscribeToAll({ fromPosition: START, filter });
    const all = collected<AllStreamResolvedEvent>(call, "caughtUp", timeoutMs, () => call.unsubscribe());
    return (await all).flatMap(({ event }) => event ?? []);
  }

  async function* subscribe(prefix: string, after: bigint, signal: AbortSignal) {
    invariant(prefix !== "", "a subscription to the streams of no book");
    if (signal.aborted) return;
    disposal.signal.throwIfAborted();
    const filter = streamNameFilter({
      prefixes: [prefix],
      checkpointInterval: CHECKPOINT_INTERVAL,
      checkpointReached: async (_, { commit }) => queue.checkpoint(commit),
    });
    const fromPosition = after === LOG_START ? START : { commit: after, prepare: after };
    const subscription = client.subscribeToAll({ fromPosition, filter });
    const queue = pullQueue(subscription, bounds);
    subscription.on("caughtUp", queue.caughtUp);
    subscription.on("error", (error) => queue.end({ error }));
    subscription.on("end", () => queue.end({ error: new Error(`the subscription to ${prefix} ended`) }));
    subscription.on("data", (resolved) => {
      try {
        queue.arrived(recordedOf(resolved), resolved.event?.position?.commit);
      } catch (error) {
        queue.end({ error });
      }
    });
    // At once, not at the next pull: a consumer that is busy, or gone, holds no call.
    const stop = () => {
      queue.end({});
      subscription.unsubscribe().catch(report);
    };
    const lose = () => queue.end({ error: disposal.signal.reason });
    signal.addEventListener("abort", stop, { once: true });
    disposal.signal.addEventListener("abort", lose, { once: true });
    try {
      for (let batch = await queue.pull(); batch; batch = await queue.pull()) yield batch;
    } finally {
      signal.removeEventListener("abort", stop);
      disposal.signal.removeEventListener("abort", lose);
      stop();
      subscription.destroy();
    }
  }

  async function dispose(): Promise<void> {
    if (disposal.signal.aborted) return;
    disposal.abort(new Error("the event store was disposed of"));
    await release(connection);
  }

  return { read, append, subscribe, marks, dispose };
}

function acquire(url: string, report: (error: unknown) => void) {
  if (shared && shared.url !== url)
    throw new Error("a process has one event store: this one is connected to another already");
  if (!shared) {
    refuseSilentOptions(url);
    const client = EventStoreDBClient.connectionString(url);
    guardClient(client, report);
    shared = { url, client, users: 0 };
  }
  shared.users += 1;
  return shared;
}

async function release(connection: NonNullable<typeof shared>): Promise<void> {
  connection.users -= 1;
  if (connection.users > 0) return;
  shared = undefined;
  await connection.client.dispose();
}

/** Data and metadata that are not JSON come as text or bytes, and are for the catalogue to refuse. */
function recordedOf({ event }: ResolvedEvent | AllStreamResolvedEvent): Recorded | undefined {
  if (!event || event.type.startsWith("$")) return undefined;
  const { id, type, data, metadata, streamId: stream, revision, position } = event;
  invariant(position !== undefined, `${stream} ${revision} came without its position`);
  return { id, type, data, metadata, stream, revision, position: position.commit } as Recorded;
}
