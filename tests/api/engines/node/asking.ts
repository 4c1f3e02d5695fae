/** What tests of streams ask again and again, of a node that may be started again in between. */
import {
  ANY,
  type AppendExpectedRevision,
  BACKWARDS,
  END,
  type EventData,
  NO_STREAM,
} from "@eventstore/db-client";
import { collect, newStream, numberIn, type restartable, someEvents } from "./own-node.ts";

type Options = NonNullable<Parameters<ReturnType<typeof restartable>["client"]["readStream"]>[1]>;

export const error = (promise: Promise<unknown>) => promise.catch((thrown: unknown) => thrown);

export function asking(own: ReturnType<typeof restartable>) {
  const append = async (
    stream: string,
    events: EventData[],
    expectedRevision: AppendExpectedRevision = ANY,
  ) => (await own.client.appendToStream(stream, events, { expectedRevision })).nextExpectedRevision;
  return {
    append,
    numbersOf: async (stream: string, options: Options = {}) =>
      (await collect(own.client.readStream(stream, options))).map(numberIn),
    /** The last ones in $all, the youngest first. */
    lastOfAll: async (count: number) =>
      (await collect(own.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: count }))).map(
        ({ event }) => `${event?.streamId} ${event?.revision} ${event?.type}`,
      ),
    withEvents: async (count: number): Promise<string> => {
      const stream = newStream();
      await append(stream, someEvents(count), NO_STREAM);
      return stream;
    },
  };
}
