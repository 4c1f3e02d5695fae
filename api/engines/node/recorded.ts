/** Where things lie in the bytes of a RecordedEvent as `wire.ts` writes it: fields in a fixed order. */
import { ID_BYTES, TYPE } from "./wire.ts";

/** From and to. */
export type Span = readonly [from: number, to: number];

export function streamNameIn(recorded: Buffer): Span {
  const [, name] = varintAt(recorded, ID_BYTES + 1);
  const [length, from] = varintAt(recorded, name + 1);
  return [from, from + length];
}

/** TOMBSTONE for a tombstone. */
export function revisionIn(recorded: Buffer): number {
  const [, at] = streamNameIn(recorded);
  return varintAt(recorded, at + 1)[0];
}

export const typeIn = (recorded: Buffer): Span => propertyIn(recorded, 0, TYPE);

/** Milliseconds since 1970. */
export function createdIn(recorded: Buffer): number {
  const ticks = recorded.toString("latin1", ...propertyIn(recorded, 1, "created"));
  return Number(ticks) / 10_000;
}

export const metadataIn = (recorded: Buffer): Buffer => bytesIn(recorded, BEFORE_METADATA);
export const dataIn = (recorded: Buffer): Buffer => bytesIn(recorded, BEFORE_METADATA + 1);
export const idIn = (recorded: Buffer): string => recorded.toString("latin1", 4, ID_BYTES);

/** Id, stream, revision, two positions, three properties. */
const BEFORE_METADATA = 8;

function bytesIn(recorded: Buffer, fieldsBefore: number): Buffer {
  let at = 0;
  for (let field = 0; field < fieldsBefore; field++) at = after(recorded, at);
  const [length, from] = varintAt(recorded, at + 1);
  return recorded.subarray(from, from + length);
}

function propertyIn(recorded: Buffer, number: number, key: string): Span {
  let [, at] = streamNameIn(recorded);
  for (let field = 0; field < NUMBERS + number; field++) at = after(recorded, at);
  const [, property] = varintAt(recorded, at + 1);
  const [length, from] = varintAt(recorded, property + 2 + key.length + 1);
  return [from, from + length];
}

/** Revision and two positions. */
const NUMBERS = 3;

/** Where the field that begins here ends. */
function after(recorded: Buffer, at: number): number {
  const [value, end] = varintAt(recorded, at + 1);
  return ((recorded[at] ?? 0) & 7) === 0 ? end : end + value;
}

/** The number, and where it ends. */
function varintAt(bytes: Buffer, at: number): readonly [value: number, end: number] {
  let value = 0;
  let factor = 1;
  for (let index = at; ; index++, factor *= 128) {
    const byte = bytes[index] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, index + 1];
  }
}
