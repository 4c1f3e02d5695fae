/** Catch-up subscriptions: all there is after a place, then whatever comes. */
import { type Filter, ofStream } from "./filter.ts";
import type { Entry } from "./log.ts";
import { caughtUp, checkpoint } from "./notices.ts";
import type { Sender } from "./sending.ts";
import { follow, type Source, upTo, walk } from "./walk.ts";

export type Reader = Sender & Readonly<{ encode: (entry: Entry) => Buffer }>;

/** `after` undefined: only what comes. */
export async function subscribeToStream(
  name: string,
  after: number | undefined,
  { log, pages }: Source,
  { send, encode, gone }: Reader,
): Promise<void> {
  // By the stream's own index up to this head; from there on by following the log, where nothing lies between.
  const { head } = log;
  const page = (from: number, max: number) => pages.stream(name, "forwards", from, max);
  if (after !== undefined)
    for await (const entries of walk(page, after + 1, Infinity)) {
      const old = upTo(head, entries);
      for (const entry of old) await send(encode(entry));
      if (old.length < entries.length) break;
    }
  const isOurs = ofStream(name);
  let live = false;
  for await (const batch of follow({ log, pages }, head, gone)) {
    for (const entry of batch) if (isOurs(entry.recorded)) await send(encode(entry));
    if (batch.length > 0 || live) continue;
    live = true;
    await send(caughtUp());
  }
}

export async function subscribeToAll(
  after: number,
  filter: Filter | undefined,
  source: Source,
  { send, encode, gone }: Reader,
): Promise<void> {
  let considered = 0;
  let position = after;
  let said = -1;
  let live = false;
  for await (const batch of follow(source, after, gone)) {
    for (const entry of batch) {
      ({ position } = entry);
      if (!filter || filter.matches(entry.recorded)) await send(encode(entry));
      if (!filter || ++considered < filter.interval) continue;
      await send(checkpoint(position));
      considered = 0;
      said = position;
    }
    if (batch.length > 0 || live) continue;
    live = true;
    if (filter && said !== position) await send(checkpoint(position));
    considered = 0;
    await send(caughtUp());
  }
}
