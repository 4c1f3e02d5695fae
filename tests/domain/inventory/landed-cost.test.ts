import { expect, test } from "vitest";
import { landedCost } from "../../../domain/inventory/landed-cost.ts";
import { landedCostCommands } from "../../../domain/processes/landed-cost.ts";
import { specOf } from "../../support/given.ts";
import { d } from "../../support/rod.ts";

const given = specOf(landedCost);
const today = "2026-03-31";
const document = {
  landedCost: "LC",
  documentDate: "2026-03-20",
  reference: "Spedition 77",
  basis: "value" as const,
  amount: d("123.22"),
};
const line = (receipt: string, weight: string) => ({ item: "rod", receipt, weight: d(weight) });
const command = (of: object = {}, ...lines: ReturnType<typeof line>[]) => ({
  type: "AllocateLandedCost" as const,
  data: {
    ...document,
    valueScale: 2,
    lines: lines.length > 0 ? lines : [line("R1", "5"), line("R2", "5"), line("R3", "5")],
    ...of,
  },
  today,
});
const lines = [
  { ...line("R1", "5"), amount: d("41.07") },
  { ...line("R2", "5"), amount: d("41.07") },
  { ...line("R3", "5"), amount: d("41.08") },
];
const allocated = { type: "LandedCostAllocated" as const, data: { ...document, lines } };

test("a bill is spread by what each line has of the basis", () => {
  given().when(command()).accepted(allocated);
  given(allocated).when(command()).refused({ name: "LandedCostAlreadyAllocated" });
});

test("what can't be spread is refused", () => {
  given()
    .when(command({ documentDate: "2026-04-01" }))
    .refused({ name: "DocumentDateAfterToday", documentDate: "2026-04-01", today });
  given()
    .when(command({ amount: d("0.001") }))
    .refused({ name: "ValueTooPrecise", value: d("0.001"), scale: 2 });
  given()
    .when(command({}, line("R1", "0"), line("R2", "0")))
    .refused({ name: "NothingToAllocateBy", basis: "value" });
});

test("each line that bears something is a command to its item, always of the same name", () => {
  const data = { ...allocated.data, lines: [...lines, { ...line("R4", "0"), item: "oil", amount: d("0") }] };
  const commands = landedCostCommands(data, "e1");
  expect(commands.map(({ item, commandId, command: { data: of } }) => [item, commandId, of])).toEqual(
    lines.map(({ item, receipt, amount }, index) => [
      item,
      `e1-${index + 1}`,
      {
        ...{ item, receipt, amount, fact: `e1-${index + 1}`, kind: "landedCost" },
        ...{ documentDate: "2026-03-20", reference: "Spedition 77", foreign: null, exchangeDifference: "0" },
      },
    ]),
  );
});
