/**
 * Commands of several appends may interleave in the log. Their events wait aside until the last has come, then get
 * their seq together: nobody ever sees half a command, and it holds up nobody else (DESIGN §2).
 */
import { type DomainEvent, decodeRecorded, UndecodableEvent } from "../domain/catalogue.ts";
import type { Recorded } from "../domain/kernel/event.ts";
import type { Entry, WholeCommand } from "./entry.ts";

export type Assembled = Readonly<{
  commands: readonly WholeCommand[];
  /** Events that wait from now on. */
  aside: readonly Recorded[];
  /** Positions of those that wait no more. */
  taken: readonly bigint[];
  /** Of the last event dealt with. */
  last: bigint | undefined;
  /** Why it is the last, where others follow. */
  undecodable: UndecodableEvent | undefined;
}>;

/** Remembers what waits; begins with what the table says. */
export function commandAssembler(waiting: readonly Recorded[]) {
  const parts = new Map<string, Recorded[]>();
  for (const event of waiting) put(event);

  function put(event: Recorded): Recorded[] {
    const name = `${event.stream} ${event.metadata.commandId}`;
    const list = parts.get(name) ?? [];
    parts.set(name, [...list, event]);
    return [...list, event];
  }

  return {
    waits: (): boolean => parts.size > 0,
    /** Events that were dealt with before must not come again. */
    assemble(events: readonly Recorded[], lastSeq: bigint): Assembled {
      const commands: WholeCommand[] = [];
      const aside = new Map<bigint, Recorded>();
      const taken: bigint[] = [];
      let seq = lastSeq;
      const entry = (recorded: Recorded, event = decodeRecorded(recorded)): Entry => {
        seq += 1n;
        return { seq, recorded, event };
      };
      let last: bigint | undefined;
      let undecodable: UndecodableEvent | undefined;
      for (const event of events) {
        const decoded = tryDecode(event);
        if (decoded instanceof UndecodableEvent) {
          undecodable = decoded;
          break;
        }
        last = event.position;
        const { part, of, commandId } = event.metadata;
        if (of === 1) {
          commands.push([entry(event, decoded)]);
          continue;
        }
        const list = put(event);
        if (part < of) {
          aside.set(event.position, event);
          continue;
        }
        parts.delete(`${event.stream} ${commandId}`);
        for (const { position } of list.slice(0, -1)) if (!aside.delete(position)) taken.push(position);
        const [first, ...others] = list.map((part) => entry(part));
        if (first) commands.push([first, ...others]);
      }
      return { commands, aside: [...aside.values()], taken, last, undecodable };
    },
  };
}

function tryDecode(event: Recorded): DomainEvent | UndecodableEvent {
  try {
    return decodeRecorded(event);
  } catch (error) {
    if (error instanceof UndecodableEvent) return error;
    throw error;
  }
}
