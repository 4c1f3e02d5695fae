/** Which commands the trail knows. Questions of one moment are asked in one query: most are about new commands. */
import type { Recorded } from "../../domain/kernel/event.ts";
import { answered, type First } from "./idempotency.ts";

/** What the projector has seen, by SQL. It may lag: never the base of a refusal, only of an exact append. */
export interface Trail {
  /** Whole commands only, in the stream's order, from a revision on. */
  stream(stream: string, from?: bigint): Promise<readonly Recorded[]>;
  /** The last revision of it that the trail has. */
  revision(stream: string): Promise<bigint>;
  commands(ids: readonly string[]): Promise<readonly Recorded[]>;
}

/** The answer given to a command on a stream, or to one of the same key elsewhere. */
export type Find = (stream: string, commandId: string) => First | undefined;

export function commandLookup(trail: Pick<Trail, "commands">): (ids: readonly string[]) => Promise<Find> {
  let asked: { ids: string[]; answer: Promise<Find> } | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  /** One at a time: what is wanted meanwhile is asked together. */
  async function ask(ids: readonly string[], before: Promise<unknown>): Promise<Find> {
    await Promise.allSettled([before, new Promise(setImmediate)]);
    asked = undefined;
    const answers = new Map<string, Map<string, First>>();
    for (const event of await trail.commands(ids)) {
      const { commandId } = event.metadata;
      const byStream = answers.get(commandId) ?? new Map<string, First>();
      answers.set(commandId, byStream.set(event.stream, answered(byStream.get(event.stream), event)));
    }
    return (stream, commandId) => {
      const byStream = answers.get(commandId);
      const elsewhere = byStream?.values().next().value;
      // No request is for two streams: one of another is never the same.
      return byStream?.get(stream) ?? (elsewhere && { ...elsewhere, commandHash: "" });
    };
  }

  return (wanted) => {
    if (!asked) {
      const ids: string[] = [];
      asked = { ids, answer: ask(ids, underWay) };
      underWay = asked.answer;
    }
    asked.ids.push(...wanted);
    return asked.answer;
  };
}
