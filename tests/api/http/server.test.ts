/** What every program that talks to the server relies on: health, the description, the docs page, and a stop without loss. */
import { once } from "node:events";
import { Agent, get as httpGet } from "node:http";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { questions } from "../../../api/http/questions.ts";
import { serve } from "../../../api/server.ts";
import { databaseUrl, eventStoreUrl } from "../../support/engines.ts";
import { anyBook } from "../../support/new-events.ts";
import { foundation, type Json, rawRequest, served } from "../../support/served.ts";

const server = await served();
const { get, post, url } = server;

describe("health", () => {
  test("live: it answers; ready: it projects what is recorded", async () => {
    expect(await get("/health/live")).toMatchObject({ status: 200, body: { status: "live" } });
    await server.record("/v1/company", foundation);
    await server.seq();
    const { status, body } = await get("/health/ready");
    expect({ status, body }).toEqual({
      status: 200,
      body: { status: "ready", projector: "projecting", seq: "1", position: `${server.lastPosition()}` },
    });
  });
});

describe("a problem", () => {
  test.each([
    ["GET", "/", 404, "NoSuchResource"],
    ["GET", "/v1/nothing", 404, "NoSuchResource"],
    ["DELETE", "/v1/balances", 404, "NoSuchResource"],
    ["GET", "/v1/items/%ff", 400, "InvalidRequest"],
    ["GET", "/v1/balances?limit=0", 400, "InvalidRequest"],
    ["POST", "/v1/company", 400, "InvalidRequest"],
  ])("%s %s is one by RFC 9457", async (method, path, status, name) => {
    const { status: answered, type, text } = await rawRequest(url, { method, path });
    expect([answered, type]).toEqual([status, "application/problem+json; charset=utf-8"]);
    const body = JSON.parse(text) as Json;
    expect(body).toMatchObject({ type: `/problems/${name}`, title: name, status });
    expect(text).not.toMatch(/node_modules|\.ts\b|at \w+ \(/);
    for (const error of (body["errors"] ?? []) as Json[])
      expect(error).toEqual({ field: expect.stringMatching(/./), detail: expect.stringMatching(/./) });
  });
});

describe("the description", async () => {
  const { status, body } = await get("/openapi.json");
  const paths = body["paths"] as Record<string, Record<string, Json>>;
  const operations = Object.entries(paths).flatMap(([path, of]) =>
    Object.entries(of).map(([method, operation]) => ({ path, method, operation })),
  );

  test("is OpenAPI 3.1 of every route", () => {
    expect(status).toBe(200);
    expect(body).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Perpetual", version: expect.any(String) },
    });
    const commands = [
      "registration",
      "name",
      "deactivation",
      "units",
      "lot-tracking",
      "lots",
      "opening-stock",
      "receipts",
      "issues",
      "transfers",
      "returns",
    ];
    const back = ["pins", "unpins", "unmatched-returns", "supplier-returns", "dispatches", "arrivals"];
    expect(operations.map(({ path, method }) => `${method} ${path}`).toSorted()).toEqual(
      [
        ...["post /v1/company", "get /v1/company", "get /v1/items/{item}"],
        ...["post /v1/company/correction-limit", "post /v1/company/costing-policy"],
        ...["post /v1/locations/{location}/short-stock"],
        ...[...commands, "adjustments", "counts", ...back].map((name) => `post /v1/items/{item}/${name}`),
        ...["costs", "invoices"].map((name) => `post /v1/items/{item}/receipts/{receipt}/${name}`),
        "post /v1/items/{item}/movements/{movement}/cancellation",
        "post /v1/items/{item}/value-facts/{fact}/cancellation",
        "post /v1/landed-costs",
        ...["opening", "counts", "approval", "posting", "abandonment"].map(
          (name) => `post /v1/stocktakes/{stocktake}/${name}`,
        ),
        "get /v1/stocktakes/{stocktake}",
        ...["closing", "reopening"].map((name) => `post /v1/periods/{period}/${name}`),
        ...questions.map(({ path }) => `get ${path}`),
      ].toSorted(),
    );
  });

  test("describes what is served: no path of it is unknown, and no path parameter undescribed", async () => {
    for (const { path, method, operation } of operations) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = operation["parameters"] as {
        name: string;
        in: string;
        required: boolean;
        schema: Json;
      }[];
      expect(described.filter((each) => each.in === "path").map(({ name }) => name)).toEqual(names);
      for (const each of described) {
        expect(each.schema, each.name).toBeTypeOf("object");
        if (each.in === "path") expect(each.required).toBe(true);
      }
      const here = path.replaceAll(/\{\w+\}/g, "x");
      const answer = method === "get" ? await get(here) : await post(here, {});
      const isMissing = answer.body["title"] === "NoSuchResource";
      if (isMissing) expect(Object.keys(operation["responses"] as object)).toContain("404");
      expect(answer.status).toBeLessThan(500);
    }
  });

  test("describes all answers, refers to what is there, and has no schema that no validator takes", () => {
    for (const { path, method, operation } of operations) {
      expect(operation["summary"], path).toMatch(/\w/);
      const responses = Object.entries(operation["responses"] as Record<string, Json>);
      expect(responses.some(([code]) => code.startsWith("2"))).toBe(true);
      for (const [code, response] of responses) {
        expect(code).toMatch(/^[2-5]\d\d$/);
        expect(response["description"]).toBeTypeOf("string");
      }
      if (method === "post")
        expect(operation["requestBody"]).toMatchObject({
          content: { "application/json": { schema: { type: "object", additionalProperties: false } } },
        });
    }
    const types = ["object", "array", "string", "integer", "number", "boolean", "null"];
    const visit = (node: unknown, at: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [name, value] of Object.entries(node)) {
        const where = `${at}/${name}`;
        const named = /\/properties$/.test(at);
        if (named) visit(value, where);
        else if (name === "$ref") {
          const found = String(value)
            .split("/")
            .slice(1)
            .reduce((of: unknown, key) => (of as Json)?.[key], body);
          expect(found, where).toBeTypeOf("object");
        } else if (name === "pattern") expect(new RegExp(String(value), "u"), where).toBeInstanceOf(RegExp);
        else if (name === "type" && !at.endsWith("/responses")) {
          for (const type of [value].flat()) expect(types, where).toContain(type);
        } else visit(value, where);
      }
    };
    visit(body["paths"], "paths");
    visit(body["components"], "components");
  });

  test("names every refusal", () => {
    const { description } = body["info"] as { description: string };
    for (const name of ["InsufficientStock", "LotRequired", "CompanyNotFounded", "ValueOutOfRange"])
      expect(description).toContain(`\`${name}\``);
  });
});

