/**
 * The company whose book this is. Founded first; what is fixed then (currency, scale, time zone) never changes. Its periods
 * close in order and in two steps, and the last one may be reopened: closed time is always all before one day.
 */
import { unreachable } from "../kernel/assert.ts";
import type { PolicyChange } from "../kernel/costing-policy.ts";
import { isDay } from "../kernel/date.ts";
import { accept, type Decider, type Decision, refuse } from "../kernel/decider.ts";
import { type DecimalText, decimals } from "../kernel/decimal.ts";
import type { EffectiveDate } from "../kernel/event.ts";
import type { CompanyCommand, CompanyEvent, CompanyEvents, CompanyRefusal } from "./company-events.ts";
import { isFirstDay, monthAfter, monthBefore } from "./fiscal-months.ts";

type Founded = CompanyEvents["CompanyFounded"] &
  Readonly<{
    status: "Founded";
    /** The first open day; undefined while no period was ever closed. */
    openFrom: EffectiveDate | undefined;
    /** The period that is being closed. */
    closing: EffectiveDate | undefined;
    /** Locations where issues may go short. */
    shortAt: ReadonlySet<string>;
    correctionMax: DecimalText | null;
    costing: PolicyChange;
  }>;
export type Company = Readonly<{ status: "Unfounded" }> | Founded;

const initial: Company = { status: "Unfounded" };
/** Before every day that a book may have. */
const BEGINNING = "1900-01-01";
const noneYet = {
  openFrom: undefined,
  closing: undefined,
  shortAt: new Set<string>(),
  correctionMax: null,
  costing: { change: 0, policy: "replay", from: BEGINNING },
} as const;

function evolve(company: Company, event: CompanyEvent): Company {
  if (event.type === "CompanyFounded") return { ...event.data, status: "Founded", ...noneYet };
  if (company.status === "Unfounded") return company;
  switch (event.type) {
    case "PeriodClosing":
      return { ...company, closing: event.data.period };
    case "ShortStockAllowed":
      return { ...company, shortAt: new Set([...company.shortAt, event.data.location]) };
    case "ShortStockForbidden":
      return {
        ...company,
        shortAt: new Set([...company.shortAt].filter((at) => at !== event.data.location)),
      };
    case "CorrectionLimitSet":
      return { ...company, correctionMax: event.data.correctionMax };
    case "CostingPolicyChanged": {
      const { company: _company, ...costing } = event.data;
      return { ...company, costing };
    }
    default:
      return { ...company, closing: undefined, openFrom: event.data.openFrom };
  }
}

function decide(command: CompanyCommand, company: Company): Decision<CompanyEvent, CompanyRefusal> {
  if (command.type === "FoundCompany")
    return company.status === "Founded"
      ? refuse({ name: "CompanyAlreadyFounded" })
      : accept({ type: "CompanyFounded", data: command.data });
  if (company.status === "Unfounded") return refuse({ name: "CompanyNotFounded" });
  const { closing, fiscalYearStart } = company;
  switch (command.type) {
    case "BeginClosing":
      return closing === undefined
        ? closingOf(command.data, command.today, company)
        : refuse({ name: "ClosingUnderWay", period: closing });
    case "FinishClosing": {
      const { period } = command.data;
      if (period !== closing) return refuse({ name: "NoClosingUnderWay" });
      const openFrom = monthAfter(period, fiscalYearStart);
      return accept({ type: "PeriodClosed", data: { ...command.data, openFrom } });
    }
    case "ReopenPeriod": {
      if (closing !== undefined) return refuse({ name: "ClosingUnderWay", period: closing });
      const { period } = command.data;
      const before = company.openFrom && monthBefore(company.openFrom, fiscalYearStart);
      const last = isDay(before) ? before : null;
      if (period !== last) return refuse({ name: "NotTheLastPeriod", last });
      const { from } = company.costing;
      if (period < from) return refuse({ name: "CostedOtherwiseSince", from });
      return accept({ type: "PeriodReopened", data: { ...command.data, openFrom: period } });
    }
    case "SetCorrectionLimit": {
      const { correctionMax: value } = command.data;
      const { valueScale: scale } = company;
      return value !== null && decimals(value) > scale
        ? refuse({ name: "ValueTooPrecise", value, scale })
        : accept({ type: "CorrectionLimitSet", data: command.data });
    }
    case "ChangeCostingPolicy":
      return policyChange(command, company);
    case "AllowShortStock": {
      const { location } = command.data;
      return company.shortAt.has(location)
        ? refuse({ name: "ShortStockAlreadyAllowed", location })
        : accept({ type: "ShortStockAllowed", data: command.data });
    }
    case "ForbidShortStock": {
      const { location } = command.data;
      return company.shortAt.has(location)
        ? accept({ type: "ShortStockForbidden", data: command.data })
        : refuse({ name: "ShortStockNotAllowed", location });
    }
    default:
      return unreachable(command);
  }
}

