/** Delete and Tombstone. */
import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from "@eventstore/db-client/generated/streams_pb.js";
import type { handleUnaryCall } from "@grpc/grpc-js";
import * as errors from "./errors.ts";
import { streams } from "./messages.ts";
import type { Queue } from "./queue.ts";
import { deadlineOf, expectedOf, nameOf } from "./requests.ts";
import { isMetastream } from "./streams.ts";
import { unary } from "./unary.ts";
import type { Write } from "./writes.ts";

const { DeleteResp: Deleted, TombstoneResp: Tombstoned } = streams;

export const deleteStream = (queue: Queue): handleUnaryCall<DeleteReq, DeleteResp> =>
  unary(async (request, call) => {
    const at = await remove("deletion", request.getOptions(), deadlineOf(call), queue);
    return new Deleted().setPosition(new Deleted.Position().setCommitPosition(at).setPreparePosition(at));
  });

export const tombstone = (queue: Queue): handleUnaryCall<TombstoneReq, TombstoneResp> =>
  unary(async (request, call) => {
    const at = await remove("tombstone", request.getOptions(), deadlineOf(call), queue);
    return new Tombstoned().setPosition(
      new Tombstoned.Position().setCommitPosition(at).setPreparePosition(at),
    );
  });

type Options = DeleteReq.Options | TombstoneReq.Options;

/** The position of what says so. */
async function remove(
  kind: Write["kind"],
  options: Options | undefined,
  deadline: number,
  queue: Queue,
): Promise<string> {
  const stream = nameOf(options?.getStreamIdentifier());
  if (!options || stream === "") throw errors.invalid("a stream has a name");
  if (isMetastream(stream)) throw errors.invalid("metadata is changed, not deleted");
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
