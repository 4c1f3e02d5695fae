/** An event that points to another one: `7@stream`. */
import type { Entry } from "./log.ts";
import type { Pages } from "./pages.ts";
import { dataIn, revisionIn, typeIn } from "./recorded.ts";
import type { Shows } from "./shown.ts";
import { LINK } from "./streams.ts";

export const isLink = (recorded: Buffer): boolean =>
  recorded.toString("latin1", ...typeIn(recorded)) === LINK;

export type Resolve = (link: Buffer) => Promise<Entry | undefined>;

/** What a link points to, unless its stream hides it. */
export function resolver(pages: Pick<Pages, "stream">, shows: Pick<Shows, "of">): Resolve {
  return async (link) => {
    const target = targetOf(link);
    if (!target) return undefined;
    const { is, first, isYoung } = await shows.of(target.stream);
    if (is !== "there" || target.revision < first) return undefined;
    const found = await eventAt(pages, target);
    return !found || !isYoung || isYoung(found.recorded) ? found : undefined;
  };
}

/** What a link points to, hidden or not. */
export const follower =
  (pages: Pick<Pages, "stream">): Resolve =>
  async (link) => {
    const target = targetOf(link);
    return target && eventAt(pages, target);
  };

type Target = Readonly<{ stream: string; revision: number }>;

function targetOf(link: Buffer): Target | undefined {
  const [, revision, stream] = /^(\d{1,15})@(.+)$/s.exec(dataIn(link).toString()) ?? [];
  return stream === undefined ? undefined : { stream, revision: Number(revision) };
}

async function eventAt(
  pages: Pick<Pages, "stream">,
  { stream, revision }: Target,
): Promise<Entry | undefined> {
  const [found] = (await pages.stream(stream, "forwards", revision, 1)).entries;
  return found && revisionIn(found.recorded) === revision ? found : undefined;
}
