/** How the events of commands are cut into appends (COSTING §6). */
import type { NewEvent } from "../../domain/kernel/event.ts";

/** The store refuses appends of 1 MiB; what else it counts in stays below the difference. */
export const APPEND_BYTES_MAX = 900 * 1024;
const ENVELOPE_BYTES = 200;

/** The order of keys does not change how long a text is. */
const lengthOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));

export const bytesOf = ({ type, data, metadata }: NewEvent): number =>
  lengthOf(data) + lengthOf(metadata) + Buffer.byteLength(type) + ENVELOPE_BYTES;

/** Whole commands share an append while they fit; one that fits none is cut, and shares its appends with no other. */
export function appendsOf(
  commands: readonly (readonly NewEvent[])[],
  bytesMax: number,
): readonly (readonly NewEvent[])[] {
  const appends: NewEvent[][] = [];
  let room = 0;
  function put(events: readonly NewEvent[], bytes: number): void {
    if (bytes > room) {
      appends.push([]);
      room = bytesMax;
    }
    appends.at(-1)?.push(...events);
    room -= bytes;
  }
  for (const events of commands) {
    const sizes = events.map(bytesOf);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total <= bytesMax) {
      put(events, total);
      continue;
    }
    room = 0;
    for (const [index, event] of events.entries()) put([event], sizes[index] ?? 0);
    room = 0;
  }
  return appends;
}
