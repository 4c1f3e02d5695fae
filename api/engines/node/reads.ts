/** Streams.Read: a finite read of a stream or of `$all`, or a subscription. */
import type { ReadReq } from "@eventstore/db-client/generated/streams_pb.js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { invalid, notImplemented, unexpected } from "./errors.ts";
import { filterOf } from "./filter.ts";
import type { Entry } from "./log.ts";
import { confirmation, streamNotFound } from "./notices.ts";
import type { Direction } from "./pages.ts";
import { nameOf } from "./requests.ts";
import { type Sender, senderTo } from "./sending.ts";
import { type Reader, subscribeToAll, subscribeToStream } from "./subscriptions.ts";
import { pageOfAll, type Source, walk } from "./walk.ts";
import { readResponse, withStructuredId } from "./wire.ts";

type Options = ReadReq.Options;
type StreamOptions = ReadReq.Options.StreamOptions;

const END = Number.MAX_SAFE_INTEGER;
/** Revisions, positions and counts come as unsigned 64 bits. */
const numberOf = (text: string): number => Math.min(Number(text), END);

export function read(source: Source): (call: ServerWritableStream<ReadReq, Buffer>) => void {
  return (call) => {
    const sender = senderTo(call);
    serve(call.request.getOptions(), source, sender).then(
      () => call.end(),
      (error: unknown) => sender.gone.aborted || call.emit("error", error),
    );
  };
}

async function serve(options: Options | undefined, source: Source, sender: Sender): Promise<void> {
  if (!options?.hasUuidOption()) throw invalid("uuidOption is required");
  if (options.getResolveLinks()) throw notImplemented("links are not resolved");
  const reader = { ...sender, encode: encoderFor(options) };
  const stream = options.getStream();
  const name = nameOf(stream?.getStreamIdentifier());
  if (stream && name === "") throw invalid("a stream has a name");
  if (!options.hasSubscription())
    return stream ? readStream(name, stream, options, source, reader) : readAll(options, source, reader);
  const filter = filterOf(options);
  await sender.send(confirmation());
  return stream
    ? subscribeToStream(name, afterRevision(stream), source, reader)
    : subscribeToAll(afterPosition(options, source), filter, source, reader);
}

const encoderFor = (options: Options): ((entry: Entry) => Buffer) =>
  options.getUuidOption()?.hasStructured()
    ? ({ recorded, position }) => readResponse(withStructuredId(recorded), position)
    : ({ recorded, position }) => readResponse(recorded, position);

const directionOf = (options: Options): Direction =>
  options.getReadDirection() === 0 ? "forwards" : "backwards";

/** A subscription begins after what it names. Undefined: the end. */
function afterRevision(stream: StreamOptions): number | undefined {
  if (stream.hasEnd()) return undefined;
  return stream.hasRevision() ? numberOf(stream.getRevision()) : -1;
}

const afterPosition = (options: Options, { log }: Source): number =>
  options.getAll()?.hasEnd()
    ? log.head
    : numberOf(options.getAll()?.getPosition()?.getCommitPosition() ?? "0");

async function readStream(
  name: string,
  stream: StreamOptions,
  options: Options,
  { pages }: Source,
  { send, encode }: Reader,
): Promise<void> {
  const direction = directionOf(options);
  const count = numberOf(options.getCount());
  if (count === 0 || (direction === "forwards" && stream.hasEnd()))
    throw unexpected("Unexpected ReadStreamResult: Error");
  const from = stream.hasRevision() ? numberOf(stream.getRevision()) : stream.hasEnd() ? END : 0;
  let sent = 0;
  const page = (at: number, max: number) => pages.stream(name, direction, at, max);
  for await (const entries of walk(page, from, count)) {
    for (const entry of entries) await send(encode(entry));
    sent += entries.length;
  }
  if (sent > 0) return;
  const { entries } = await pages.stream(name, "backwards", END, 1);
  if (entries.length === 0) await send(streamNotFound(name));
}

async function readAll(options: Options, source: Source, { send, encode }: Reader): Promise<void> {
  const direction = directionOf(options);
  const filter = filterOf(options);
  let left = numberOf(options.getCount());
  if (left === 0) throw unexpected("Unexpected ReadAllResult: Error");
  const from = await positionToReadFrom(options, source);
  if (from > source.log.head && direction === "forwards") return;
  const page = (at: number, max: number) =>
    direction === "forwards" ? pageOfAll(source, at, max) : source.pages.all(direction, at, max);
  // Backwards, the event at the position itself is not included.
  const start = direction === "forwards" ? from : from - 1;
  for await (const entries of walk(page, start, filter ? Infinity : left))
    for (const entry of entries) {
      if (filter && !filter.matches(entry.recorded)) continue;
      await send(encode(entry));
      if (--left === 0) return;
    }
}

async function positionToReadFrom(options: Options, { log, pages }: Source): Promise<number> {
  const all = options.getAll();
  if (all?.hasEnd()) return END;
  const commit = numberOf(all?.getPosition()?.getCommitPosition() ?? "0");
  const prepare = numberOf(all?.getPosition()?.getPreparePosition() ?? "0");
  if (prepare > commit) throw unexpected("Exception was thrown by handler.");
  if (commit > 0 && commit <= log.head && !(await pages.has(commit)))
    throw unexpected("Unexpected ReadAllResult: InvalidPosition");
  return commit;
}
