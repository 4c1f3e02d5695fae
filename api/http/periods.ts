/** Periods over HTTP: closed in order, the last one reopened with a reason. */
import { z } from "zod";
import type { CompanyCommand } from "../../domain/company/company-events.ts";
import type { Book } from "../book.ts";
import { companyStream } from "../company.ts";
import { day, words } from "../edge/schemas.ts";
import { type CommandRoute, commandRoute, PREVIEWS } from "./routes.ts";

const named = z.object({ period: day.describe("A period's first day is its name.") });
const closing = z.strictObject({});
const reopening = z.strictObject({ reason: words });

export const periodRoutes = ({
  name,
  companies,
  company,
  preview,
}: Pick<Book, "name" | "companies" | "company" | "preview">): readonly CommandRoute[] => {
  const stream = companyStream(name);
  return [
    commandRoute(
      "/v1/periods/{period}/closing",
      "Close a period that is over, and all before it. Nothing new is recorded into it from now on; it is closed when what is under way is through: GET /v1/periods tells.",
      { params: named, body: closing },
      async (sent, caller) => {
        const { period } = sent.params;
        const founded = await company();
        if (!founded) return { status: "refused", refusal: { name: "CompanyNotFounded" } };
        const { today } = founded;
        const command: CompanyCommand = { type: "BeginClosing", data: { company: name, period }, today };
        if (!sent.preview) return companies.handle({ ...caller, stream, command });
        const { decision } = await companies.preview(stream, command);
        return decision.ok ? preview.closing(period) : { status: "refused", refusal: decision.refusal };
      },
      PREVIEWS,
    ),
    commandRoute(
      "/v1/periods/{period}/reopening",
      "Open the last closed period again.",
      { params: named, body: reopening },
      ({ params: { period }, body: { reason } }, caller) =>
        companies.handle({
          ...caller,
          stream,
          command: { type: "ReopenPeriod", data: { company: name, period, reason } },
        }),
    ),
  ];
};
