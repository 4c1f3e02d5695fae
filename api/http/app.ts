/** Everything over HTTP: commands, questions, health, and the description of it all. */
import { isUtf8 } from "node:buffer";
import express, { type Express, Router } from "express";
import helmet from "helmet";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";
import { z } from "zod";
import type { Book } from "../book.ts";
import { answer } from "./answer.ts";
import { commandRoutes } from "./command-routes.ts";
import { docs } from "./docs.ts";
import { health } from "./health.ts";
import { openApi } from "./openapi.ts";
import { keyReused, notFound, notJson, onError, refused, unavailable } from "./problem.ts";
import { questions } from "./questions.ts";
import type { CommandRoute } from "./routes.ts";
import { type Single, singles } from "./singles.ts";

/** An opening of 1,000 layers has room. */
const BODY_MAX = "256kb";

type Parts = Readonly<{ book: Book; waitMaxMs: number; log: Logger }>;

/** OpenAPI writes {item} where express writes :item. */
const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

export function app({ book, waitMaxMs, log }: Parts): Express {
  const commands = commandRoutes(book);
  const description = openApi(commands);
  const router = Router();
  for (const route of commands) router.post(expressPath(route.path), command(route));
  for (const question of questions)
    router.get(expressPath(question.path), answer(question, { book, waitMaxMs }));
  for (const single of singles) router.get(expressPath(single.path), only(book, single));

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
function only(book: Book, { params, ask }: Single): express.RequestHandler {
  const schema = z.object({ params });
  return async (request, response, next) => {
    const found = await ask(book, schema.parse(request).params);
    if (found) response.json(found);
    else notFound(request, response, next);
  };
}

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
