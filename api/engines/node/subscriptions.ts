/** Catch-up subscriptions: all there is after a place, then whatever comes. */
import { streamDeleted } from "./errors.ts";
import { type Filter, ofStream } from "./filter.ts";
import type { Entry } from "./log.ts";
import { caughtUp, checkpoint } from "./notices.ts";
import type { Reader } from "./reader.ts";
import { revisionIn } from "./recorded.ts";
import type { Shown } from "./shown.ts";
import { follow, type Source, upTo, walk } from "./walk.ts";
import { TOMBSTONE } from "./wire.ts";

/** `seen`: the log's head before it was asked what the stream shows. A tombstone is the last that is told. */
export async function subscribeToStream(
  name: string,
  seen: Seen,
  after: number | undefined,
  source: Source,
  { send, tell, gone }: Reader,
): Promise<void> {
  let live = false;
  for await (const batch of followStream(name, seen, after, source, gone)) {
    for (const entry of batch) {
      await tell(entry);
      if (revisionIn(entry.recorded) === TOMBSTONE) throw streamDeleted(name);
    }
    if (batch.length > 0 || live) continue;
    live = true;
    await send(caughtUp());
  }
}

/** What a stream shows, by the log up to `head` at least: what comes after that head is told whatever it is. */
export type Seen = Readonly<{ head: number; shown: Shown }>;

export async function look({ log, shows }: Source, name: string): Promise<Seen> {
  const { head } = log;
  return { head, shown: await shows.of(name) };
}

/** Like `follow`, of one stream after a revision; undefined: only what comes. Of what is there, what it shows. */
export async function* followStream(
  name: string,
  { head, shown: { is, first, isYoung } }: Seen,
  after: number | undefined,
  { log, pages }: Omit<Source, "shows">,
  gone: AbortSignal,
): AsyncGenerator<readonly Entry[]> {
  // By the stream's own index up to this head; from there on by following the log, where nothing lies between.
  const page = (from: number, max: number) => pages.stream(name, "forwards", from, max);
  if (after !== undefined && is !== "deleted")
    for await (const entries of walk(page, Math.max(after + 1, first), Infinity)) {
      const old = upTo(head, entries);
      const young = isYoung ? old.filter(({ recorded }) => isYoung(recorded)) : old;
      if (young.length > 0) yield young;
      if (old.length < entries.length) break;
    }
  const isOurs = ofStream(name);
  for await (const batch of follow({ log, pages }, head, gone)) {
    const ours = batch.filter(({ recorded }) => isOurs(recorded));
    if (ours.length > 0 || batch.length === 0) yield ours;
  }
}

export async function subscribeToAll(
  after: number,
  filter: Filter | undefined,
  source: Source,
  { send, tell, gone }: Reader,
): Promise<void> {
  let considered = 0;
  let position = after;
  let said = -1;
  let live = false;
  for await (const batch of follow(source, after, gone)) {
    for (const entry of batch) {
      ({ position } = entry);
      if (!filter || filter.matches(entry.recorded)) await tell(entry);
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
