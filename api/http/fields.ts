/** What a schema asks for, field by field: for whoever asks a person for them, as the command line does. */
import type { z } from "zod";
import { schemaOf } from "./openapi.ts";

export type Field = Readonly<{
  name: string;
  description: string;
  required: boolean;
  nullable: boolean;
  /** Any number of them. */
  many: boolean;
  kind: "text" | "number" | "boolean" | "object";
  /** Undefined where it is none, or nothing that can be said in a word. */
  byDefault: string | undefined;
  /** One of these, where it is one of few. */
  choices: readonly string[];
  /** Of an object, or of each of many. */
  fields: readonly Field[];
}>;

type Schema = Readonly<{
  type?: string | readonly string[];
  description?: string;
  enum?: readonly string[];
  default?: unknown;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
}>;

export const fieldsOf = (schema: z.ZodType): readonly Field[] => fieldsIn(schemaOf(schema));

const fieldsIn = ({ properties = {}, required = [] }: Schema): readonly Field[] =>
  Object.entries(properties).map(([name, property]) => fieldOf(name, property, required.includes(name)));

function fieldOf(
  name: string,
  { anyOf = [], description = "", default: otherwise, ...plain }: Schema,
  required: boolean,
): Field {
  const types = [plain, ...anyOf].flatMap(({ type = [] }) => type);
  const said = anyOf.find(({ type }) => type !== "null") ?? plain;
  const { type, properties, enum: choices = [] } = said.items ?? said;
  const kind = properties ? "object" : kindOf(type);
  const fields = fieldsIn(said.items ?? said);
  const [nullable, many] = [types.includes("null"), said.items !== undefined];
  const byDefault = /^(string|number|boolean)$/.test(typeof otherwise) ? `${otherwise as string}` : undefined;
  return { name, description, required, nullable, many, kind, byDefault, choices, fields };
}

function kindOf(type: Schema["type"]): "text" | "number" | "boolean" {
  if (type === "integer" || type === "number") return "number";
  return type === "boolean" ? "boolean" : "text";
}
