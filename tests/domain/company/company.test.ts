import { describe, test } from "vitest";
import { company } from "../../../domain/company/company.ts";
import type { CompanyEvent } from "../../../domain/company/company-events.ts";
import type { DecimalText } from "../../../domain/kernel/decimal.ts";
import { specOf } from "../../support/given.ts";

const given = specOf(company);
const d = (text: string) => text as DecimalText;
const data = {
  company: "main",
  name: "Muster GmbH",
  baseCurrency: "EUR",
  valueScale: 2,
  timeZone: "Europe/Berlin",
  fiscalYearStart: "01-01",
};
const founded: CompanyEvent = { type: "CompanyFounded", data };

test("a company is founded as asked", () => given().when({ type: "FoundCompany", data }).accepted(founded));

test.each([
  ["the same", data],
  ["another currency", { ...data, baseCurrency: "CNY" }],
])("a company is founded once: %s again is refused", (_what, again) =>
  given(founded).when({ type: "FoundCompany", data: again }).refused({ name: "CompanyAlreadyFounded" }),
);

const of = (period: string) => ({ company: "main", period });
const closing = (period: string, openFrom: string): CompanyEvent => ({
  type: "PeriodClosing",
  data: { ...of(period), openFrom },
});
const closed = (period: string, openFrom: string): CompanyEvent => ({
  type: "PeriodClosed",
  data: { ...of(period), openFrom },
});

describe("periods", () => {
  const begin = (period: string, today = "2026-03-15") =>
    ({ type: "BeginClosing", data: of(period), today }) as const;
  const reopen = (period: string) =>
    ({ type: "ReopenPeriod", data: { ...of(period), reason: "a mistake" } }) as const;
  const reopened = (period: string): CompanyEvent => ({
    type: "PeriodReopened",
    data: { ...reopen(period).data, openFrom: period },
  });
  const january = [closing("2026-01-01", "2026-02-01"), closed("2026-01-01", "2026-02-01")] as const;

  test("are a company's", () => given().when(begin("2026-01-01")).refused({ name: "CompanyNotFounded" }));

  test("close in two steps, in order; the first ever may be any", () => {
    given(founded).when(begin("2026-01-01")).accepted(january[0]);
    given(founded, january[0])
      .when({ type: "FinishClosing", data: of("2026-01-01") })
      .accepted(january[1]);
    given(founded, ...january)
      .when(begin("2026-02-01"))
      .accepted(closing("2026-02-01", "2026-03-01"));
    given(founded, ...january)
      .when(begin("2026-01-01"))
      .refused({ name: "PeriodAlreadyClosed", openFrom: "2026-02-01" });
    given(founded, ...january)
      .when(begin("2025-12-01"))
      .refused({ name: "PeriodAlreadyClosed", openFrom: "2026-02-01" });
    given(founded, closing("2025-11-01", "2025-12-01"), closed("2025-11-01", "2025-12-01"))
      .when(begin("2026-01-01"))
      .refused({ name: "PeriodsCloseInOrder", next: "2025-12-01" });
  });

  test("close when they are over, and not a day before", () => {
    given(founded).when(begin("2026-02-01", "2026-03-01")).accepted(closing("2026-02-01", "2026-03-01"));
    given(founded)
      .when(begin("2026-02-01", "2026-02-28"))
      .refused({ name: "PeriodNotOver", next: "2026-03-01", today: "2026-02-28" });
  });

  test("one at a time", () => {
    const underWay = { name: "ClosingUnderWay", period: "2026-01-01" } as const;
    given(founded, january[0]).when(begin("2026-01-01")).refused(underWay);
    given(founded, january[0]).when(begin("2026-02-01")).refused(underWay);
    given(founded, january[0]).when(reopen("2025-12-01")).refused(underWay);
    given(founded, january[0])
      .when({ type: "FinishClosing", data: of("2026-02-01") })
      .refused({ name: "NoClosingUnderWay" });
    given(founded, ...january)
      .when({ type: "FinishClosing", data: of("2026-01-01") })
      .refused({ name: "NoClosingUnderWay" });
  });

  test("reopen from the last one back, and close again", () => {
    given(founded).when(reopen("2026-01-01")).refused({ name: "NotTheLastPeriod", last: null });
    given(founded, ...january)
      .when(reopen("2025-12-01"))
      .refused({ name: "NotTheLastPeriod", last: "2026-01-01" });
    given(founded, ...january)
      .when(reopen("2026-01-01"))
      .accepted(reopened("2026-01-01"));
    const again = given(founded, ...january, reopened("2026-01-01"));
    again.when(reopen("2025-12-01")).accepted(reopened("2025-12-01"));
    again.when(begin("2026-01-01")).accepted(january[0]);
    again.when(begin("2026-02-01")).refused({ name: "PeriodsCloseInOrder", next: "2026-01-01" });
  });

  test("are the months of a fiscal year that may begin on any day", () => {
    const on = (fiscalYearStart: string): CompanyEvent => ({
      type: "CompanyFounded",
      data: { ...data, fiscalYearStart },
    });
    given(on("04-06")).when(begin("2025-12-06")).accepted(closing("2025-12-06", "2026-01-06"));
    given(on("04-06"))
      .when(begin("2025-12-01"))
      .refused({ name: "NoSuchPeriod", period: "2025-12-01", fiscalYearStart: "04-06" });
    // The last day of a month that is too short.
    given(on("01-31")).when(begin("2026-01-31")).accepted(closing("2026-01-31", "2026-02-28"));
    given(on("01-31"), closing("2026-01-31", "2026-02-28"), closed("2026-01-31", "2026-02-28"))
      .when(begin("2026-02-28", "2026-03-31"))
      .accepted(closing("2026-02-28", "2026-03-31"));
  });
});

