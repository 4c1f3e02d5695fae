/** BatchAppend and Append: requests → the queue → exactly one answer each. */
import { once } from "node:events";
import type { UUID } from "@eventstore/db-client/generated/shared_pb.js";
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
} from "@eventstore/db-client/generated/streams_pb.js";
import type { handleBidiStreamingCall, handleClientStreamingCall, ServerDuplexStream } from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import * as errors from "./errors.ts";
import { type Expected, NO_EVENTS } from "./expectation.ts";
import { shared, streams } from "./messages.ts";
import type { Queue } from "./queue.ts";
import { DEADLINE_MS, deadlineOf, expectedOf, nameOf, proposedOf, uuidOf } from "./requests.ts";
import { answerTo } from "./unary.ts";
import type { Proposed } from "./wire.ts";
import type { Result, Write } from "./writes.ts";

type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;
type BatchOptions = BatchAppendReq.Options;
type Open = {
  readonly options: BatchOptions;
  readonly deadline: number;
  readonly events: Proposed[];
  bytes: number;
  counted: number;
};
type Answer = ReturnType<typeof errors.timeout> | BatchAppendResp.Success;

export function batchAppend(queue: Queue): handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> {
  return (call) => {
    call.on("error", () => {});
    serveBatches(call, queue).then(
      () => call.end(),
      (error: unknown) => call.destroyed || call.emit("error", error),
    );
  };
}

/** An append comes in pieces by its correlation id. Pieces of one that is already refused are passed over. */
async function serveBatches(call: BatchCall, queue: Queue): Promise<void> {
  const open = new Map<string, Open>();
  const pending = new Set<Promise<void>>();
  for await (const request of call as AsyncIterable<BatchAppendReq>) {
    const correlation = request.getCorrelationId();
    if (!correlation) throw errors.invalid("a correlation id is required");
    const id = uuidOf(correlation);
    const options = request.getOptions();
    if (options) open.set(id, { options, deadline: deadlineIn(options), events: [], bytes: 0, counted: 0 });
    const append = open.get(id);
    if (!append) continue;
    const refusal = gather(append, request);
    if (refusal || request.getIsFinal()) open.delete(id);
    if (refusal) respond(call, correlation, append.options, refusal);
    if (refusal || !request.getIsFinal()) continue;
    await queue.room();
    const answered: Promise<void> = finish(queue, append).then((answer) => {
      respond(call, correlation, append.options, answer);
      pending.delete(answered);
    });
    pending.add(answered);
  }
  await Promise.all(pending);
}

const deadlineIn = (options: BatchOptions): number =>
  options.getDeadline()?.toDate().getTime() ?? Date.now() + DEADLINE_MS;

function gather(append: Open, request: BatchAppendReq): Answer | undefined {
  if (append.deadline < Date.now()) return errors.timeout();
  if (nameOf(append.options.getStreamIdentifier()) === "") return errors.badRequest("a stream has a name");
  for (const message of request.getProposedMessagesList()) {
    const event = proposedOf(message);
    if (typeof event === "string") return errors.badRequest(event);
    append.bytes += bytesOf(event);
    append.counted += countedOf(event);
    append.events.push(event);
  }
  return append.counted > errors.APPEND_BYTES_MAX ? errors.tooLarge() : undefined;
}

/** As EventStoreDB 24 counts them, by an oversight that its clients' tests rely on: metadata and types are not. */
const countedOf = ({ data }: Proposed): number => data.length;
/** What waits here is bounded by what it takes. */
const bytesOf = ({ data, metadata, type }: Proposed): number => data.length + metadata.length + type.length;

async function finish(queue: Queue, { options, deadline, events, bytes }: Open): Promise<Answer> {
  const expected = expectedOf(options, options.getStreamPosition());
  const stream = nameOf(options.getStreamIdentifier());
  const result = await queue.write({ kind: "append", stream, expected, events, bytes, deadline });
  if (result.outcome === "wrong-version") return errors.wrongVersion(expected, result.head);
  if (result.outcome === "deleted") return errors.deleted(options.getStreamIdentifier());
  if (result.outcome !== "written") return errors.timeout();
  const success = new streams.BatchAppendResp.Success();
  if (result.revision === NO_EVENTS) success.setNoStream(new emptyMessages.Empty());
  else success.setCurrentRevision(`${result.revision}`);
  const position = new shared.AllStreamPosition();
  position.setCommitPosition(`${result.position}`);
  position.setPreparePosition(`${result.position}`);
  success.setPosition(position);
  return success;
}

