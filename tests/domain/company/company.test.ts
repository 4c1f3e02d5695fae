import { expect, test } from "vitest";
import { type CompanyEvent, company } from "../../../domain/company/company.ts";
import { specOf } from "../../support/given.ts";

const given = specOf(company);
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

test("the state is what it was founded with", () => {
  expect(company.initial).toStrictEqual({ status: "Unfounded" });
  expect(company.evolve(company.initial, founded)).toStrictEqual({ ...data, status: "Founded" });
});
