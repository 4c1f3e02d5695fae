/** What requests about groups have in common. */
import type { StreamIdentifier } from "@eventstore/db-client/generated/shared_pb.js";
import { invalid } from "../errors.ts";
import { nameOf } from "../requests.ts";
import { ALL, type Key } from "./definition.ts";

type Options = Readonly<{
  hasAll(): boolean;
  getStreamIdentifier(): StreamIdentifier | undefined;
  getGroupName(): string;
}>;

export function keyOf(options: Options | undefined): Key {
  const source = options?.hasAll() ? ALL : nameOf(options?.getStreamIdentifier());
  const group = options?.getGroupName() ?? "";
  if (source === "") throw invalid("a stream has a name");
  if (group === "") throw invalid("a group has a name");
  return { source, group };
}
