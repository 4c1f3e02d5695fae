/**
 * What a group has read and not yet seen done: it goes out to consumers with room, and comes back when one of them says
 * no, says nothing for too long, or goes. In memory, without I/O: how it is told to consumers is theirs.
 */
import type { Entry } from "../log.ts";
import type { Progress, Step } from "./progress.ts";
import type { Settings } from "./settings.ts";
import { chooserFor } from "./strategies.ts";

export type Message = {
  readonly entry: Entry;
  /** What it links to, if links are resolved. */
  readonly event: Entry | undefined;
  /** By which its consumer names it. */
  readonly id: string;
  retries: number;
  readonly step: Step;
  readonly of: Progress;
};

export type Line = Readonly<{
  send: (message: Message) => void;
  drop: (error: Error) => void;
  /** Whether what was sent so far has left: who doesn't read is given nothing more. */
  reads: () => boolean;
}>;

export class Consumer {
  readonly line: Line;
  readonly size: number;
  readonly inFlight = new Map<string, { message: Message; since: number }>();
  total = 0;

  constructor(size: number, line: Line) {
    this.size = size;
    this.line = line;
  }

  get free(): number {
    return this.line.reads() ? this.size - this.inFlight.size : 0;
  }
}

type Outcome = "done" | "retry" | "park";

/** `park` keeps a message for later; only then it counts as done. */
export function deliveries(settings: Settings, park: (message: Message, reason: string) => void) {
  const choose = chooserFor<Consumer>(settings.strategy);
  const consumers: Consumer[] = [];
  let fresh: Message[] = [];
  let again: Message[] = [];
  let total = 0;

  /** Messages that wait go before fresh ones. A pinned one whose consumer has no room lets others pass. */
  function push(): void {
    for (const list of [again, fresh])
      for (let index = 0; index < list.length && consumers.some(({ free }) => free > 0); ) {
        const message = list[index] as Message;
        const choice = choose(message.entry.recorded, consumers);
        const isTaken = "consumer" in choice && !choice.consumer.inFlight.has(message.id);
        if (isTaken) {
          list.splice(index, 1);
          give(choice.consumer, message);
        } else if ("next" in choice && choice.next === "waits") return;
        else index++;
      }
  }

  function give(consumer: Consumer, message: Message): void {
    consumer.inFlight.set(message.id, { message, since: Date.now() });
    consumer.total++;
    total++;
    consumer.line.send(message);
  }

  function settle(message: Message, outcome: Outcome, reason: string): void {
    if (outcome === "retry" && message.retries < settings.maxRetries) {
      message.retries++;
      again.push(message);
    } else if (outcome === "done") finish(message);
    else
      park(message, outcome === "retry" ? `Reached the max retry count of ${settings.maxRetries}` : reason);
  }

  const finish = (message: Message): void => message.of.finish(message.step);

  return {
    consumers: consumers as readonly Consumer[],
    counts: () => ({
      total,
      fresh: fresh.length,
      again: again.length,
      inFlight: consumers.reduce((sum, { inFlight }) => sum + inFlight.size, 0),
    }),
    offer(messages: readonly Message[]): void {
      fresh.push(...messages);
      push();
    },
    /** Once more, of those that were parked. */
    offerAgain(messages: readonly Message[]): void {
      again.push(...messages);
      push();
    },
    finish,
    join(consumer: Consumer): void {
      consumers.push(consumer);
      push();
    },
    /** What it had is somebody else's. */
    leave(consumer: Consumer): void {
      const index = consumers.indexOf(consumer);
      if (index < 0) return;
      consumers.splice(index, 1);
      for (const { message } of consumer.inFlight.values()) settle(message, "retry", "");
      consumer.inFlight.clear();
      push();
    },
    answer(consumer: Consumer, ids: readonly string[], outcome: Outcome, reason = ""): void {
      for (const id of ids) {
        const sent = consumer.inFlight.get(id);
        if (!sent) continue;
        consumer.inFlight.delete(id);
        settle(sent.message, outcome, reason);
      }
      push();
    },
    expire(now: number): void {
      if (settings.messageTimeout === 0) return;
      for (const { inFlight, line } of consumers)
        for (const [id, { message, since }] of inFlight) {
          // What it has not been sent yet is not late.
          if (!line.reads() || now - since < settings.messageTimeout) continue;
          inFlight.delete(id);
          settle(message, "retry", "");
        }
      push();
    },
    /** Some may have room now. */
    push,
    /** Forgets all that is not done, and the consumers, which it gives back. */
    close(): readonly Consumer[] {
      [fresh, again] = [[], []];
      return consumers.splice(0);
    },
  };
}
