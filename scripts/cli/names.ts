/** What the routes of HTTP are called on the command line: what is last in a path, of what stands before it. */

const isName = (part: string): boolean => /^[a-z]/.test(part);
export const singular = (name: string): string => name.replace(/(ch)es$|s$/, "$1");

/** An item's, a movement's or a receipt's own goes without saying, where nothing else is called so. */
export function namesOf(paths: readonly string[], last = (name: string) => name): readonly string[] {
  const names: string[] = [];
  for (const path of paths) {
    const [one = "", two] = path.replace("/v1/", "").split("/").filter(isName).slice(-2);
    const long = two === undefined ? last(one) : `${singular(one)}-${last(two)}`;
    const short = long.replace(/^(item|movement|receipt)-/, "");
    names.push(names.includes(short) ? long : short);
  }
  return names;
}

export const recordNames = (paths: readonly string[]): readonly string[] => namesOf(paths, singular);

/** `effectiveDate` is `--effective-date`. */
export const kebab = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const camel = (name: string): string =>
  name.replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());

export const parametersIn = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
