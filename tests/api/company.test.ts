import { expect, test } from "vitest";
import { companyView } from "../../api/company.ts";
import type { DomainEvent } from "../../domain/catalogue.ts";
import { command, recorded } from "../support/log.ts";

const company = "x";
const founded = {
  ...{ company, name: "X", baseCurrency: "EUR", valueScale: 2, timeZone: "UTC", fiscalYearStart: "01-01" },
};

test("the first open day stands, whatever else the company decides", async () => {
  const period = { company, period: "2026-01-01", openFrom: "2026-02-01" };
  const decided = [
    ["CompanyFounded", founded],
    ["PeriodClosing", period],
    ["PeriodClosed", period],
    ["ShortStockAllowed", { company, location: "A" }],
    ["CorrectionLimitSet", { company, correctionMax: "50" }],
  ] as const;
  const log = recorded(
    decided.flatMap(([type, data], n) => command("x.company-x", `c${n}`, [{ type, data } as DomainEvent])),
  );
  let moved = 0;
  const onMoved = () => {
    moved += 1;
  };
  const now = () => new Date("2026-03-01T12:00:00Z");
  const store = {
    read: async (_stream: string, from: bigint) => log.filter(({ revision }) => revision >= from),
  };
  const view = companyView(store as never, company, { now, onMoved });
  expect(await view.company()).toMatchObject({
    ...{ today: "2026-03-01", openFrom: "2026-02-01", closing: undefined },
    ...{ shortStockAt: ["A"], correctionMax: "50" },
  });
  expect(moved).toBe(1);
  const last = log.at(-1)?.position ?? 0n;
  expect(view.openFromAt(last + 1n)).toBe("2026-02-01");
  expect(view.openDays()).toEqual(["2026-02-01", undefined]);
});
