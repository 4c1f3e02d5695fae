/** The company whose book this is. Founded first; what is fixed then (currency, scale, time zone) never changes. */
import { accept, type Decider, refuse } from "../kernel/decider.ts";
import type { MessageOf } from "../kernel/event.ts";

/** The stored format. Never change or reuse a name: add a type, and an upcaster in the catalogue. */
export type CompanyEvents = {
  CompanyFounded: {
    /** The book's name. */
    company: string;
    name: string;
    /** ISO 4217, "EUR": the currency of every value in the book. */
    baseCurrency: string;
    /** Decimals of every value, 0 to 6. */
    valueScale: number;
    /** IANA, "Europe/Berlin": which day "today" is. */
    timeZone: string;
    /** "MM-DD", the day a fiscal year begins; a day that every year has. */
    fiscalYearStart: string;
  };
};
export type CompanyCommands = { FoundCompany: CompanyEvents["CompanyFounded"] };
export type CompanyEvent = MessageOf<CompanyEvents>;
export type CompanyCommand = MessageOf<CompanyCommands>;
export type CompanyRefusal = { name: "CompanyAlreadyFounded" };

export type Company = Readonly<
  { status: "Unfounded" } | ({ status: "Founded" } & CompanyEvents["CompanyFounded"])
>;

const initial: Company = { status: "Unfounded" };

export const company: Decider<CompanyCommand, CompanyEvent, Company, CompanyRefusal> = {
  initial,
  evolve: (_company, { data }) => ({ ...data, status: "Founded" }),
  decide: ({ data }, { status }) =>
    status === "Founded"
      ? refuse({ name: "CompanyAlreadyFounded" })
      : accept({ type: "CompanyFounded", data }),
  recall: ({ data }) => ({ type: "FoundCompany", data }),
};
