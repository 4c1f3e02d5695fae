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
type Member = Readonly<{ group: Group; consumer: Consumer }>;

export function consume(groups: Groups, connections: WeakMap<Consumer, Connection>) {
  return (call: Call): void => {
    let member: Promise<Member> | undefined;
    const fail = (error: unknown) => void call.emit("error", error);
    const leave = () => void member?.then(({ group, consumer }) => group.leave(consumer)).catch(() => {});
    call.on("error", leave).on("cancelled", leave).on("close", leave);
    call.on("end", () => {
      leave();
      call.end();
    });
    call.on("data", (request: ReadReq) => {
      const options = request.getOptions();
      if (options && !member) {
        member = join(call, options, groups, connections);
        member.catch(fail);
      } else if (options || !member) fail(invalid("a group is named once, before anything is said to it"));
      else member.then((its) => answer(its, request)).catch(fail);
    });
  };
}

async function join(
  call: Call,
  options: ReadReq.Options,
  groups: Groups,
  connections: WeakMap<Consumer, Connection>,
): Promise<Member> {
  const key = keyOf(options);
  const group = await groups.of(key);
  const { consumersMax } = group.definition.settings;
  if (consumersMax > 0 && group.consumers.length >= consumersMax) throw errors.isFull(key);
  const structured = options.getUuidOption()?.hasStructured() ?? false;
  const consumer = new Consumer(Math.max(1, options.getBufferSize()), {
    send: (message) => void call.write(responseOf(message, structured)),
    drop: (error) => void call.emit("error", error),
    reads: () => !call.writableNeedDrain,
  });
  const [name] = call.metadata.get("connection-name");
  connections.set(consumer, {
    from: call.getPeer(),
    user: "system",
    name: name?.toString() ?? "<unknown>",
  });
  const confirmation = new persistent.ReadResp.SubscriptionConfirmation().setSubscriptionId(keyText(key));
  call.write(bytesOf(new persistent.ReadResp().setSubscriptionConfirmation(confirmation)));
  call.on("drain", () => group.wake());
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
function answer({ group, consumer }: Member, request: ReadReq): void {
  const acked = request.getAck()?.getIdsList().map(uuidOf);
  const nack = request.getNack();
  const { PARK, SKIP, STOP } = persistent.ReadReq.Nack.Action;
  if (acked) group.answer(consumer, acked, "done");
  else if (!nack) throw invalid("an event is acknowledged or refused");
  else if (nack.getAction() === STOP) {
    group.leave(consumer);
    consumer.line.drop(errors.dropped(group.definition));
  } else {
    const outcome = nack.getAction() === PARK ? "park" : nack.getAction() === SKIP ? "done" : "retry";
    group.answer(consumer, nack.getIdsList().map(uuidOf), outcome, nack.getReason());
  }
}