describe("what a company lets its people do", () => {
  const at = (location: string) => ({ company: "main", location });
  const allowed: CompanyEvent = { type: "ShortStockAllowed", data: at("A") };
  const forbidden: CompanyEvent = { type: "ShortStockForbidden", data: at("A") };

  test("issues may go short at a location, or no longer; each is said once", () => {
    given(founded)
      .when({ type: "AllowShortStock", data: at("A") })
      .accepted(allowed);
    given(founded, allowed)
      .when({ type: "AllowShortStock", data: at("A") })
      .refused({ name: "ShortStockAlreadyAllowed", location: "A" });
    given(founded, allowed)
      .when({ type: "ForbidShortStock", data: at("A") })
      .accepted(forbidden);
    for (const none of [[founded], [founded, allowed, forbidden]])
      given(...none)
        .when({ type: "ForbidShortStock", data: at("A") })
        .refused({ name: "ShortStockNotAllowed", location: "A" });
    given(founded, allowed)
      .when({ type: "ForbidShortStock", data: at("B") })
      .refused({ name: "ShortStockNotAllowed", location: "B" });
  });

  test("corrections go without approval up to a limit, in the currency's decimals, or up to any", () => {
    for (const correctionMax of [d("250.5"), null]) {
      const data = { company: "main", correctionMax };
      given(founded)
        .when({ type: "SetCorrectionLimit", data })
        .accepted({ type: "CorrectionLimitSet", data });
    }
    given(founded)
      .when({ type: "SetCorrectionLimit", data: { company: "main", correctionMax: d("0.001") } })
      .refused({ name: "ValueTooPrecise", value: d("0.001"), scale: 2 });
  });
});

/** COSTING §12. */
describe("the costing policy", () => {
  const change = (policy: "freeze" | "replay", lastMovement: string | null) =>
    ({ type: "ChangeCostingPolicy", data: { company: "main", policy }, lastMovement }) as const;
  const changed = (nth: number, policy: "freeze" | "replay", from: string): CompanyEvent => ({
    type: "CostingPolicyChanged",
    data: { company: "main", change: nth, policy, from },
  });
  const january = [closing("2026-01-01", "2026-02-01"), closed("2026-01-01", "2026-02-01")];

  test("changes from the first open day on, when no movement is on it or after it", () => {
    given(founded)
      .when(change("freeze", null))
      .accepted(changed(1, "freeze", "1900-01-01"));
    given(founded, ...january)
      .when(change("freeze", "2026-01-31"))
      .accepted(changed(1, "freeze", "2026-02-01"));
    given(founded, ...january)
      .when(change("freeze", "2026-02-01"))
      .refused({ name: "MovementsInOpenTime", openFrom: "2026-02-01", lastMovement: "2026-02-01" });
    given(founded)
      .when(change("freeze", "2026-01-01"))
      .refused({ name: "MovementsInOpenTime", openFrom: null, lastMovement: "2026-01-01" });
  });

  test("is another one than before, and not while a period is being closed", () => {
    given(founded).when(change("replay", null)).refused({ name: "CostingPolicyUnchanged", policy: "replay" });
    given(founded, changed(1, "freeze", "1900-01-01"))
      .when(change("replay", null))
      .accepted(changed(2, "replay", "1900-01-01"));
    given(founded, closing("2026-01-01", "2026-02-01"))
      .when(change("freeze", null))
      .refused({ name: "ClosingUnderWay", period: "2026-01-01" });
  });

  test("no reopening goes behind the day from which it holds", () => {
    const reopen = {
      type: "ReopenPeriod",
      data: { company: "main", period: "2026-01-01", reason: "x" },
    } as const;
    given(founded, ...january, changed(1, "freeze", "2026-02-01"))
      .when(reopen)
      .refused({ name: "CostedOtherwiseSince", from: "2026-02-01" });
    given(founded, changed(1, "freeze", "1900-01-01"), ...january)
      .when(reopen)
      .accepted({ type: "PeriodReopened", data: { ...reopen.data, openFrom: "2026-01-01" } });
  });
});
