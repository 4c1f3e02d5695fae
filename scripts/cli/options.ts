/** The fields of a schema as options of a command, and what was given as the body that HTTP would be sent. */
import { Option } from "commander";
import type { Field } from "../../api/http/fields.ts";
import { camel, kebab } from "./names.ts";

/** For what may be nothing, and has to be said. */
const NOTHING = "null";

/** Those that must be given come first. */
export const optionsOf = (fields: readonly Field[]): readonly Option[] =>
  fields.toSorted((a, b) => Number(b.required) - Number(a.required)).map(optionOf);

function optionOf(field: Field): Option {
  const { name, description, required, many, byDefault } = field;
  const notes = [
    description,
    many ? "Again for each." : "",
    byDefault === undefined ? "" : `(default: ${byDefault})`,
    required ? "(required)" : "",
  ];
  const option = new Option(`--${kebab(name)} <${placeholder(field)}>`, notes.filter(Boolean).join(" "));
  if (many)
    option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
  return option;
}

function placeholder({ name, kind, choices, fields, nullable, required }: Field): string {
  if (kind === "object") return fields.map((field) => `${kebab(field.name)}=…`).join(",");
  if (kind === "boolean") return "true|false";
  if (choices.length > 0) return choices.join("|");
  const what = /Date$|On$|^date$/.test(name) ? "date" : kebab(name);
  return nullable && required ? `${what}|${NOTHING}` : what;
}

type Given = Readonly<Record<string, unknown>>;

/** As HTTP would be sent it: what is wrong with it, its schema says. */
export const bodyOf = (fields: readonly Field[], given: Given): object =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const said = given[field.name];
      if (said === undefined) return [];
      const texts = [said as string].flat().map((text) => sentOf(field, text));
      return [[field.name, field.many ? texts : texts[0]]];
    }),
  );

function sentOf(field: Field, text: string): unknown {
  const { kind, nullable, required, fields } = field;
  if (nullable && required && text === NOTHING) return null;
  if (kind === "number") return /^-?\d+$/.test(text) ? Number(text) : text;
  if (kind === "boolean") return text === "true" || (text === "false" ? false : text);
  if (kind !== "object") return text;
  const parts = partsOf(text);
  return { ...parts, ...bodyOf(fields, parts) };
}

/** `quantity=3,value=100`: a comma that no name follows belongs to the text before it. */
const partsOf = (text: string): Given =>
  Object.fromEntries(
    text.split(/,(?=[\w-]+=)/).map((part) => {
      const [name = "", ...value] = part.split("=");
      return [camel(name.trim()), value.join("=")];
    }),
  );
