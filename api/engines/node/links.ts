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
    const [, text, stream] = /^(\d{1,15})@(.+)$/s.exec(dataIn(link).toString()) ?? [];
    if (stream === undefined) return undefined;
    const revision = Number(text);
    const { is, first, isYoung } = await shows.of(stream);
    if (is !== "there" || revision < first) return undefined;
    const [found] = (await pages.stream(stream, "forwards", revision, 1)).entries;
    if (!found || revisionIn(found.recorded) !== revision) return undefined;
    return !isYoung || isYoung(found.recorded) ? found : undefined;
  };
}
