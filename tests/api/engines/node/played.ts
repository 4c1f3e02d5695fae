/** A history played through the official client, on streams of its own, and told like the model tells it. */
import { randomUUID } from "node:crypto";
import {
  ANY,
  type AppendExpectedRevision,
  type AppendResult,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  type ExpectedRevision,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  type Position,
  type RecordedEvent,
  START,
  STREAM_EXISTS,
} from "@eventstore/db-client";
import type { Outcome } from "../../../support/event-store-histories.ts";
import {
  type Answer,
  type At,
  brief,
  type Command,
  type Data,
  type Expected,
} from "../../../support/event-store-model.ts";

export async function played(client: EventStoreDBClient, commands: readonly Command[]): Promise<Outcome> {
  const names = namesOf(`history-${randomUUID()}.`);
  // Where to read the log from, which may be long: it can't be read from between two events.
  const mark = await client.appendToStream(names.full("mark"), jsonEvent({ type: "Begun", data: {} }));
  const answers: Answered[] = [];
  for (const command of commands) answers.push(await answered(client, names, command));

  const places = new Map<bigint, number>();
  const log: string[] = [];
  for await (const { event } of client.readAll({ fromPosition: positionOf(mark) })) {
    if (!event || !names.owns(event.streamId) || event.streamId === names.full("mark")) continue;
    places.set(event.position.commit, log.length);
    log.push(names.told(event));
  }
  const placed = ({ answer, position }: Answered): Answer => {
    if (position === undefined) return answer;
    const at: At = position === null ? "nowhere" : (places.get(position.commit) ?? Number.NaN);
    return "removed" in answer ? { removed: at } : { ...answer, at };
  };
  return { answers: answers.map(placed), log };
}

/** No position: the answer has no place for one; null: it names none. */
type Answered = Readonly<{ answer: Answer; position?: Position | null }>;

const positionOf = ({ position }: AppendResult): Position => {
  if (!position) throw new Error("an append without a position");
  return position;
};

type Names = ReturnType<typeof namesOf>;

function namesOf(prefix: string) {
  const uuids = new Map<string, string>();
  const labels = new Map<string, string>();
  return {
    full: (stream: string): string =>
      stream.startsWith("$$") ? `$$${prefix}${stream.slice(2)}` : prefix + stream,
    owns: (name: string): boolean => name.startsWith(prefix) || name.startsWith(`$$${prefix}`),
    uuid(label: string | null): string {
      const known = uuids.get(label ?? "");
      if (known !== undefined) return known;
      const uuid = randomUUID();
      if (label !== null) {
        uuids.set(label, uuid);
        labels.set(uuid, label);
      }
      return uuid;
    },
    told: ({ streamId, revision, type, id, isJson, data }: RecordedEvent): string =>
      brief({
        stream: streamId.replace(prefix, ""),
        revision,
        type,
        id: labels.get(id) ?? null,
        data: isJson ? (data as unknown as Data) : null,
      }),
  };
}

const named = { any: ANY, no_stream: NO_STREAM, stream_exists: STREAM_EXISTS } as const;
const expectedOf = (expected: Expected): AppendExpectedRevision =>
  typeof expected === "number" ? BigInt(expected) : named[expected];

/** The types leave STREAM_EXISTS out; a tombstone takes it all the same. */
const expectedOfDelete = (expected: Expected) => expectedOf(expected) as ExpectedRevision;

async function answered(client: EventStoreDBClient, names: Names, command: Command): Promise<Answered> {
  const stream = names.full(command.stream);
  try {
    switch (command.kind) {
      case "append": {
        const events = command.events.map(({ id, type, data }) =>
          jsonEvent({ id: names.uuid(id), type, data: data ?? {} }),
        );
        const options = { expectedRevision: expectedOf(command.expected) };
        return appended(await client.appendToStream(stream, events, options), events.length);
      }
      case "set metadata": {
        const options = { expectedRevision: expectedOf(command.expected) };
        return appended(await client.setStreamMetadata(stream, command.metadata, options), 1);
      }
      case "delete": {
        const options = { expectedRevision: expectedOfDelete(command.expected) };
        const { position } = await client.deleteStream(stream, options);
        return { answer: { removed: "nowhere" }, position: position ?? null };
      }
      case "tombstone": {
        const options = { expectedRevision: expectedOfDelete(command.expected) };
        const { position } = await client.tombstoneStream(stream, options);
        return { answer: { removed: "nowhere" }, position: position ?? null };
      }
      case "read": {
        const events: string[] = [];
        const from = { start: START, end: END } as const;
        const read = client.readStream(stream, {
          direction: command.forwards ? FORWARDS : BACKWARDS,
          fromRevision: typeof command.from === "number" ? BigInt(command.from) : from[command.from],
          ...(command.count === null ? {} : { maxCount: command.count }),
        });
        for await (const { event } of read) if (event) events.push(names.told(event));
        return { answer: { events } };
      }
    }
  } catch (error) {
    return { answer: refused(error) };
  }
}

const appended = ({ nextExpectedRevision, position }: AppendResult, count: number): Answered => {
  const revision = `${nextExpectedRevision}`;
  // Where an append of nothing stands is nobody's business.
  return count === 0
    ? { answer: { revision, at: "anywhere" } }
    : { answer: { revision, at: "nowhere" }, position: position ?? null };
};

type Version = string | bigint;
type ClientError = Readonly<{ type?: string; expectedVersion?: Version; actualVersion?: Version }>;

function refused(error: unknown): Answer {
  const { type, expectedVersion, actualVersion } = error as ClientError;
  // What the client has no name for is no answer.
  if (type === undefined) throw error;
  if (type !== "wrong-expected-version") return { refused: type };
  return { refused: type, expected: `${expectedVersion}`, actual: `${actualVersion}` };
}
