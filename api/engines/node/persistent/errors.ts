/** In EventStoreDB's words. */
import { type ServiceError, status } from "@grpc/grpc-js";
import { failure } from "../errors.ts";
import type { Key } from "./definition.ts";

const about = (exception: string, { source, group }: Key) => ({
  exception,
  "stream-name": source,
  "group-name": group,
});
const named = ({ source, group }: Key): string => `Subscription group ${group} on stream ${source}`;

export const doesNotExist = (key: Key): ServiceError =>
  failure(
    status.NOT_FOUND,
    `${named(key)} does not exist.`,
    about("persistent-subscription-does-not-exist", key),
  );
export const exists = (key: Key): ServiceError =>
  failure(status.ALREADY_EXISTS, `${named(key)} exists.`, about("persistent-subscription-exists", key));
export const dropped = (key: Key): ServiceError =>
  failure(status.CANCELLED, `${named(key)} was dropped.`, about("persistent-subscription-dropped", key));
export const isFull = (key: Key): ServiceError =>
  failure(
    status.FAILED_PRECONDITION,
    `Maximum subscriptions reached for subscription group ${key.group} on stream ${key.source}.`,
    about("maximum-subscribers-reached", key),
  );
