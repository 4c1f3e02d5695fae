/** The book's company: founded first; until then every other command is refused. */
import type { Company as CompanyState } from "../domain/company/company.ts";
import type { CompanyEvents } from "../domain/company/company-events.ts";
import type { EffectiveDate } from "../domain/kernel/event.ts";

/** What every command needs of it, and its today. */
export type Company = Readonly<CompanyEvents["CompanyFounded"] & { today: EffectiveDate }>;

export const companyStream = (book: string): string => `${book}.company-${book}`;

/** Answers with the company, or undefined while the log, as it is now, has none. */
export function companyOf(
  current: () => Promise<CompanyState>,
  now: () => Date,
): () => Promise<Company | undefined> {
  let known: CompanyEvents["CompanyFounded"] | undefined;
  return async () => {
    if (!known) {
      const state = await current();
      if (state.status === "Unfounded") return undefined;
      const { status: _status, ...founded } = state;
      known = founded; // nothing of it ever changes
    }
    return { ...known, today: dayIn(known.timeZone, now()) };
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The business day of an instant in a zone. Swedish dates are ISO dates. */
export function dayIn(timeZone: string, instant: Date): EffectiveDate {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  formats.set(timeZone, format);
  return format.format(instant);
}
