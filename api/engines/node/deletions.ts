/** Delete and Tombstone. */
import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from "@eventstore/db-client/generated/streams_pb.js";
import type { handleUnaryCall, ServiceError } from "@grpc/grpc-js";
import * as errors from "./errors.ts";
import { streams } from "./messages.ts";
import type { Queue } from "./queue.ts";
import { deadlineOf, expectedOf, nameOf } from "./requests.ts";
import type { Write } from "./writes.ts";

export function deleteStream(queue: Queue): handleUnaryCall<DeleteReq, DeleteResp> {
  return (call, callback) => {
    remove("deletion", call.request.getOptions(), deadlineOf(call), queue).then(
      (position) => {
        const at = new streams.DeleteResp.Position();
        at.setCommitPosition(position);
        at.setPreparePosition(position);
        callback(null, new streams.DeleteResp().setPosition(at));
      },
      (error: ServiceError) => callback(error),
    );
  };
}

export function tombstone(queue: Queue): handleUnaryCall<TombstoneReq, TombstoneResp> {
  return (call, callback) => {
    remove("tombstone", call.request.getOptions(), deadlineOf(call), queue).then(
      (position) => {
        const at = new streams.TombstoneResp.Position();
        at.setCommitPosition(position);
        at.setPreparePosition(position);
        callback(null, new streams.TombstoneResp().setPosition(at));
      },
      (error: ServiceError) => callback(error),
    );
  };
}

type Options = DeleteReq.Options | TombstoneReq.Options;

async function remove(
  kind: Write["kind"],
  options: Options | undefined,
  deadline: number,
  queue: Queue,
): Promise<string> {
  const stream = nameOf(options?.getStreamIdentifier());
  if (!options || stream === "") throw errors.invalid("a stream has a name");
  const expected = expectedOf(options, options.getRevision());
  await queue.room();
  const result = await queue.write({ kind, stream, expected, events: [], bytes: 0, deadline });
  switch (result.outcome) {
    case "written":
      return `${result.position}`;
    case "wrong-version":
      throw errors.deletionFailed(stream, expected, result.head);
    case "deleted":
      throw errors.streamDeleted(stream);
    case "expired":
      throw errors.expired();
    case "unknown":
      throw errors.unavailable();
  }
}
