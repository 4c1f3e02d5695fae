/** Streams.Read: a finite read of a stream or of `$all`, or a subscription. */
import type { ReadReq } from "@eventstore/db-client/generated/streams_pb.js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { invalid, stopping, streamDeleted, unexpected } from "./errors.ts";
import { filterOf } from "./filter.ts";
import { confirmation, streamNotFound } from "./notices.ts";
import type { Direction } from "./pages.ts";
import { type Reader, readerOf } from "./reader.ts";
import { revisionIn } from "./recorded.ts";
import { nameOf } from "./requests.ts";
import { type Sender, senderTo } from "./sending.ts";
import type { Shown } from "./shown.ts";
import { look, subscribeToAll, subscribeToStream } from "./subscriptions.ts";
import { pageOfAll, type Source, walk } from "./walk.ts";

type Options = ReadReq.Options;
type StreamOptions = ReadReq.Options.StreamOptions;

const END = Number.MAX_SAFE_INTEGER;
/** Revisions, positions and counts come as unsigned 64 bits. */
const numberOf = (text: string): number => Math.min(Number(text), END);

/** Whoever still reads when the node stops is told so. */
export function read(
  source: Source,
  stop: AbortSignal,
): (call: ServerWritableStream<ReadReq, Buffer>) => void {
  return (call) => {
    const sender = senderTo(call);
    const cancel = () => void call.emit("error", stopping());
    stop.addEventListener("abort", cancel);
    sender.gone.addEventListener("abort", () => stop.removeEventListener("abort", cancel));
    serve(call.request.getOptions(), source, sender).then(
      () => call.end(),
      (error: unknown) => sender.gone.aborted || call.emit("error", error),
    );
  };
}

async function serve(options: Options | undefined, source: Source, sender: Sender): Promise<void> {
  if (!options?.hasUuidOption()) throw invalid("uuidOption is required");
  const reader = readerOf(sender, options, source);
  const stream = options.getStream();
  const name = nameOf(stream?.getStreamIdentifier());
  if (stream && name === "") throw invalid("a stream has a name");
  if (stream && !options.hasSubscription()) refuseNothing(stream, options);
  const seen = stream && (await look(source, name));
  if (seen?.shown.is === "tombstoned") throw streamDeleted(name);
  if (!options.hasSubscription())
    return stream && seen
      ? readStream(name, seen.shown, stream, options, source, reader)
      : readAll(options, source, reader);
  const filter = filterOf(options);
  await sender.send(confirmation());
  return stream && seen
    ? subscribeToStream(name, seen, afterRevision(stream), source, reader)
    : subscribeToAll(afterPosition(options, source), filter, source, reader);
}

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

/** Told before the stream is looked at. */
function refuseNothing(stream: StreamOptions, options: Options): void {
  if (numberOf(options.getCount()) === 0 || (directionOf(options) === "forwards" && stream.hasEnd()))
    throw unexpected("Unexpected ReadStreamResult: Error");
}

async function readStream(
  name: string,
  { is, first, isYoung }: Shown,
  stream: StreamOptions,
  options: Options,
  { pages }: Source,
  { send, tell }: Reader,
): Promise<void> {
  const direction = directionOf(options);
  let left = numberOf(options.getCount());
  if (is === "deleted") return send(streamNotFound(name));
  const from = stream.hasRevision() ? numberOf(stream.getRevision()) : stream.hasEnd() ? END : 0;
  let found = false;
  const page = (at: number, max: number) => pages.stream(name, direction, at, max);
  const start = direction === "forwards" ? Math.max(from, first) : from;
  for await (const entries of walk(page, start, isYoung ? Infinity : left))
    for (const entry of entries) {
      found = true;
      if (first > 0 && revisionIn(entry.recorded) < first) return;
      if (isYoung && !isYoung(entry.recorded)) continue;
      await tell(entry);
      if (--left === 0) return;
    }
  if (!found && (await pages.head(name)) < 0) await send(streamNotFound(name));
}

async function readAll(options: Options, source: Source, { tell }: Reader): Promise<void> {
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
      await tell(entry);
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
