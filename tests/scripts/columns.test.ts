import { expect, test } from "vitest";
import { columns } from "../../scripts/columns.ts";

test("each column is as wide as it must be, and nothing stands behind the last", () => {
  const rows = [
    { item: "rod", lot: null, quantity: "12.5", of: { a: 1 } },
    { item: "oil", lot: "L-26-01", quantity: "3", of: undefined },
  ];
  expect(columns(rows, "  ").split("\n")).toEqual([
    "  item  lot      quantity  of",
    '  rod            12.5      {"a":1}',
    "  oil   L-26-01  3",
  ]);
});

test("no row is nothing", () => expect(columns([], "  ")).toBe("  nothing"));
