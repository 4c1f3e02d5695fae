/** OpenAPI 3.1, from the same tables and schemas as the routes. */
import { z } from "zod";
import { querySchema } from "./answer.ts";
import { refusals } from "./problem.ts";
import type { Question } from "./question.ts";
import { questions } from "./questions.ts";
import { type CommandRoute, commandHeaders, queryOf } from "./routes.ts";
import { type Single, singles } from "./singles.ts";

type Json = Readonly<Record<string, unknown>>;

export const schemaOf = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;
  return rest;
};

function parameters(place: "path" | "query" | "header", schema: z.ZodObject): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(schema) as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property as Json;
    const described = description === undefined ? {} : { description };
    return {
      name,
      in: place,
      required: place === "path" || required.includes(name),
      schema: rest,
      ...described,
    };
  });
}

const problem = (description: string): Json => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});
const problems: Json = {
  400: problem("A field is wrong: `errors` names it."),
  409: problem("Refused, or the key named another request."),
  422: problem("Refused."),
  503: problem("The log or the database did not answer. The same request is safe."),
};

const row = { type: "object", description: "Decimals and dates are strings." };
const accepted: Json = {
  description: "Accepted, and stored. The same request with the same key gets the same answer.",
  content: {
    "application/json": {
      schema: {
        type: "object",
        required: ["revision", "position", "events"],
        properties: {
          revision: { type: "string", description: "Of the stream, after the command." },
          position: {
            type: "string",
            description: "In the log: `minPosition` of a question that must see it.",
          },
          events: { type: "array", items: { type: "object" }, description: "What happened, as stored." },
        },
      },
    },
  },
};

const previewed: Json = {
  description: "With preview=true: what would be recorded, and what recorded movements would cost otherwise.",
  content: {
    "application/json": {
      schema: {
        type: "object",
        required: ["events", "corrections", "needsApproval"],
        properties: {
          events: { type: "array", items: { type: "object" } },
          corrections: {
            type: "array",
            description: "By movement and day, with the account that the other side will be journalled to.",
            items: { type: "object", additionalProperties: { type: "string" } },
          },
          needsApproval: { type: "boolean", description: "Of a second person, above the company's limit." },
        },
      },
    },
  },
};

const commandOf = (route: CommandRoute): Json => {
  const { summary, params, body, previews } = route;
  return {
    post: {
      summary,
      tags: ["commands"],
      parameters: [
        ...parameters("path", params),
        ...parameters("query", queryOf(route)),
        ...parameters("header", commandHeaders),
      ],
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(body) } } },
      responses: {
        ...(previews ? { 200: previewed } : {}),
        ...{ 201: accepted, 404: problem("ItemNotRegistered."), ...problems },
      },
    },
  };
};

function questionOf(question: Question): Json {
  const { summary, params, rows } = question;
  const page = {
    type: "object",
    required: ["asOf", "seq", rows, "next"],
    properties: {
      asOf: { type: "string", format: "date" },
      seq: {
        type: "string",
        description: "What `knownAt` resolved to: asked with it, the answer never changes.",
      },
      [rows]: { type: "array", items: row },
      ...(question.total && { total: { type: ["string", "null"], description: question.total } }),
      next: { type: ["string", "null"], description: "`after` of the next page." },
    },
  };
  const content = { "application/json": { schema: page }, "text/csv": { schema: { type: "string" } } };
  const asked = [...parameters("path", params), ...parameters("query", querySchema(question))];
  const { 422: _, ...others } = problems;
  const none = question.mustExist ? { 404: problem("There is no such movement.") } : {};
  const responses = { 200: { description: "A page.", content }, ...none, ...others };
  return { get: { summary, tags: ["questions"], parameters: asked, responses } };
}

const single = ({ summary, params }: Single): Json => ({
  get: {
    summary,
    tags: ["questions"],
    parameters: parameters("path", params),
    responses: { 200: { description: "As it is now." }, 404: problem("There is none.") },
  },
});

export function openApi(commands: readonly CommandRoute[]): Json {
  const paths: Record<string, object> = {};
  for (const route of commands) paths[route.path] = { ...paths[route.path], ...commandOf(route) };
  for (const question of questions)
    paths[question.path] = { ...paths[question.path], ...questionOf(question) };
  for (const one of singles) paths[one.path] = { ...paths[one.path], ...single(one) };
  const named = Object.entries(refusals).map(
    ([name, [status, detail]]) => `- \`${name}\` (${status}): ${detail}`,
  );
  return {
    openapi: "3.1.0",
    info: {
      title: "Perpetual",
      version: "1",
      description: `FIFO cost layers that answer as of any day, as known at any moment.\n\nRefusals:\n${named.join("\n")}`,
    },
    paths,
    components: {
      schemas: {
        Problem: {
          type: "object",
          required: ["type", "title", "status"],
          properties: {
            type: { type: "string" },
            title: { type: "string" },
            status: { type: "integer" },
            detail: { type: "string" },
            errors: {
              type: "array",
              items: {
                type: "object",
                properties: { field: { type: "string" }, detail: { type: "string" } },
              },
            },
          },
        },
      },
    },
  };
}
