/** Everything over HTTP: commands, questions, health, and the description of it all. */
import { isUtf8 } from "node:buffer";
import express, { type Express, Router } from "express";
import helmet from "helmet";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";
import { z } from "zod";
import { items } from "../../read-models/items.ts";
import type { Moment, Page } from "../../read-models/question.ts";
import { stocktakes } from "../../read-models/stocktakes.ts";
import type { Book } from "../book.ts";
import { id } from "../edge/schemas.ts";
import { answer } from "./answer.ts";
import { companyRoutes } from "./company.ts";
import { correctionRoutes } from "./corrections.ts";
import { docs } from "./docs.ts";
import { health } from "./health.ts";
import { inventoryRoutes } from "./inventory.ts";
import { landedCostRoutes } from "./landed-costs.ts";
import { openApi } from "./openapi.ts";
import { periodRoutes } from "./periods.ts";
import { keyReused, notFound, notJson, onError, refused, unavailable } from "./problem.ts";
import { questions } from "./questions.ts";
import type { CommandRoute } from "./routes.ts";
import { stocktakeRoutes } from "./stocktakes.ts";

/** An opening of 1,000 layers has room. */
const BODY_MAX = "256kb";

type Parts = Readonly<{ book: Book; waitMaxMs: number; log: Logger }>;

/** OpenAPI writes {item} where express writes :item. */
const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

export function app({ book, waitMaxMs, log }: Parts): Express {
  const commands = [
    ...landedCostRoutes(book),
    ...stocktakeRoutes(book),
    ...companyRoutes(book),
    ...periodRoutes(book),
    ...inventoryRoutes(book),
    ...correctionRoutes(book),
  ];
  const description = openApi(commands);
  const router = Router();
  for (const route of commands) router.post(expressPath(route.path), command(route));
  for (const question of questions)
    router.get(expressPath(question.path), answer(question, { book, waitMaxMs }));
  router
    .get("/v1/company", async (request, response, next) => {
      const company = await book.company();
      if (company) response.json(company);
      else notFound(request, response, next);
    })
    .get("/v1/items/:item", only(book, "item", items))
    .get("/v1/stocktakes/:stocktake", only(book, "stocktake", stocktakes));

  return express()
    .disable("x-powered-by")
    .set("query parser", "simple")
    .use(helmet(safeHeaders))
    .use("/health", health(book))
    .use(pinoHttp({ logger: log, serializers, customLogLevel, quietReqLogger: true }))
    .use(express.json({ limit: BODY_MAX, verify: refuseOtherEncodings }))
    .get("/openapi.json", (_request, response) => void response.json(description))
    .use("/docs", docs())
    .use(router)
    .use(notFound)
    .use(
      onError((error) => {
        log.error(error);
        book.mend(error);
      }),
    );
}

/** What has this name, as it is now. */
const only =
  <Name extends string>(
    { pool, name: book }: Book,
    name: Name,
    ask: (
      pool: Book["pool"],
      book: string,
      asked: Moment & { [name in Name]: string },
      page: Page<never>,
    ) => Promise<Readonly<{ rows: readonly object[] }>>,
  ): express.RequestHandler =>
  async (request, response, next) => {
    const { params } = z.object({ params: z.object({ [name]: id }) }).parse(request);
    const asked = { asOf: "2199-12-31", knownAt: "latest", ...params } as Parameters<typeof ask>[2];
    const { rows } = await ask(pool, book, asked, { limit: 1, after: undefined });
    if (rows[0]) response.json(rows[0]);
    else notFound(request, response, next);
  };

const command =
  ({ run }: CommandRoute): express.RequestHandler =>
  async (request, response) => {
    // Express reads no other body, and a command that needs no field would go through without.
    if (request.get("content-type") !== undefined && request.is("json") === false) return notJson(response);
    const { method, path, headers, params, query } = request;
    const outcome = await run({ method, path, headers, params, query, body: request.body ?? {} });
    switch (outcome.status) {
      case "previewed": {
        const { status: _status, ...preview } = outcome;
        response.json(preview);
        return;
      }
      case "accepted": {
        const { revision, position, events } = outcome.answer;
        const text = JSON.stringify({ revision: `${revision}`, position: `${position}`, events });
        // Not `json`: no cache keeps the answer to a command, so it needs no ETag.
        response.status(201).setHeader("Content-Type", "application/json; charset=utf-8").end(text);
        return;
      }
      case "refused":
        return refused(response, outcome.refusal);
      case "key-reused":
        return keyReused(response);
      case "unavailable":
        return unavailable(response);
    }
  };

/** It serves plain HTTP: a browser told to come by HTTPS, now or ever after, would find an empty page. */
const safeHeaders = {
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  strictTransportSecurity: false,
};

/** Else what is no UTF-8 would be stored as question marks. */
function refuseOtherEncodings(_request: unknown, _response: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw Object.assign(new Error("The body is JSON in UTF-8."), { status: 400 });
}

/** What is logged of a request: no header (a token may be there), no body. */
const serializers = {
  req: ({ method, url }: { method: string; url: string }) => ({ method, url }),
  res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
};

const customLogLevel = (_request: unknown, response: { statusCode: number }) =>
  response.statusCode >= 500 ? "error" : "debug";
