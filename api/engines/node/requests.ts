/** What requests have in common. */
import type { StreamIdentifier, UUID } from "@eventstore/db-client/generated/shared_pb.js";
import type { AppendReq, BatchAppendReq } from "@eventstore/db-client/generated/streams_pb.js";
import { type Expected, NO_EVENTS } from "./expectation.ts";
import type { Proposed } from "./wire.ts";

const UUID_TEXT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function uuidOf(uuid: UUID): string {
  const structured = uuid.getStructured();
  if (!structured) return uuid.getString().toLowerCase();
  const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** For a request that names no deadline. */
export const DEADLINE_MS = 10_000;

/** Milliseconds since 1970. */
export function deadlineOf(call: Readonly<{ getDeadline(): Date | number }>): number {
  const deadline = Number(call.getDeadline());
  return Number.isFinite(deadline) ? deadline : Date.now() + DEADLINE_MS;
}

type Expectation = Readonly<{ hasNoStream(): boolean; hasAny(): boolean; hasStreamExists(): boolean }>;

export function expectedOf(options: Expectation, revision: string): Expected {
  if (options.hasNoStream()) return NO_EVENTS;
  if (options.hasAny()) return "any";
  return options.hasStreamExists() ? "stream-exists" : Number(revision);
}

export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString("utf8");

/** What is wrong with it, when it can't be stored. */
export function proposedOf(
  message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage,
): Proposed | string {
  const properties = message.getMetadataMap();
  const type = properties.get("type");
  const uuid = message.getId();
  const id = uuid ? uuidOf(uuid) : "";
  if (!UUID_TEXT.test(id)) return "an event's id is a UUID";
  if (!type) return "an event has a type";
  return {
    id,
    type,
    contentType: properties.get("content-type") === JSON_TYPE ? JSON_TYPE : BYTES_TYPE,
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

const JSON_TYPE = "application/json";
const BYTES_TYPE = "application/octet-stream";
