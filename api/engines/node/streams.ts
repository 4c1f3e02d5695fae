/** The names and types by which EventStoreDB tells its own events. */
import { randomUUID } from "node:crypto";
import type { Proposed } from "./wire.ts";

const META = "$$";
export const METADATA = "$metadata";
export const STREAM_DELETED = "$streamDeleted";
export const LINK = "$>";

/** The stream that says what another one shows. Of a metadata stream there is none: no stream is called so. */
export const metastreamOf = (name: string): string => (name.startsWith(META) ? "" : `${META}${name}`);

/** The stream that this one describes, if it is a metadata stream. Those have none themselves. */
export const describedBy = (name: string): string | undefined =>
  name.startsWith(META) && !name.startsWith(META + META) ? name.slice(META.length) : undefined;

/** Nor can one be deleted, or ended: that would be to describe a description. */
export const isMetastream = (name: string): boolean => name.startsWith(META);

/** The one of the two that holds events. */
export const originalOf = (name: string): string => describedBy(name) ?? name;

/** JSON, or nothing. */
export const systemEvent = (type: string, data: string): Proposed => ({
  id: randomUUID(),
  type,
  contentType: data === "" ? "application/octet-stream" : "application/json",
  data: Buffer.from(data),
  metadata: new Uint8Array(),
});
