/** By what a report adds up stock: any of the names of its keys. */
import { sql } from "kysely";

export const DIMENSIONS = ["item", "location", "lot", "project"] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export type By = Readonly<{ by: readonly Dimension[] }>;

/** What a group is named by: the dimensions that were asked for, no others. */
export type Named = Readonly<{
  item?: string;
  location?: string;
  lot?: string | null;
  project?: string | null;
}>;
/** "" for a dimension that was not asked for, and for no lot or project. */
export type NameCursor = readonly [item: string, location: string, lot: string, project: string];
export const nameCursor = ({ item = "", location = "", lot, project }: Named): NameCursor => [
  item,
  location,
  lot ?? "",
  project ?? "",
];

const columns = { item: "k.item", location: "k.area", lot: "k.lot", project: "k.project" } as const;
const shown = {
  item: sql`k.item`,
  location: sql`k.area as location`,
  lot: sql`nullif(k.lot, '') as lot`,
  project: sql`nullif(k.project, '') as project`,
};

/**
 * SQL over a stock_key `k` and amounts `s` of it. In one order, whatever order was asked for: that of the keys, so that a
 * page by item reads no more than its own. Quantities of different items don't add up: by item only is one told.
 */
export function groupsBy(by: readonly Dimension[], after: NameCursor | undefined) {
  const asked = DIMENSIONS.filter((dimension) => by.includes(dimension));
  const quantity = asked.includes("item") ? sql`trim_scale(sum(s.quantity))::text as quantity,` : sql``;
  return {
    names: sql.join(asked.map((dimension) => sql.ref(columns[dimension]))),
    shown: sql.join(asked.map((dimension) => shown[dimension])),
    amounts: sql`${quantity} trim_scale(sum(s.value))::text as value`,
    /** Where the page before ended. */
    last: after && sql.join(asked.map((dimension) => sql`${after[DIMENSIONS.indexOf(dimension)]}`)),
  };
}

/** Nothing that is worth something, or is short, is left out. */
export const isThere = sql`(s.quantity <> 0 or s.value <> 0)`;
