/**
 * Maps sorted by text, of which a changed copy costs no more than its changes: no state here is changed in place. The
 * only import of sorted-btree.
 */
import { defaultComparator, EmptyBTree } from "sorted-btree";
import { bulkLoad } from "sorted-btree/extended/bulkLoad.js";

export interface SortedMap<V> {
  readonly size: number;
  get(key: string): V | undefined;
  maxKey(): string | undefined;
  /** Upwards from a key, or from the first. */
  entries(from?: string): IterableIterator<[key: string, value: V]>;
  /** Downwards from a key, or from the last. */
  entriesReversed(from?: string): IterableIterator<[key: string, value: V]>;
}

/** A copy to be changed by whoever made it, until it is handed out. */
export interface Draft<V> extends SortedMap<V> {
  set(key: string, value: V): boolean;
  delete(key: string): boolean;
}

export const emptyMap = <V>(): SortedMap<V> => EmptyBTree as SortedMap<V>;

export const draftOf = <V>(map: SortedMap<V>): Draft<V> => (map as unknown as { clone(): Draft<V> }).clone();

export const isSortedMap = (value: object): value is SortedMap<unknown> =>
  Object.getPrototypeOf(value) === Object.getPrototypeOf(EmptyBTree);

/** Throws where keys are not in order. */
export const sortedMapOf = <V>(keys: string[], values: V[]): SortedMap<V> =>
  bulkLoad(keys, values, EmptyBTree.maxNodeSize, defaultComparator);
