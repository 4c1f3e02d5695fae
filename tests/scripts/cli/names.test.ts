/** Goal: every route of HTTP has a name of its own on the command line. */
import { expect, test } from "vitest";
import type { Book } from "../../../api/book.ts";
import { commandRoutes } from "../../../api/http/command-routes.ts";
import { questions } from "../../../api/http/questions.ts";
import { camel, kebab, namesOf, recordNames } from "../../../scripts/cli/names.ts";

const pathsOf = (routes: readonly Readonly<{ path: string }>[]) => routes.map(({ path }) => path);

test("commands", () => {
  const names = recordNames(pathsOf(commandRoutes({} as Book)));
  expect(new Set(names).size).toBe(names.length);
  const some = [
    ...["receipt", "issue", "transfer", "dispatch", "arrival", "adjustment", "count", "return"],
    ...["supplier-return", "unmatched-return", "opening-stock", "invoice", "cost", "landed-cost"],
    ...["cancellation", "value-fact-cancellation", "period-closing", "period-reopening"],
    ...["company", "company-correction-limit", "company-costing-policy", "location-short-stock"],
    ...["stocktake-opening", "stocktake-count", "stocktake-approval", "stocktake-posting"],
    ...["stocktake-abandonment", "registration", "name", "deactivation", "unit"],
  ];
  expect(names).toEqual(expect.arrayContaining(some));
});

test("questions", () => {
  const names = namesOf(pathsOf(questions));
  expect(new Set(names).size).toBe(names.length);
  const some = [
    ...["balances", "valuation", "ageing", "periods", "items", "units", "movements", "layers", "events"],
    ...["landed-cost-lines", "stocktakes", "stocktake-lines", "value-facts", "draws", "costs"],
    "movement-events",
  ];
  expect(names).toEqual(expect.arrayContaining(some));
});

test("a second of the same name says of what it is", () =>
  expect(namesOf(["/v1/items/{item}/x", "/v1/items/{item}/movements/{movement}/x"])).toEqual([
    "x",
    "movement-x",
  ]));

test.each([
  ["effectiveDate", "effective-date"],
  ["lot", "lot"],
])("%s is --%s", (name, option) => {
  expect(kebab(name)).toBe(option);
  expect(camel(option)).toBe(name);
});
