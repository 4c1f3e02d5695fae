/** Amounts as whole numbers of their smallest step. */

export const steps = (amount: string, scale: number): bigint => {
  const [whole = "", fraction = ""] = amount.split(".");
  return BigInt(`${whole}${fraction.padEnd(scale, "0")}`);
};

export const text = (amount: bigint, scale: number): string => {
  const digits = `${amount < 0n ? -amount : amount}`.padStart(scale + 1, "0");
  const cut = digits.length - scale;
  const fraction = digits.slice(cut).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, cut)}${fraction === "" ? "" : `.${fraction}`}`;
};

export const decimalsOf = (amount: string): number => amount.split(".")[1]?.length ?? 0;

/** So many parts of `whole` when all of it is `over` parts, half a step away from zero. Of nothing, nothing. */
export const share = (whole: bigint, parts: bigint, over: bigint): bigint => {
  if (over === 0n) return 0n;
  const n = whole * parts;
  const size = ((n < 0n ? -n : n) * 2n + over) / (over * 2n);
  return n < 0n ? -size : size;
};

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export const between = (least: bigint, n: bigint, most: bigint): bigint => {
  const atMost = smaller(n, most);
  return atMost < least ? least : atMost;
};

export function total<T>(all: Iterable<T>, amount: (each: T) => bigint): bigint {
  let sum = 0n;
  for (const each of all) sum += amount(each);
  return sum;
}
