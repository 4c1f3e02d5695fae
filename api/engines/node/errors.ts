/** What a client is told when something can't be done: in a call's trailers, or in a batch append's answer. */
import type { StreamIdentifier } from "@eventstore/db-client/generated/shared_pb.js";
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import anyMessages from "google-protobuf/google/protobuf/any_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import { type Expected, NO_EVENTS } from "./expectation.ts";
import { codes, shared, statuses } from "./messages.ts";

export const APPEND_BYTES_MAX = 2 ** 20;

/** A trailer can't hold them; surrogates go in pairs. */
const NOT_ASCII = /[^\x20-\x7e]+/g;

/** For a call's trailers. The client tells errors apart by `exception`. */
export function failure(code: status, details: string, trailers: Record<string, string> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers))
    metadata.set(key, value.replace(NOT_ASCII, encodeURIComponent));
  return Object.assign(new Error(details), { code, details, metadata });
}

export const invalid = (details: string): ServiceError => failure(status.INVALID_ARGUMENT, details);
/** In EventStoreDB's words: a client, or its tests, may look at them. */
export const unexpected = (details: string): ServiceError => failure(status.UNKNOWN, details);
export const unavailable = (): ServiceError =>
  failure(status.UNAVAILABLE, "the log can't be written right now; whether this was written is not known");
export const unreadable = (): ServiceError => failure(status.UNAVAILABLE, "the log can't be read right now");
export const expired = (): ServiceError =>
  failure(status.DEADLINE_EXCEEDED, "not written: its deadline passed before its turn came");
export const stopping = (): ServiceError => failure(status.CANCELLED, "the node stops");
export const appendTooLarge = (): ServiceError =>
  failure(status.INVALID_ARGUMENT, `Maximum Append Size of ${APPEND_BYTES_MAX} Exceeded.`, {
    exception: "maximum-append-size-exceeded",
    "maximum-append-size": `${APPEND_BYTES_MAX}`,
  });

export const streamDeleted = (stream: string): ServiceError =>
  failure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: "stream-deleted",
    "stream-name": stream,
  });

const SPELLED = { any: -2, "stream-exists": -4 };

/** Of a deletion or a tombstone; an append has an answer for it. */
export function deletionFailed(stream: string, expected: Expected, head: number): ServiceError {
  const spelled = typeof expected === "number" ? expected : SPELLED[expected];
  return failure(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${spelled}, Actual version: ${head}`,
    {
      exception: "wrong-expected-version",
      "stream-name": stream,
      "expected-version": `${spelled}`,
      "actual-version": `${head}`,
    },
  );
}

type Status = InstanceType<typeof statuses.Status>;
type Code = ReturnType<Status["getCode"]>;

/** For a batch append's answer: a `google.rpc.Status` whose detail tells what it is about. */
function answer(code: Code, type: string, detail: { serializeBinary(): Uint8Array }): Status {
  const any = new anyMessages.Any();
  any.pack(detail.serializeBinary(), `event_store.client.${type}`);
  const result = new statuses.Status();
  result.setCode(code);
  result.setMessage(type);
  result.setDetails(any);
  return result;
}

export function badRequest(message: string): Status {
  const detail = new shared.BadRequest();
  detail.setMessage(message);
  return answer(codes.Code.INVALID_ARGUMENT, "BadRequest", detail);
}

/** Also for an unknown outcome: a server that doesn't know in time can say no more. */
export const timeout = (): Status => answer(codes.Code.DEADLINE_EXCEEDED, "Timeout", new shared.Timeout());

export function deleted(stream: StreamIdentifier | undefined): Status {
  const detail = new shared.StreamDeleted();
  detail.setStreamIdentifier(stream);
  return answer(codes.Code.NOT_FOUND, "StreamDeleted", detail);
}

export function tooLarge(): Status {
  const detail = new shared.MaximumAppendSizeExceeded();
  detail.setMaxappendsize(APPEND_BYTES_MAX);
  return answer(codes.Code.INVALID_ARGUMENT, "MaximumAppendSizeExceeded", detail);
}

export function wrongVersion(expected: Expected, head: number): Status {
  const detail = new shared.WrongExpectedVersion();
  if (head === NO_EVENTS) detail.setCurrentNoStream(new emptyMessages.Empty());
  else detail.setCurrentStreamRevision(`${head}`);
  if (expected === "any") detail.setExpectedAny(new emptyMessages.Empty());
  else if (expected === "stream-exists") detail.setExpectedStreamExists(new emptyMessages.Empty());
  else if (expected === NO_EVENTS) detail.setExpectedNoStream(new emptyMessages.Empty());
  else detail.setExpectedStreamPosition(`${expected}`);
  return answer(codes.Code.ALREADY_EXISTS, "WrongExpectedVersion", detail);
}
