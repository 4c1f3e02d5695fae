/** Ways through the log: to where it ends now, and on for ever. */
import type { Entry, Log } from "./log.ts";
import type { Page, Pages } from "./pages.ts";
import type { Shows } from "./shown.ts";

const BATCH = 500;

/** Entries in batches, at most `count`. The next page is fetched while one is in use. */
export async function* walk(
  page: (from: number, max: number) => Promise<Page>,
  from: number,
  count: number,
): AsyncGenerator<readonly Entry[]> {
  let left = count;
  let coming = page(from, Math.min(left, BATCH));
  for (;;) {
    const { entries, next, done } = await coming;
    left -= entries.length;
    const more = !done && left > 0;
    if (more) coming = page(next, Math.min(left, BATCH));
    coming.catch(() => {}); // nobody awaits it when the reader has enough
    yield entries;
    if (!more) return;
  }
}

/** From memory, where it reaches back that far. */
export async function pageOfAll(
  { log, pages }: Omit<Source, "shows">,
  from: number,
  max: number,
): Promise<Page> {
  const entries = log.recent(from - 1, max);
  if (!entries) return pages.all("forwards", from, max);
  const { position } = entries.at(-1) ?? { position: from - 1 };
  return { entries, next: position + 1, done: entries.length < max };
}

export type Source = Readonly<{ log: Log; pages: Pages; shows: Shows }>;

/**
 * Everything after a position, as it comes: batches in order without gap or repeat, and an empty one each time the
 * head is reached. Nothing beyond the head is taken, though the tables may hold it already: it is published later.
 */
export async function* follow(
  source: Omit<Source, "shows">,
  after: number,
  gone: AbortSignal,
): AsyncGenerator<readonly Entry[]> {
  const { log } = source;
  let position = after;
  for (;;) {
    const { head } = log;
    for await (const entries of walk((from, max) => pageOfAll(source, from, max), position + 1, Infinity)) {
      const batch = upTo(head, entries);
      position = batch.at(-1)?.position ?? position;
      if (batch.length > 0) yield batch;
      if (batch.length < entries.length) break;
    }
    position = Math.max(position, head);
    if (position < log.head) continue;
    yield [];
    await log.beyond(position, gone);
  }
}

export const upTo = (head: number, entries: readonly Entry[]): readonly Entry[] =>
  (entries.at(-1)?.position ?? 0) <= head ? entries : entries.filter(({ position }) => position <= head);