/** What was drawn so far stays as it is: so nothing may be left that could be drawn otherwise. */
function policyChange(
  { data, lastMovement }: Extract<CompanyCommand, { type: "ChangeCostingPolicy" }>,
  { openFrom, closing, costing }: Founded,
): Decision<CompanyEvent, CompanyRefusal> {
  if (closing !== undefined) return refuse({ name: "ClosingUnderWay", period: closing });
  const { policy } = data;
  if (policy === costing.policy) return refuse({ name: "CostingPolicyUnchanged", policy });
  const from = openFrom ?? BEGINNING;
  if (lastMovement !== null && lastMovement >= from)
    return refuse({ name: "MovementsInOpenTime", openFrom: openFrom ?? null, lastMovement });
  return accept({ type: "CostingPolicyChanged", data: { ...data, change: costing.change + 1, from } });
}

/** The first period ever closed may be any: the days before it are closed with it. */
function closingOf(
  data: Readonly<{ company: string; period: EffectiveDate }>,
  today: EffectiveDate,
  { fiscalYearStart, openFrom }: Founded,
): Decision<CompanyEvent, CompanyRefusal> {
  const { period } = data;
  if (!isFirstDay(period, fiscalYearStart)) return refuse({ name: "NoSuchPeriod", period, fiscalYearStart });
  if (openFrom !== undefined && period < openFrom) return refuse({ name: "PeriodAlreadyClosed", openFrom });
  if (openFrom !== undefined && period > openFrom)
    return refuse({ name: "PeriodsCloseInOrder", next: openFrom });
  const next = monthAfter(period, fiscalYearStart);
  if (today < next) return refuse({ name: "PeriodNotOver", next, today });
  return accept({ type: "PeriodClosing", data: { ...data, openFrom: next } });
}

function recall(first: CompanyEvent): CompanyCommand {
  switch (first.type) {
    case "CompanyFounded":
      return { type: "FoundCompany", data: first.data };
    case "PeriodClosing": {
      const { openFrom: today, ...data } = first.data;
      return { type: "BeginClosing", data, today };
    }
    case "PeriodClosed": {
      const { openFrom: _openFrom, ...data } = first.data;
      return { type: "FinishClosing", data };
    }
    case "PeriodReopened": {
      const { openFrom: _openFrom, ...data } = first.data;
      return { type: "ReopenPeriod", data };
    }
    case "ShortStockAllowed":
      return { type: "AllowShortStock", data: first.data };
    case "ShortStockForbidden":
      return { type: "ForbidShortStock", data: first.data };
    case "CorrectionLimitSet":
      return { type: "SetCorrectionLimit", data: first.data };
    case "CostingPolicyChanged": {
      const { company: name, policy } = first.data;
      return { type: "ChangeCostingPolicy", data: { company: name, policy }, lastMovement: null };
    }
    default:
      return unreachable(first);
  }
}

export const company: Decider<CompanyCommand, CompanyEvent, Company, CompanyRefusal> = {
  initial,
  evolve,
  decide,
  recall,
};