describe("the docs page", () => {
  test("loads whole from here, and asks nobody else", async () => {
    const redirect = await get("/docs");
    expect([redirect.status, redirect.headers.get("location")]).toEqual([301, "docs/"]);
    const page = await get("/docs/");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.text).not.toMatch(/https?:|\/\//);
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toEqual(["swagger-ui.css", "swagger-ui-bundle.js", "start.js"]);
    for (const link of links) {
      const asset = await get(`/docs/${link}`);
      expect(asset.status, link).toBe(200);
      expect(asset.headers.get("content-type")).toMatch(link?.endsWith("css") ? /^text\/css/ : /javascript/);
    }
    expect((await get("/docs/start.js")).text).toContain("../openapi.json");
    // What the browser is told lets it load these, and run none from elsewhere.
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe-eval");
    expect((await get("/docs/nothing.js")).status).toBe(404);
    expect((await get("/docs/..%2fpackage.json")).status).toBeGreaterThanOrEqual(400);
  });
});

async function another() {
  const settings = {
    ...{ book: anyBook(), home: "/nowhere", host: "127.0.0.1", port: 0, waitMaxMs: 3_000 },
    ...{
      databaseUrl: await databaseUrl(),
      eventStoreUrl: await eventStoreUrl(),
      logLevel: "silent" as const,
    },
  };
  const other = await serve(settings, pino({ level: "silent" }));
  onTestFinished(() => other.stop());
  return other;
}

describe("a stop", () => {
  test("is not held up by connections that are kept open, and lets go of the port", async () => {
    const other = await another();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const [response] = await once(httpGet(`${other.url}/health/live`, { agent }), "response");
    response.resume();
    await once(response, "end");
    const began = Date.now();
    await Promise.all([other.stop(), other.stop()]);
    expect(Date.now() - began).toBeLessThan(5_000);
    await expect(fetch(`${other.url}/health/live`)).rejects.toThrow();
  });

  test("answers what is under way", async () => {
    const other = await another();
    // It waits for a position that never comes, longer than the stop takes to begin.
    const waits = fetch(`${other.url}/v1/balances?minPosition=999999999999`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const stopped = other.stop();
    expect((await waits).status).toBe(409);
    await stopped;
  });
});

test("nothing was logged as our mistake", () => expect(server.errors).toEqual([]));
