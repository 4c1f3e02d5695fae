/** A state as plain values, so that two can be compared whatever trees their maps grew into. */
import { isSortedMap } from "../../domain/kernel/sorted-map.ts";

export function plain(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isSortedMap(value)) return { map: [...value.entries()].map(([key, each]) => [key, plain(each)]) };
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, plain((value as Record<string, unknown>)[name])]));
}
