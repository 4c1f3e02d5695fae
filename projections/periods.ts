/** When which period was closed, or opened again; and the first open day, as the projector comes along the log. */
import type { Insertable } from "kysely";
import type { OpenFrom } from "../domain/inventory/booking.ts";
import type { Session } from "../read-models/database.ts";
import type { GenerationTables } from "../read-models/schema.ts";
import type { Entry, WholeCommand } from "./entry.ts";

type Change = Insertable<GenerationTables["period_change"]>;

const statusOf = { PeriodClosing: "closing", PeriodClosed: "closed", PeriodReopened: "open" } as const;

export function periodChange({ event, seq }: Entry): Change | undefined {
  switch (event.type) {
    case "PeriodClosing":
    case "PeriodClosed":
    case "PeriodReopened": {
      const { period, openFrom } = event.data;
      const reason = "reason" in event.data ? event.data.reason : null;
      return { seq, period, status: statusOf[event.type], open_from: openFrom, reason };
    }
    default:
      return undefined;
  }
}

/** The first open day after a command. */
export function openAfter(command: WholeCommand, openFrom: OpenFrom): OpenFrom {
  const [{ event }] = command;
  return event.type === "PeriodClosed" || event.type === "PeriodReopened" ? event.data.openFrom : openFrom;
}

/** As the tables have it. */
export async function storedOpenFrom(session: Session, schema: string): Promise<OpenFrom> {
  const [last] = await session.query<{ open_from: string }>(
    `select open_from from "${schema}".period_change where status <> 'closing' order by seq desc limit 1`,
  );
  return last?.open_from;
}
