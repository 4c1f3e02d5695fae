/** Sending many small messages fast, and no faster than the client takes them. */
import { once } from "node:events";
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerWritableStream,
} from "@grpc/grpc-js";

export type Sender = Readonly<{
  /** Aborts when the client went away. */
  gone: AbortSignal;
  /** Rejects when the client went away. */
  send(message: Buffer): Promise<void> | undefined;
}>;

type Call = ServerWritableStream<unknown, Buffer>;

export function senderTo(call: Call): Sender {
  const going = new AbortController();
  const gone = going.signal;
  call.once("cancelled", () => going.abort());
  call.once("close", () => going.abort());
  return {
    gone,
    /** Nothing to wait for is the common case, and a promise for each of a million events is not free. */
    send(message) {
      gone.throwIfAborted();
      return call.write(message) ? undefined : drained(call, gone);
    },
  };
}

async function drained(call: Call, gone: AbortSignal): Promise<void> {
  await once(call, "drain", { signal: gone });
}

const AHEAD_BYTES = 256 * 1024;
/** What is not encoded yet is an answer, and small. */
const ANSWER_BYTES = 256;

/**
 * gRPC for Node hands a message to HTTP/2 only when the one before has left, which makes a frame of each. This lets
 * it hand over 256 KiB ahead: HTTP/2 then fills its frames, and a client reads twice as fast.
 */
export class WriteAhead extends ServerInterceptingCall {
  #ahead = 0;
  #next: (() => void) | undefined;

  constructor(call: ServerInterceptingCallInterface) {
    super(call);
  }

  override sendMessage(message: unknown, done: () => void): void {
    const bytes = Buffer.isBuffer(message) ? message.length : ANSWER_BYTES;
    this.#ahead += bytes;
    super.sendMessage(message, () => {
      this.#ahead -= bytes;
      const next = this.#next;
      if (this.#ahead >= AHEAD_BYTES || !next) return;
      this.#next = undefined;
      next();
    });
    if (this.#ahead < AHEAD_BYTES) done();
    else this.#next = done;
  }
}
