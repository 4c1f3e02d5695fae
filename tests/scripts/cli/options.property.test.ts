import { Command } from "commander";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Book } from "../../../api/book.ts";
import { commandRoutes } from "../../../api/http/command-routes.ts";
import { type Field, fieldsOf } from "../../../api/http/fields.ts";
import { bodyOf, optionsOf } from "../../../scripts/cli/options.ts";

/**
 * Goal: what is said on the command line is the body that HTTP is sent. Method: for every command of the table, bodies are
 * drawn from its fields, written as arguments by hand, parsed as the program parses them, and compared.
 */
const bodies = commandRoutes({} as Book).map(({ path, body }) => ({ path, fields: fieldsOf(body) }));

/** What a shell passes; in the parts of an option a comma before `name=` begins the next. */
const text = fc.stringMatching(/^[\w =.,:€-]{0,12}$/);
const part = text.filter((said) => !/,[\w-]+=/.test(said) && !/^[\w-]*$/.test(said.split(",").at(-1) ?? ""));
const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

type Drawn = Readonly<{ sent: unknown; said: readonly string[] }>;
const plain = (
  { kind, nullable, required, choices }: Field,
  texts: fc.Arbitrary<string>,
): fc.Arbitrary<Drawn> => {
  const as = (sent: unknown, said: string): Drawn => ({ sent, said: [said] });
  if (kind === "number") return fc.integer({ min: -9, max: 99 }).map((n) => as(n, `${n}`));
  if (kind === "boolean") return fc.boolean().map((is) => as(is, is ? "true" : "false"));
  const own = (choices.length > 0 ? fc.constantFrom(...choices) : texts.filter((t) => t !== "null")).map(
    (t) => as(t, t),
  );
  return nullable && required ? fc.oneof(own, fc.constant(as(null, "null"))) : own;
};

function drawnOf(field: Field): fc.Arbitrary<Drawn> {
  const one = field.kind === "object" ? objectOf(field.fields) : plain(field, text);
  if (!field.many) return one;
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => ({
    sent: all.map(({ sent }) => sent),
    said: all.flatMap(({ said }) => said),
  }));
}

const objectOf = (fields: readonly Field[]): fc.Arbitrary<Drawn> =>
  fc.tuple(...fields.map((field) => fc.option(plain(field, part), { nil: undefined }))).map((drawn) => {
    const given = drawn.flatMap((one, at) => (one ? [{ name: fields[at]?.name ?? "", ...one }] : []));
    const last = given.at(-1) ?? { name: fields[0]?.name ?? "", sent: "x", said: ["x"] };
    const parts = given.length > 0 ? given : [last];
    return {
      sent: Object.fromEntries(parts.map(({ name, sent }) => [name, sent])),
      said: [parts.map(({ name, said: [first] }) => `${dashed(name)}=${first}`).join(",")],
    };
  });

test.each(bodies)("$path", async ({ fields }) => {
  const drawn = fc.tuple(...fields.map((field) => fc.option(drawnOf(field), { nil: undefined })));
  await fc.assert(
    fc.asyncProperty(drawn, async (values) => {
      const command = new Command();
      for (const option of optionsOf(fields)) command.addOption(option);
      const args = values.flatMap((one, at) =>
        (one?.said ?? []).flatMap((said) => [`--${dashed(fields[at]?.name ?? "")}`, said]),
      );
      await command.parseAsync(args, { from: "user" });
      const sent = values.flatMap((one, at) => (one ? [[fields[at]?.name, one.sent]] : []));
      expect(bodyOf(fields, command.opts())).toEqual(Object.fromEntries(sent));
    }),
    { numRuns: 60 },
  );
});

test("what is no number, no truth and no part is sent as it is: the schema says what is wrong with it", () => {
  const field = (kind: Field["kind"], fields: readonly Field[] = []): Field => ({
    ...{ name: "x", description: "", required: true, nullable: false, many: false, byDefault: undefined },
    ...{ kind, choices: [], fields },
  });
  const sent = (kind: Field["kind"], said: string) => bodyOf([field(kind)], { x: said });
  expect(sent("number", "two")).toEqual({ x: "two" });
  expect(sent("number", "1e3")).toEqual({ x: "1e3" });
  expect(sent("boolean", "yes")).toEqual({ x: "yes" });
  expect(sent("object", "7")).toEqual({ x: { "7": "" } });
});
