/** What is wrong with a field, in a person's words, where its schema says none: the library's are about types. */
import { z } from "zod";

const TYPES: Readonly<Record<string, string>> = {
  string: "a text, in quotes",
  number: "a number, without quotes",
  int: "a whole number, without quotes",
  boolean: "true or false",
  array: "a list, [ … ]",
  object: "an object, { … }",
};

z.config({
  customError(issue) {
    switch (issue.code) {
      case "invalid_type":
        if (issue.input === undefined) return "is required";
        // A query's are never in quotes: there, this is how one that was said twice comes in.
        if (issue.expected === "string" && Array.isArray(issue.input)) return "one text, not several";
        return TYPES[issue.expected];
      case "invalid_value":
        return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
      case "unrecognized_keys":
        return `there is no ${issue.keys.join(", ")}`;
      case "too_small":
        return `${issue.minimum} ${MANY[issue.origin] ?? ""}or more`;
      case "too_big":
        return `${issue.maximum} ${MANY[issue.origin] ?? ""}or less`;
      default:
        return undefined;
    }
  },
});

const MANY: Readonly<Record<string, string>> = { array: "of them ", string: "characters " };
