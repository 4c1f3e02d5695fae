/** The company over HTTP: founded once, before anything else. */
import { z } from "zod";
import { lastMovementDay } from "../../read-models/movements.ts";
import type { Book } from "../book.ts";
import { companyStream } from "../company.ts";
import { fiscalYearStart, id, scale, timeZone, value, words } from "../edge/schemas.ts";
import { type CommandRoute, commandRoute } from "./routes.ts";

const founding = z.strictObject({
  name: words.optional().describe("Default: the book's name."),
  baseCurrency: z.string().regex(/^[A-Z]{3}$/, "three capital letters, ISO 4217"),
  valueScale: scale.default(2).describe("Decimals of every value. Never changes."),
  timeZone,
  fiscalYearStart: fiscalYearStart.default("01-01").describe("MM-DD."),
});

const correctionLimit = z.strictObject({
  correctionMax: value.nullable().describe("Added up by movement, in the base currency; null: by any."),
});
const costingPolicy = z.strictObject({
  policy: z
    .enum(["replay", "freeze"])
    .describe("replay: late movements cost recorded ones anew. freeze: what was drawn stays drawn."),
});
const shortStock = z.strictObject({
  allowed: z.boolean().describe("Whether issues there may take more than lies there, from now on."),
});

export const companyRoutes = ({
  name,
  companies,
  pool,
}: Pick<Book, "name" | "companies" | "pool">): readonly CommandRoute[] => [
  commandRoute(
    "/v1/company",
    "Found the company. Currency, scale and time zone never change.",
    { params: z.object({}), body: founding },
    ({ body }, caller) => {
      const data = { ...body, company: name, name: body.name ?? name };
      return companies.handle({
        ...caller,
        stream: companyStream(name),
        command: { type: "FoundCompany", data },
      });
    },
  ),
  commandRoute(
    "/v1/company/correction-limit",
    "By how much one fact may change what recorded movements cost before a second person has to approve it.",
    { params: z.object({}), body: correctionLimit },
    ({ body: { correctionMax } }, caller) =>
      companies.handle({
        ...caller,
        stream: companyStream(name),
        command: { type: "SetCorrectionLimit", data: { company: name, correctionMax } },
      }),
  ),
  commandRoute(
    "/v1/company/costing-policy",
    "What late movements do to costs, from the first open day on. No movement may count on that day or later; what is before stays as it is, and closed.",
    { params: z.object({}), body: costingPolicy },
    async ({ body: { policy } }, caller) =>
      companies.handle({
        ...caller,
        stream: companyStream(name),
        command: {
          type: "ChangeCostingPolicy",
          data: { company: name, policy },
          lastMovement: await lastMovementDay(pool, name),
        },
      }),
  ),
  commandRoute(
    "/v1/locations/{location}/short-stock",
    "Let issues at a location take more than lies there, or no longer. What is short is settled by what comes next.",
    { params: z.object({ location: id }), body: shortStock },
    ({ params: { location }, body: { allowed } }, caller) =>
      companies.handle({
        ...caller,
        stream: companyStream(name),
        command: {
          type: allowed ? "AllowShortStock" : "ForbidShortStock",
          data: { company: name, location },
        },
      }),
  ),
];
