/** One reader's way of getting events: how it wants ids, and whether it wants what a link points to. */
import type { ReadReq } from "@eventstore/db-client/generated/streams_pb.js";
import { isLink, resolver } from "./links.ts";
import type { Entry } from "./log.ts";
import type { Sender } from "./sending.ts";
import type { Source } from "./walk.ts";
import { readResponse, resolvedResponse, withStructuredId } from "./wire.ts";

/** `tell` sends an event. Like `send` it has nothing to wait for as a rule. */
export type Reader = Sender & Readonly<{ tell(entry: Entry): Promise<void> | undefined }>;

export function readerOf(sender: Sender, options: ReadReq.Options, { pages, shows }: Source): Reader {
  const structured = options.getUuidOption()?.hasStructured();
  const encoded = (recorded: Buffer): Buffer => (structured ? withStructuredId(recorded) : recorded);
  const tell = ({ recorded, position }: Entry) => sender.send(readResponse(encoded(recorded), position));
  if (!options.getResolveLinks()) return { ...sender, tell };
  const resolve = resolver(pages, shows);
  const tellLinked = async ({ recorded, position }: Entry): Promise<void> => {
    const event = (await resolve(recorded))?.recorded;
    await sender.send(
      resolvedResponse({ event: event && encoded(event), link: encoded(recorded), position }),
    );
  };
  return { ...sender, tell: (entry) => (isLink(entry.recorded) ? tellLinked(entry) : tell(entry)) };
}