function respond(call: BatchCall, correlation: UUID, options: BatchOptions, answer: Answer): void {
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(correlation);
  response.setStreamIdentifier(options.getStreamIdentifier());
  if (answer instanceof streams.BatchAppendResp.Success) response.setSuccess(answer);
  else response.setError(answer);
  if (call.writable) call.write(response);
}

/** Who is still sending when the node stops is told, like one whose append is under way, that it is unavailable. */
export function append(queue: Queue, stop: AbortSignal): handleClientStreamingCall<AppendReq, AppendResp> {
  return (call, callback) => {
    const appended = serveAppend(call as AsyncIterable<AppendReq>, queue, deadlineOf(call));
    const answered = new AbortController();
    const stopped = once(stop, "abort", { signal: answered.signal }).then(() =>
      Promise.reject(errors.unavailable()),
    );
    void answerTo(callback, Promise.race([appended, stopped])).finally(() => answered.abort());
    stopped.catch(() => {}); // nobody waits for it once there is an answer
  };
}

async function serveAppend(
  requests: AsyncIterable<AppendReq>,
  queue: Queue,
  deadline: number,
): Promise<AppendResp> {
  let options: AppendReq.Options | undefined;
  let [bytes, counted] = [0, 0];
  const events: Proposed[] = [];
  for await (const request of requests) {
    const message = request.getProposedMessage();
    options ??= request.getOptions();
    if (!message) continue;
    const event = proposedOf(message);
    if (typeof event === "string") throw errors.invalid(event);
    bytes += bytesOf(event);
    counted += countedOf(event);
    events.push(event);
    if (counted > errors.APPEND_BYTES_MAX) throw errors.appendTooLarge();
  }
  const stream = nameOf(options?.getStreamIdentifier());
  if (!options || stream === "") throw errors.invalid("a stream has a name");
  const expected = expectedOf(options, options.getRevision());
  await queue.room();
  return appendResponse({ kind: "append", stream, expected, events, bytes, deadline }, queue);
}

async function appendResponse(request: Write, queue: Queue): Promise<AppendResp> {
  const result = await queue.write(request);
  if (result.outcome === "deleted") throw errors.streamDeleted(request.stream);
  if (result.outcome === "expired") throw errors.expired();
  if (result.outcome === "unknown") throw errors.unavailable();
  const response = new streams.AppendResp();
  if (result.outcome === "written") response.setSuccess(success(result));
  else response.setWrongExpectedVersion(wrongVersion(request.expected, result.head));
  return response;
}

function success({ revision, position }: Extract<Result, { outcome: "written" }>): AppendResp.Success {
  const answer = new streams.AppendResp.Success();
  if (revision === NO_EVENTS) answer.setNoStream(new shared.Empty());
  else answer.setCurrentRevision(`${revision}`);
  const at = new streams.AppendResp.Position();
  at.setCommitPosition(`${position}`);
  at.setPreparePosition(`${position}`);
  answer.setPosition(at);
  return answer;
}

function wrongVersion(expected: Expected, head: number): AppendResp.WrongExpectedVersion {
  const answer = new streams.AppendResp.WrongExpectedVersion();
  if (head === NO_EVENTS) answer.setCurrentNoStream(new shared.Empty());
  else answer.setCurrentRevision(`${head}`);
  if (expected === "any") answer.setExpectedAny(new shared.Empty());
  else if (expected === "stream-exists") answer.setExpectedStreamExists(new shared.Empty());
  else if (expected === NO_EVENTS) answer.setExpectedNoStream(new shared.Empty());
  else answer.setExpectedRevision(`${expected}`);
  return answer;
}
