/** What a group is: made by its creator, and kept in the log. */
import type { Sought } from "../filter.ts";
import type { Settings } from "./settings.ts";

/** "$all", or a stream. Both, and the group's name, make its key. */
export type Key = Readonly<{ source: string; group: string }>;

export type Definition = Key &
  Readonly<{
    settings: Settings;
    /** As it is told to who asks: "0", "-1" for the end; of `$all` "C:0/P:0". */
    startFrom: string;
    /** The last place before it begins, a revision or a position: the end is a place by then. */
    after: number;
    sought?: Sought | undefined;
  }>;

export const ALL = "$all";
export const keyText = ({ source, group }: Key): string => `${source}::${group}`;

/** Of a place, as EventStoreDB writes it. */
export const placeText = (source: string, place: number): string =>
  source === ALL ? `C:${place}/P:${place}` : `${place}`;
export const placeOf = (text: string): number => Number(/^(?:C:)?(\d+)/.exec(text)?.[1] ?? -1);
