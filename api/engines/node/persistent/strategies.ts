/** Which consumer gets an event. */
import { createHash } from "node:crypto";
import { isLink } from "../links.ts";
import { dataIn, metadataIn, streamNameIn } from "../recorded.ts";
import type { Strategy } from "./settings.ts";

type Free = Readonly<{ readonly free: number }>;

/** Where nobody who could take it has room: whether events after it wait too, or only others like it. */
export type Choice<C> = Readonly<{ consumer: C } | { next: "waits" | "may go" }>;

export type Choose<C> = (recorded: Buffer, consumers: readonly C[]) => Choice<C>;

export function chooserFor<C extends Free>(strategy: Strategy): Choose<C> {
  if (strategy === "DispatchToSingle") return (_, consumers) => first(consumers);
  if (strategy === "RoundRobin") return roundRobin();
  return pinned(strategy === "Pinned" ? sourceOf : correlationOf);
}

const first = <C extends Free>(consumers: readonly C[]): Choice<C> => {
  const consumer = consumers.find(({ free }) => free > 0);
  return consumer ? { consumer } : { next: "waits" };
};

function roundRobin<C extends Free>(): Choose<C> {
  let turn = 0;
  return (_, consumers) => {
    for (let tried = 0; tried < consumers.length; tried++) {
      const consumer = consumers[turn++ % consumers.length];
      if (consumer && consumer.free > 0) return { consumer };
    }
    return { next: "waits" };
  };
}

/** Always the same one, as long as nobody comes or goes: the highest of its hashes with each (rendezvous hashing). */
function pinned<C extends Free>(keyOf: (recorded: Buffer) => string): Choose<C> {
  const numbers = new WeakMap<C, number>();
  let count = 0;
  const numberOf = (consumer: C) => {
    const number = numbers.get(consumer) ?? count++;
    numbers.set(consumer, number);
    return number;
  };
  return (recorded, consumers) => {
    const key = keyOf(recorded);
    let best: { consumer: C; weight: string } | undefined;
    for (const consumer of consumers) {
      const weight = createHash("sha1")
        .update(`${numberOf(consumer)} ${key}`)
        .digest("hex");
      if (!best || weight > best.weight) best = { consumer, weight };
    }
    if (!best) return { next: "waits" };
    return best.consumer.free > 0 ? { consumer: best.consumer } : { next: "may go" };
  };
}

/** The stream that an event is from, also when it comes by a link. */
function sourceOf(recorded: Buffer): string {
  const [, stream] = isLink(recorded) ? (/^\d+@(.+)$/s.exec(dataIn(recorded).toString()) ?? []) : [];
  return stream ?? recorded.toString("utf8", ...streamNameIn(recorded));
}

function correlationOf(recorded: Buffer): string {
  try {
    const { $correlationId: correlation } = JSON.parse(metadataIn(recorded).toString());
    if (typeof correlation === "string") return correlation;
  } catch {
    // no JSON, no correlation
  }
  return sourceOf(recorded);
}
