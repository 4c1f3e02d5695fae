import type { Recorded } from "../../domain/kernel/event.ts";
import type { Delivered } from "../../domain/kernel/event-store.ts";

/** What is needed of a client's subscription: a readable stream, with a buffer of its own. */
export type Source = Readonly<{ pause(): unknown; resume(): unknown; readableLength: number }>;

export type Bounds = Readonly<{ events: number; bytes: number }>;

/**
 * Between a subscription that pushes and a consumer that pulls. Above its bounds the source is paused, so that what
 * waits is at most the bounds, one event, and the client's own small buffers. No promise an event: the consumer is
 * woken once for all that one turn of the event loop brought.
 */
export function pullQueue(source: Source, bounds: Bounds) {
  let waiting: Recorded[] = [];
  let bytes = 0;
  let received = 0;
  /** The last position that came through, and the last that the server says it has considered. */
  let passed: bigint | undefined;
  let considered: bigint | undefined;
  /** So many events were in the log when the subscription had caught up. */
  let caughtUpAfter = Number.POSITIVE_INFINITY;
  let told: Omit<Delivered, "events"> = { reached: undefined, caughtUp: false };
  let ended: Readonly<{ error?: unknown }> | undefined;
  let wake: (() => void) | undefined;

  return { arrived, checkpoint, caughtUp, end, pull };

  /** An event came, of the book or (undefined: a link, a system event) not. */
  function arrived(event: Recorded | undefined, position: bigint | undefined) {
    received += 1;
    passed = position ?? passed;
    if (event) {
      waiting.push(event);
      bytes += sizeOf(event);
      if (waiting.length >= bounds.events || bytes >= bounds.bytes) source.pause();
    }
    stir();
  }

  /** The client tells when it parses the message: events before it may still be in the source's buffer. */
  function checkpoint(position: bigint) {
    considered = position;
    stir();
  }

  /** As with a checkpoint, so note which events have to be delivered first. */
  function caughtUp() {
    caughtUpAfter = Math.min(caughtUpAfter, received + source.readableLength);
    stir();
  }

  /** With an error the next pull throws it; without, there is no next. The first end counts. */
  function end(how: Readonly<{ error?: unknown }>) {
    ended ??= how;
    stir();
  }

  /** All that waits, as soon as there is something; undefined at the end. */
  async function pull(): Promise<Delivered | undefined> {
    for (;;) {
      if (ended) {
        if ("error" in ended) throw ended.error;
        return undefined;
      }
      const { reached, caughtUp } = standing();
      const news = (reached !== undefined && reached !== told.reached) || caughtUp !== told.caughtUp;
      if (waiting.length > 0 || news) return taken();
      await new Promise<void>((resolve) => {
        wake = () => setImmediate(resolve);
      });
    }
  }

  /** Where a consumer stands who has dealt with all that was received. */
  function standing(): Omit<Delivered, "events"> {
    const latest =
      considered !== undefined && (passed === undefined || considered > passed) ? considered : passed;
    const reached = source.readableLength === 0 ? latest : undefined;
    return { reached, caughtUp: received >= caughtUpAfter };
  }

  function taken(): Delivered {
    told = standing();
    const events = waiting;
    waiting = [];
    bytes = 0;
    source.resume();
    return { events, ...told };
  }

  function stir() {
    wake?.();
    wake = undefined;
  }
}

/** About what it occupies; JSON.stringify would take a tenth of the subscription's time. */
const sizeOf = ({ data, metadata }: Recorded): number => weigh(data) + weigh(metadata);

/** What could not be decoded comes as text or bytes. */
function weigh(value: unknown): number {
  if (typeof value === "string" || value instanceof Uint8Array) return value.length;
  if (typeof value !== "object" || value === null) return 8;
  let sum = 8;
  for (const [name, field] of Object.entries(value)) sum += name.length + weigh(field);
  return sum;
}
