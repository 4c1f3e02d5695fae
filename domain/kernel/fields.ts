/** What the fields of stored data must look like: the catalogue is written in these. */

export type Is<T> = (value: unknown) => value is T;
export type Fields<Data> = { readonly [Name in keyof Data]-?: Is<Data[Name]> };

export const matching =
  (pattern: RegExp): Is<string> =>
  (value): value is string =>
    typeof value === "string" && pattern.test(value);
/** Well-formed Unicode without control characters. */
export const text = matching(/^[^\p{Cc}\p{Cs}]{1,200}$/u);
/** As DESIGN §3 has them: no space and no slash, which names made of ids rely on. */
export const id = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
/** R, T/R, T/R/2: movement, receipt, piece. */
export const layerName = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}(\/\d{1,9})?)?$/,
);
export const time = matching(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/);
export const count: Is<number> = (value): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0;
export const scale: Is<number> = (value): value is number => [0, 1, 2, 3, 4, 5, 6].some((n) => n === value);
export const oneOf =
  <T extends string>(...names: readonly T[]): Is<T> =>
  (value): value is T =>
    names.some((name) => name === value);
export const orNull =
  <T>(is: Is<T>): Is<T | null> =>
  (value): value is T | null =>
    value === null || is(value);
export const listOf =
  <T>(fields: Fields<T>): Is<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry) => wrongField(entry, fields) === undefined);

export const noneOr =
  <T>(are: Is<readonly T[]>): Is<readonly T[]> =>
  (value): value is readonly T[] =>
    (Array.isArray(value) && value.length === 0) || are(value);
export const flag: Is<boolean> = (value): value is boolean => typeof value === "boolean";
export const objectOf =
  <T>(fields: Fields<T>): Is<T> =>
  (value): value is T =>
    !Array.isArray(value) && wrongField(value, fields) === undefined;

export function wrongField(data: unknown, fields: Readonly<Record<string, Is<unknown>>>): string | undefined {
  if (typeof data !== "object" || data === null) return "shape";
  for (const name in data) if (!isNameIn(fields, name)) return name;
  const values: Readonly<Record<string, unknown>> = data as Record<string, unknown>;
  for (const name in fields) if (!fields[name]?.(values[name])) return name;
  return undefined;
}

export const isNameIn = <T extends object>(table: T, name: PropertyKey): name is keyof T =>
  Object.hasOwn(table, name);
