/** What a read or a subscription says besides events. */
import { randomUUID } from "node:crypto";
import { shared, streams } from "./messages.ts";

const { ReadResp } = streams;

function response(fill: (message: InstanceType<typeof ReadResp>) => void): Buffer {
  const message = new ReadResp();
  fill(message);
  return Buffer.from(message.serializeBinary());
}

export function confirmation(): Buffer {
  const content = new ReadResp.SubscriptionConfirmation();
  content.setSubscriptionId(randomUUID());
  return response((message) => message.setConfirmation(content));
}

export const caughtUp = (): Buffer => response((message) => message.setCaughtUp(new ReadResp.CaughtUp()));

export function checkpoint(position: number): Buffer {
  const content = new ReadResp.Checkpoint();
  content.setCommitPosition(`${position}`);
  content.setPreparePosition(`${position}`);
  return response((message) => message.setCheckpoint(content));
}

export function streamNotFound(name: string): Buffer {
  const stream = new shared.StreamIdentifier();
  stream.setStreamName(Buffer.from(name));
  const content = new ReadResp.StreamNotFound();
  content.setStreamIdentifier(stream);
  return response((message) => message.setStreamNotFound(content));
}
