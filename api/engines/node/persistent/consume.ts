/** PersistentSubscriptions.Read: one consumer of a group, for as long as it stays. */
import type { ReadReq, ReadResp } from "@eventstore/db-client/generated/persistent_pb.js";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { invalid } from "../errors.ts";
import { persistent } from "../messages.ts";
import { uuidOf } from "../requests.ts";
import { resolvedResponse, withStructuredId } from "../wire.ts";
import { keyText } from "./definition.ts";
import { Consumer, type Message } from "./deliveries.ts";
import * as errors from "./errors.ts";
import type { Group } from "./group.ts";
import type { Groups } from "./groups.ts";
import type { Connection } from "./info.ts";
import { keyOf } from "./requests.ts";

type Call = ServerDuplexStream<ReadReq, Buffer>;

export function consume(groups: Groups, connections: WeakMap<Consumer, Connection>) {
  return (call: Call): void => {
    let member: Readonly<{ group: Group; consumer: Consumer }> | undefined;
    const leave = () => {
      if (member) member.group.leave(member.consumer);
    };
    call.on("error", leave).on("cancelled", leave).on("close", leave);
    call.on("end", () => {
      leave();
      call.end();
    });
    call.on("data", (request: ReadReq) => {
      try {
        const options = request.getOptions();
        if (options) member = join(call, options, groups, connections);
        else if (member) answer(member.group, member.consumer, request);
        else throw invalid("a group is named before anything is said to it");
      } catch (error) {
        call.emit("error", error);
      }
    });
  };
}

function join(
  call: Call,
  options: ReadReq.Options,
  groups: Groups,
  connections: WeakMap<Consumer, Connection>,
): Readonly<{ group: Group; consumer: Consumer }> {
  const key = keyOf(options);
  const group = groups.of(key);
  const { consumersMax } = group.definition.settings;
  if (consumersMax > 0 && group.consumers.length >= consumersMax) throw errors.isFull(key);
  const structured = options.getUuidOption()?.hasStructured() ?? false;
  const send = (message: Message) => void call.write(responseOf(message, structured));
  const drop = (error: Error) => void call.emit("error", error);
  const consumer = new Consumer(Math.max(1, options.getBufferSize()), send, drop);
  const [name] = call.metadata.get("connection-name");
  connections.set(consumer, {
    from: call.getPeer(),
    user: "system",
    name: name?.toString() ?? "<unknown>",
  });
  const confirmation = new persistent.ReadResp.SubscriptionConfirmation().setSubscriptionId(keyText(key));
  call.write(bytesOf(new persistent.ReadResp().setSubscriptionConfirmation(confirmation)));
  group.join(consumer);
  return { group, consumer };
}

const bytesOf = (response: ReadResp): Buffer => Buffer.from(response.serializeBinary());

function responseOf({ entry, event, retries }: Message, structured: boolean): Buffer {
  const encoded = (recorded: Buffer) => (structured ? withStructuredId(recorded) : recorded);
  return resolvedResponse({
    event: encoded((event ?? entry).recorded),
    link: event && encoded(entry.recorded),
    position: entry.position,
    retries,
  });
}

/** A consumer that says stop is taken at its word; the event goes to another one. */
function answer(group: Group, consumer: Consumer, request: ReadReq): void {
  const acked = request.getAck()?.getIdsList().map(uuidOf);
  const nack = request.getNack();
  const { PARK, SKIP, STOP } = persistent.ReadReq.Nack.Action;
  if (acked) group.answer(consumer, acked, "done");
  else if (!nack) throw invalid("an event is acknowledged or refused");
  else if (nack.getAction() === STOP) {
    group.leave(consumer);
    consumer.drop(errors.dropped(group.definition));
  } else {
    const outcome = nack.getAction() === PARK ? "park" : nack.getAction() === SKIP ? "done" : "retry";
    group.answer(consumer, nack.getIdsList().map(uuidOf), outcome, nack.getReason());
  }
}
