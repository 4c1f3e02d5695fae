import { expect, test } from "vitest";
import { z } from "zod";
import { day, quantity, words } from "../../../api/edge/schemas.ts";
import { type Field, fieldsOf } from "../../../api/http/fields.ts";

const field = (name: string, more: Partial<Field> = {}): Field => ({
  ...{ name, description: "", required: true, nullable: false, many: false, kind: "text" },
  ...{ byDefault: undefined, choices: [], fields: [] },
  ...more,
});
const optional = { required: false };

/** Goal: whatever a body may have is told as a person would be asked for it. Method: one field of each shape. */
test("every shape that a body's fields have", () => {
  const schema = z
    .strictObject({
      on: day.describe("When."),
      reference: words.nullable().default(null),
      most: quantity.nullable().describe("Null: any."),
      scale: z.int().default(2),
      allowed: z.boolean(),
      basis: z.enum(["quantity", "value"]).default("value"),
      unitCost: z.strictObject({ quantity, value: quantity.optional() }).nullable().default(null),
      layers: z.array(z.strictObject({ quantity })).min(1).describe("Oldest first."),
      names: z.array(words).optional(),
    })
    .refine(() => true);
  expect(fieldsOf(schema)).toEqual([
    field("on", { description: "When." }),
    field("reference", { ...optional, nullable: true }),
    field("most", { nullable: true, description: "Null: any." }),
    field("scale", { ...optional, kind: "number", byDefault: "2" }),
    field("allowed", { kind: "boolean" }),
    field("basis", { ...optional, byDefault: "value", choices: ["quantity", "value"] }),
    field("unitCost", {
      ...{ ...optional, nullable: true, kind: "object" },
      fields: [field("quantity"), field("value", optional)],
    }),
    field("layers", {
      many: true,
      kind: "object",
      description: "Oldest first.",
      fields: [field("quantity")],
    }),
    field("names", { ...optional, many: true }),
  ]);
});
