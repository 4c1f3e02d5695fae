/**
 * The two messages that are sent by the million, written by hand: RecordedEvent, which is what the log stores, and the
 * ReadResp around it. Fields are in a fixed order, so that a filter finds the stream's name and the type without
 * decoding the rest.
 */
export type Proposed = Readonly<{
  id: string;
  type: string;
  contentType: string;
  data: Uint8Array;
  metadata: Uint8Array;
}>;

export type Place = Readonly<{ stream: Buffer; revision: number; position: number; created: string }>;

const ID = 0x0a;
const STREAM = 0x12;
const STREAM_NAME = 0x1a;
const REVISION = 0x18;
const PREPARE = 0x20;
const COMMIT = 0x28;
const PROPERTY = 0x32;
const METADATA = 0x3a;
const DATA = 0x42;
const KEY = 0x0a;
const VALUE = 0x12;
/** A tag, a length, then the UUID as text: a tag, a length, 36 characters. */
export const ID_BYTES = 40;

export const TYPE = "type";
/** The revision of a tombstone is 2⁶³ − 1, for which a number has no room: 2⁶³ stands for it. */
export const TOMBSTONE = 2 ** 63;
const TOMBSTONE_BYTES = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 127);

const varintBytes = (value: number): number => {
  if (value === TOMBSTONE) return TOMBSTONE_BYTES.length;
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
};
const fieldBytes = (length: number): number => 1 + varintBytes(length) + length;

class Output {
  readonly bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  varint(value: number): void {
    let rest = value;
    if (value === TOMBSTONE) this.copy(TOMBSTONE_BYTES);
    else {
      for (; rest >= 128; rest = Math.floor(rest / 128)) this.bytes[this.#at++] = (rest % 128) | 128;
      this.bytes[this.#at++] = rest;
    }
  }

  number(tag: number, value: number): void {
    this.bytes[this.#at++] = tag;
    this.varint(value);
  }

  raw(tag: number, value: Uint8Array): void {
    this.number(tag, value.length);
    this.copy(value);
  }

  copy(value: Uint8Array): void {
    this.bytes.set(value, this.#at);
    this.#at += value.length;
  }

  text(tag: number, value: string, length: number): void {
    this.number(tag, length);
    this.#at += this.bytes.write(value, this.#at, length, "utf8");
  }
}

export function recordedEvent(event: Proposed, { stream, revision, position, created }: Place): Buffer {
  const properties = [
    [TYPE, event.type],
    ["created", created],
    ["content-type", event.contentType],
  ] as const;
  const sizes = properties.map(([key, value]) => [Buffer.byteLength(key), Buffer.byteLength(value)] as const);
  const propertyBytes = sizes.map(([key, value]) => fieldBytes(key) + fieldBytes(value));
  const out = new Output(
    ID_BYTES +
      fieldBytes(fieldBytes(stream.length)) +
      (1 + varintBytes(revision)) +
      2 * (1 + varintBytes(position)) +
      propertyBytes.reduce((sum, bytes) => sum + fieldBytes(bytes), 0) +
      fieldBytes(event.metadata.length) +
      fieldBytes(event.data.length),
  );
  out.number(ID, ID_BYTES - 2);
  out.text(VALUE, event.id, ID_BYTES - 4);
  out.number(STREAM, fieldBytes(stream.length));
  out.raw(STREAM_NAME, stream);
  out.number(REVISION, revision);
  out.number(PREPARE, position);
  out.number(COMMIT, position);
  for (const [index, [key, value]] of properties.entries()) {
    const [keyBytes = 0, valueBytes = 0] = sizes[index] ?? [];
    out.number(PROPERTY, propertyBytes[index] ?? 0);
    out.text(KEY, key, keyBytes);
    out.text(VALUE, value, valueBytes);
  }
  out.raw(METADATA, event.metadata);
  out.raw(DATA, event.data);
  return out.bytes;
}

/** `ReadResp { event: ReadEvent { event: recorded, commit_position: position } }` */
export function readResponse(recorded: Buffer, position: number): Buffer {
  const inner = fieldBytes(recorded.length) + 1 + varintBytes(position);
  const out = new Output(fieldBytes(inner));
  out.number(0x0a, inner);
  out.raw(0x0a, recorded);
  out.number(0x18, position);
  return out.bytes;
}

export type Told = Readonly<{
  /** None: the link is to what is hidden. */
  event: Buffer | undefined;
  link: Buffer | undefined;
  position: number;
  /** Of persistent subscriptions. */
  retries?: number;
}>;

/** `ReadResp { event: ReadEvent { event, link, commit_position: position, retry_count: retries } }` */
export function resolvedResponse({ event, link, position, retries }: Told): Buffer {
  const bytesOf = (recorded: Buffer | undefined) => (recorded ? fieldBytes(recorded.length) : 0);
  const countBytes = retries === undefined ? 0 : 1 + varintBytes(retries);
  const inner = bytesOf(event) + bytesOf(link) + 1 + varintBytes(position) + countBytes;
  const out = new Output(fieldBytes(inner));
  out.number(0x0a, inner);
  if (event) out.raw(0x0a, event);
  if (link) out.raw(0x12, link);
  out.number(0x18, position);
  if (retries !== undefined) out.number(0x28, retries);
  return out.bytes;
}

/** The same event for a client that asked for its id as two numbers. */
export function withStructuredId(recorded: Buffer): Buffer {
  const hex = recorded.toString("latin1", 4, ID_BYTES).replaceAll("-", "");
  const halves = [hex.slice(0, 16), hex.slice(16)].map((half, index) => [
    (index + 1) << 3,
    ...unsignedVarint(BigInt(`0x${half}`)),
  ]);
  const numbers = halves.flat();
  const id = Buffer.from([ID, numbers.length + 2, KEY, numbers.length, ...numbers]);
  return Buffer.concat([id, recorded.subarray(ID_BYTES)]);
}

function unsignedVarint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}
