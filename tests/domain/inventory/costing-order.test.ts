import { expect, test } from "vitest";
import { placeOf } from "../../../domain/inventory/costing-order.ts";

const day = "2026-03-01";
const eight = "08:00:00";
const nine = "09:00:00";
type Key = readonly [phase: 0 | 1, day: string, time: string | null];

/** Day, then receipts, then the time of day, none last, then who was recorded first. */
test.each<readonly [Key, Key, boolean]>([
  [[0, "2026-03-02", null], [0, "2026-03-01", null], true],
  [[1, "2026-03-02", null], [1, "2026-03-01", null], true],
  [[1, "2026-03-01", nine], [0, "2026-03-02", eight], false],
  [[0, day, null], [0, day, null], false],
  [[1, day, null], [1, day, null], false],
  [[1, day, null], [0, day, null], true],
  [[0, day, null], [1, day, null], false],
  [[1, day, eight], [0, day, nine], true],
  [[0, day, nine], [1, day, eight], false],
  [[0, day, eight], [0, day, eight], false],
  [[0, day, nine], [0, day, eight], true],
  [[0, day, eight], [0, day, nine], false],
  [[1, day, nine], [1, day, eight], true],
  [[1, day, "23:59:59"], [1, day, null], false],
  [[1, day, null], [1, day, "23:59:59"], true],
  [[0, day, null], [0, day, "23:59:59"], true],
  [[0, day, null], [1, day, "00:00:00"], false],
])("recorded %j, then %j: the second stands before the first: %s", (first, second, late) => {
  const place = ([phase, effectiveDate, time]: Key, revision: number) =>
    placeOf({ effectiveDate, time }, phase, revision);
  expect(place(second, 10) < place(first, 9)).toBe(late);
});
