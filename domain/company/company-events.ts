/** What is stored of a company, for ever, and what may be asked of it. */
import type { CostingPolicy, PolicyChange } from "../kernel/costing-policy.ts";
import type { DecimalText } from "../kernel/decimal.ts";
import type { Command, EffectiveDate, MessageOf } from "../kernel/event.ts";

type Period = {
  company: string;
  /** The first day of the month of the fiscal year: its name. */
  period: EffectiveDate;
};
/** `openFrom`: the first day on which rows may count from then on. */
type Opens = { openFrom: EffectiveDate };

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
  /** Nothing new is decided into the period, while what is under way is carried through. Days before it are closed too. */
  PeriodClosing: Period & Opens;
  PeriodClosed: Period & Opens;
  PeriodReopened: Period & { reason: string } & Opens;
  /** Issues there may take more than lies there, from then on; or may not. */
  ShortStockAllowed: { company: string; location: string };
  ShortStockForbidden: { company: string; location: string };
  /** By how much recorded movements may cost otherwise, because of one fact, before somebody else has to approve; null: by any. */
  CorrectionLimitSet: { company: string; correctionMax: DecimalText | null };
  CostingPolicyChanged: { company: string } & PolicyChange;
};

export type CompanyCommands = {
  FoundCompany: CompanyEvents["CompanyFounded"];
  FinishClosing: Period;
  ReopenPeriod: Period & { reason: string };
  AllowShortStock: CompanyEvents["ShortStockAllowed"];
  ForbidShortStock: CompanyEvents["ShortStockForbidden"];
  SetCorrectionLimit: CompanyEvents["CorrectionLimitSet"];
};
/** `lastMovement`: the last day that a movement counts on. */
type PolicyCommand = Command<"ChangeCostingPolicy", { company: string; policy: CostingPolicy }> &
  Readonly<{ lastMovement: EffectiveDate | null }>;
export type CompanyEvent = MessageOf<CompanyEvents>;
/** `today` is the day in the company's time zone: the domain reads no clock. */
export type CompanyCommand =
  | MessageOf<CompanyCommands>
  | (Command<"BeginClosing", Period> & Readonly<{ today: EffectiveDate }>)
  | PolicyCommand;

/** In the order they are checked. */
export type CompanyRefusal =
  | { name: "CompanyAlreadyFounded" | "CompanyNotFounded" }
  | { name: "ClosingUnderWay"; period: EffectiveDate }
  | { name: "NoSuchPeriod"; period: EffectiveDate; fiscalYearStart: string }
  | { name: "PeriodAlreadyClosed"; openFrom: EffectiveDate }
  | { name: "PeriodsCloseInOrder"; next: EffectiveDate }
  | { name: "PeriodNotOver"; next: EffectiveDate; today: EffectiveDate }
  | { name: "NoClosingUnderWay" }
  | { name: "NotTheLastPeriod"; last: EffectiveDate | null }
  | { name: "CostedOtherwiseSince"; from: EffectiveDate }
  | { name: "CostingPolicyUnchanged"; policy: CostingPolicy }
  | { name: "MovementsInOpenTime"; openFrom: EffectiveDate | null; lastMovement: EffectiveDate }
  | { name: "ValueTooPrecise"; value: DecimalText; scale: number }
  | { name: "ShortStockAlreadyAllowed" | "ShortStockNotAllowed"; location: string };
