/** The book's company and its periods, as the log had them a moment ago. Founded first; until then every command is refused. */

import { setTimeout as sleep } from "node:timers/promises";
import { decodeRecorded } from "../domain/catalogue.ts";
import { company as decider } from "../domain/company/company.ts";
import type { CompanyEvent, CompanyEvents } from "../domain/company/company-events.ts";
import { monthAfter } from "../domain/company/fiscal-months.ts";
import type { OpenFrom } from "../domain/inventory/booking.ts";
import type { PolicyChange } from "../domain/kernel/costing-policy.ts";
import type { DecimalText } from "../domain/kernel/decimal.ts";
import type { EffectiveDate, Recorded } from "../domain/kernel/event.ts";
import { type EventStore, LOG_START } from "../domain/kernel/event-store.ts";

/** What every command needs of it, and its today. */
export type Company = Readonly<
  CompanyEvents["CompanyFounded"] & {
    today: EffectiveDate;
    /** The first day on which something may be recorded; undefined while no period was closed, or is being closed. */
    openFrom: OpenFrom;
    /** The first day that rows count on as they are dated; an earlier one while a period is being closed. */
    countsFrom: OpenFrom;
    /** The period that is being closed. */
    closing: EffectiveDate | undefined;
    /** What recorded movements may cost otherwise, because of one fact, before somebody else has to approve; null: anything. */
    correctionMax: DecimalText | null;
    /** Locations where issues may go short. */
    shortStockAt: readonly string[];
    /** As it was changed last. */
    costing: PolicyChange;
  }
>;

export const companyStream = (book: string): string => `${book}.company-${book}`;

/** Other processes may close a period: a handler that has not heard of it refuses nothing, and the log puts it right. */
export const FRESH_MS = 1_000;

export type CompanyView = Readonly<{
  /** For commands: as it was a second ago at most, while the log answers. */
  company: () => Promise<Company | undefined>;
  /** For questions, which need no more of it than never changes: the log is not asked again. */
  founded: () => Promise<Company | undefined>;
  /** The first open day for what stands at a position of the log. */
  openFromAt: (position: bigint) => OpenFrom;
  /** Where it last moved, by what is known of the log before a position: if that is equal, so is it at all before. */
  movedBefore: (position: bigint) => bigint;
  /** Every first open day that anything was ever decided with, the latest first. */
  openDays: () => readonly OpenFrom[];
  /** Reads the log as it is from now on. */
  refresh: () => Promise<void>;
  /** The same, and whether the first open day has moved meanwhile. */
  heard: () => Promise<boolean>;
}>;

/** `onMoved`: the first open day is another one from here on. */
export function companyView(
  store: Pick<EventStore, "read">,
  book: string,
  { now, onMoved }: Readonly<{ now: () => Date; onMoved: () => void }>,
): CompanyView {
  let state = decider.initial;
  let next = 0n;
  let freshUntil = 0;
  /** Who asks waits for it: all for the same, in the order in which they asked. */
  let read: Promise<void> = Promise.resolve();
  const days = new Set<OpenFrom>([undefined]);
  const moves: Readonly<{ position: bigint; openFrom: EffectiveDate }>[] = [];

  function enter(recorded: Recorded): void {
    if (recorded.revision < next) return; // two reads at once
    const event = decodeRecorded(recorded) as CompanyEvent;
    state = decider.evolve(state, event);
    next = recorded.revision + 1n;
    if (!("openFrom" in event.data)) return;
    days.add(event.data.openFrom);
    if (event.type === "PeriodClosing") return;
    moves.push({ position: recorded.position, openFrom: event.data.openFrom });
    onMoved();
  }

  const lastMove = (before: bigint) => moves.findLast(({ position }) => position < before);

  async function reading(): Promise<void> {
    try {
      for (const recorded of await store.read(companyStream(book), next)) enter(recorded);
    } catch (error) {
      // What was known of it still answers; a command will find out for itself what is broken.
      if (state.status === "Unfounded") throw error;
    }
  }

  function refresh(): Promise<void> {
    // A log that does not answer holds up nobody for long who knows the company.
    read =
      state.status === "Unfounded"
        ? reading()
        : Promise.race([reading(), sleep(FRESH_MS, undefined, { ref: false })]);
    freshUntil = performance.now() + FRESH_MS;
    return read;
  }

  function told(): Company | undefined {
    if (state.status === "Unfounded") return undefined;
    const { status: _status, closing, shortAt, ...founded } = state;
    const { openFrom: countsFrom, fiscalYearStart } = founded;
    const openFrom = closing === undefined ? countsFrom : monthAfter(closing, fiscalYearStart);
    const shortStockAt = [...shortAt].sort();
    return { ...founded, openFrom, countsFrom, closing, shortStockAt, today: dayIn(founded.timeZone, now()) };
  }

  return {
    async company() {
      if (state.status === "Unfounded" || performance.now() >= freshUntil) void refresh();
      await read;
      return told();
    },
    async founded() {
      if (state.status === "Unfounded") await refresh();
      return told();
    },
    openFromAt: (at) => lastMove(at)?.openFrom,
    movedBefore: (at) => lastMove(at)?.position ?? LOG_START,
    openDays: () => [...days].reverse(),
    refresh,
    async heard() {
      const { length } = moves;
      await refresh();
      return moves.length !== length;
    },
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
