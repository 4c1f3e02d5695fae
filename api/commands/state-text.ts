/**
 * A state as text: plain values, bigints and sorted maps. Texts and lists of fields are there once, and the rest is small
 * numbers: a third of its JSON, read in a third of the time. In base64, since the driver takes five times as long over bytes.
 */
import { setImmediate as others } from "node:timers/promises";
import { deserialize, serialize } from "node:v8";
import { isSortedMap, type SortedMap, sortedMapOf } from "../../domain/kernel/sorted-map.ts";

/** `codes`: the state from the outside in, a code for each value, in seven bits a byte; the last byte of a code has the eighth. */
type Parts = Readonly<{
  leaves: readonly unknown[];
  shapes: readonly (readonly string[])[];
  codes: Uint8Array;
}>;

/** A leaf that has not been there yet: the next. */
const NEW = 0;
/** Followed by how many there are, and by these. */
const LIST = 1;
const MAP = 2;
/** From here on, in turn, an object by its shape, and a leaf that has been there. */
const OTHERS = 3;

const NOTHING: readonly unknown[] = [];

/** How long others wait while a long state is written, which is long in a map of its history. */
const SLICE_MS = 5;
const DEPTH = 3;

/** Gives way to others now and then: no state is changed in place, so that it stays what it was. */
export async function textOf(state: unknown): Promise<string> {
  const [leaves, shapes] = [new Map<unknown, number>(), new Map<string, number>()];
  const codes: number[] = [];

  function code(number: number): void {
    let rest = number;
    for (; rest > 127; rest >>>= 7) codes.push(rest & 127);
    codes.push(rest | 128);
  }
  function leaf(value: unknown): void {
    const known = leaves.get(value);
    if (known === undefined) leaves.set(value, leaves.size);
    code(known === undefined ? NEW : OTHERS + 2 * known + 1);
  }
  /** Answers with what it holds. */
  function head(value: unknown): readonly unknown[] {
    if (typeof value !== "object" || value === null) {
      leaf(value);
      return NOTHING;
    }
    if (Array.isArray(value)) {
      code(LIST);
      code(value.length);
      return value;
    }
    if (isSortedMap(value)) {
      code(MAP);
      code(value.size);
      return [...value.entries()].flat();
    }
    const shape = Object.keys(value).join(" ");
    const known = shapes.get(shape) ?? shapes.size;
    shapes.set(shape, known);
    code(OTHERS + 2 * known);
    return Object.values(value);
  }
  function put(value: unknown): void {
    for (const each of head(value)) put(each);
  }
  function* piecemeal(value: unknown, depth: number): Generator<void> {
    if (depth === 0) put(value);
    else for (const each of head(value)) yield* piecemeal(each, depth - 1);
    yield;
  }

  let until = performance.now() + SLICE_MS;
  for (const _ of piecemeal(state, DEPTH)) {
    if (performance.now() < until) continue;
    await others();
    until = performance.now() + SLICE_MS;
  }
  const parts: Parts = {
    leaves: [...leaves.keys()],
    shapes: [...shapes.keys()].map((names) => (names === "" ? [] : names.split(" "))),
    codes: Uint8Array.from(codes),
  };
  return serialize(parts).toString("base64");
}

/** Throws, or gives anything, where it is not what `textOf` gave. */
export function stateOf(text: string): unknown {
  const { leaves, shapes, codes } = deserialize(Buffer.from(text, "base64")) as Parts;
  let [at, seen] = [0, 0];

  // Loops: this is done a million times.
  function next(): number {
    let byte = codes[at++] as number;
    if (byte > 127) return byte & 127;
    let [number, bits] = [byte, 7];
    byte = codes[at++] as number;
    for (; byte < 128; bits += 7) {
      number |= byte << bits;
      byte = codes[at++] as number;
    }
    return number | ((byte & 127) << bits);
  }
  function read(): unknown {
    const code = next();
    if (code === NEW) return leaves[seen++];
    if (code === LIST) return list();
    if (code === MAP) return map();
    const number = (code - OTHERS) >> 1;
    if (((code - OTHERS) & 1) === 1) return leaves[number];
    const value: Record<string, unknown> = {};
    for (const name of shapes[number] as readonly string[]) value[name] = read();
    return value;
  }
  function list(): unknown[] {
    const values: unknown[] = [];
    for (let left = next(); left > 0; left--) values.push(read());
    return values;
  }
  function map(): SortedMap<unknown> {
    const [keys, values]: [string[], unknown[]] = [[], []];
    for (let left = next(); left > 0; left--) {
      keys.push(read() as string);
      values.push(read());
    }
    return sortedMapOf(keys, values);
  }

  return read();
}
