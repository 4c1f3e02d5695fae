/** The reckoning finds what it is there for: a fault harness that can't fail proves nothing. */
import { expect, test } from "vitest";
import type { Recorded } from "../../../domain/kernel/event.ts";
import type { Acknowledged } from "../../../scripts/faults/load.ts";
import { compare } from "../../../scripts/faults/reckoning.ts";
import { newEvent } from "../../support/new-events.ts";

const recorded = (key: string, revision: number, part = 1, of = 1): Recorded => {
  const event = newEvent({ item: "rod", name: key }, "ItemRenamed");
  const place = { stream: "s", revision: BigInt(revision), position: BigInt(revision * 100) };
  return { ...event, ...place, metadata: { ...event.metadata, commandId: key, part, of } };
};
const acknowledged = (key: string, revision: number): Acknowledged => ({
  key,
  stream: "s",
  revision: BigInt(revision),
  position: BigInt(revision * 100),
});
const both = [acknowledged("a", 0), acknowledged("b", 2)];
const whole = [recorded("a", 0), recorded("b", 1, 1, 2), recorded("b", 2, 2, 2)];

test("nothing, where all is well", () => {
  expect(compare(both, whole)).toEqual([]);
});

test.each<readonly [string, readonly Acknowledged[], readonly Recorded[], RegExp]>([
  ["lost", both, whole.slice(1), /^a was acknowledged as s 0 at 0, and is lost$/],
  ["doubled", both, [...whole, recorded("a", 3)], /^a is there in 2 parts/],
  ["half", [acknowledged("a", 0)], whole.slice(0, 2), /^b is there in 1 parts/],
  [
    "elsewhere",
    [acknowledged("a", 4), ...both.slice(1)],
    whole,
    /^a was acknowledged as s 4 at 400, and is s 0 at 0$/,
  ],
  ["untold", both.slice(0, 1), whole, /^b is there, and nobody was told$/],
])("what is %s", (_what, told, log, says) => {
  expect(compare(told, log).join("\n")).toMatch(new RegExp(says.source, "m"));
});
