/** On which day a recorded row counts: where its own was closed before it in the log, on the first open one (COSTING §5). */
import { latest, type OpenFrom } from "../domain/inventory/booking.ts";
import type { Item } from "../domain/inventory/item.ts";
import type { ItemCommand, ItemRefusal } from "../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../domain/inventory/item-events.ts";
import type { Refusal } from "../domain/kernel/decider.ts";
import type { Command, EffectiveDate } from "../domain/kernel/event.ts";
import type { CommandHandler } from "./commands/handling.ts";
import type { Variants } from "./commands/missing-parts.ts";
import type { Company, CompanyView } from "./company.ts";

export const counted =
  (openFromAt: CompanyView["openFromAt"]) =>
  (event: ItemEvent, position: bigint): ItemEvent => {
    const openFrom = openFromAt(position);
    if (event.type === "LotsMoved") {
      const moved = onOpenDays(event.data.moved, openFrom);
      return moved === event.data.moved ? event : { ...event, data: { ...event.data, moved } };
    }
    if (!("rows" in event.data)) return event;
    const rows = onOpenDays(event.data.rows, openFrom);
    return rows === event.data.rows ? event : ({ ...event, data: { ...event.data, rows } } as ItemEvent);
  };

/** The very same, where none is of closed time. */
function onOpenDays<R extends Readonly<{ date: EffectiveDate }>>(
  rows: readonly R[],
  openFrom: OpenFrom,
): readonly R[] {
  if (openFrom === undefined || rows.every(({ date }) => date >= openFrom)) return rows;
  return rows.map((row) => ({ ...row, date: latest(row.date, openFrom) }));
}

/** An event does not say which day was the first open one when it was decided: it is one of those that the log has by now. */
export const itemVariants =
  ({ refresh, openDays }: Pick<CompanyView, "refresh" | "openDays">): Variants<ItemCommand> =>
  async (recalled) => {
    await refresh();
    return openDays().map((openFrom) => ({ ...recalled, openFrom }));
  };

export type Items = CommandHandler<ItemCommand, Item, ItemRefusal, ItemEvent>;

/**
 * Every command is decided with the first open day as it is known by then, unless it says its own, and with what else of the
 * company it goes by. Refused for a closed day, which may be open again since, it is decided anew by what the log says now.
 */
export const inOpenTime = <C extends Command & Readonly<{ openFrom?: OpenFrom }>, S, R extends Refusal, E>(
  handler: CommandHandler<C, S, R, E>,
  { company, refresh }: CompanyView,
  goesBy: (known: Company | undefined) => Partial<C> = () => ({}),
): CommandHandler<C, S, R, E> => ({
  ...handler,
  async handle(request) {
    const known = await company();
    if ("openFrom" in request.command) return handler.handle(request);
    const decided = (openFrom: OpenFrom) =>
      handler.handle({ ...request, command: { ...request.command, ...goesBy(known), openFrom } });
    const outcome = await decided(known?.openFrom);
    if (outcome.status !== "refused" || outcome.refusal.name !== "PeriodClosed") return outcome;
    await refresh();
    const now = await company();
    return now?.openFrom === known?.openFrom ? outcome : decided(now?.openFrom);
  },
});

/** By the company's policy; and corrections have a limit, or nobody has to approve them. */
export const byTheCompany = (known: Company | undefined): Partial<ItemCommand> => ({
  costing: known?.costing,
  ...(known?.correctionMax ? { correctionMax: known.correctionMax } : { approvedBy: undefined }),
});
