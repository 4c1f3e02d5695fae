import { canonicalJson, isInOrder, type NewEvent } from "../../domain/kernel/event.ts";

/** An event as the client takes it. Metadata as bytes is stored the same, and spares the client's slow base64. */
export type Proposal = Readonly<{
  id: string;
  type: string;
  contentType: "application/json";
  data: object;
  metadata: Uint8Array;
}>;

/** For the whole append, not for each event; a server may be set to less. */
export const APPEND_BYTES_MAX = 1024 * 1024;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Checks all that the client or the server would choke on (facts, traps 2, 14 and 15), then encodes. Throws: a bug. */
export function proposalsOf(stream: string, events: readonly NewEvent[]): readonly Proposal[] {
  if (stream === "" || stream.startsWith("$"))
    throw new Error(`not the name of a book's stream: "${stream}"`);
  if (events.length === 0) throw new Error(`an append of no events to ${stream}`);
  let size = 0;
  const proposals = events.map(({ id, type, data, metadata }): Proposal => {
    if (type === "" || type.startsWith("$"))
      throw new Error(`not a type of the book: "${type}" in ${stream}`);
    if (!uuid.test(id)) throw new Error(`the id of a ${type} in ${stream} is not a UUID: "${id}"`);
    const text = canonicalJson(data);
    const about = Buffer.from(canonicalJson(metadata));
    size += Buffer.byteLength(text) + about.length;
    return {
      id,
      type,
      contentType: "application/json",
      data: isInOrder(data) ? data : stringifiedAs(text),
      metadata: Uint8Array.from(about),
    };
  });
  if (size > APPEND_BYTES_MAX)
    throw new Error(`an append of ${size} bytes to ${stream}: the store takes ${APPEND_BYTES_MAX}`);
  return proposals;
}

/** The client calls JSON.stringify itself: this is what it makes the canonical text of again, byte for byte. */
function stringifiedAs(text: string): object {
  const plain = JSON.parse(text);
  return JSON.stringify(plain) === text ? plain : JSON.parse(text, keysAsText);
}

/** An object puts keys like "9" and "10" first, and in the order of numbers; only a proxy may list them as text. */
const keysAsText = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Proxy(value, { ownKeys: (fields) => Object.keys(fields).sort((a, b) => (a < b ? -1 : 1)) })
    : value;
