/** A dry run: what a command would lead to, by what the log says now. Nothing is recorded. */
import { withinLimit } from "../domain/inventory/approving.ts";
import { type Correction, correctionsOf } from "../domain/inventory/corrections.ts";
import { itemStream } from "../domain/inventory/item.ts";
import type { ItemCommand } from "../domain/inventory/item-commands.ts";
import type { ItemEvent } from "../domain/inventory/item-events.ts";
import type { Refusal } from "../domain/kernel/decider.ts";
import { itemsApart } from "../read-models/periods.ts";
import type { Pool } from "../read-models/schema.ts";
import type { CompanyView } from "./company.ts";
import type { Items } from "./counting.ts";

/** `needsApproval`: of a second person, above the company's limit. */
export type Previewed =
  | Readonly<{
      status: "previewed";
      events: readonly ItemEvent[];
      corrections: readonly (Correction & Readonly<{ item: string }>)[];
      needsApproval: boolean;
    }>
  | Readonly<{ status: "refused"; refusal: Refusal }>;

type Parts = Readonly<{
  pool: Pool;
  name: string;
  items: Pick<Items, "preview">;
  company: CompanyView["company"];
}>;

export const previewing = ({ pool, name, items, company }: Parts) => ({
  async command(command: ItemCommand): Promise<Previewed> {
    const founded = await company();
    const stream = itemStream(name, command.data.item);
    const { before, decision } = await items.preview(stream, {
      ...command,
      costing: founded?.costing,
      openFrom: founded?.openFrom,
    });
    if (!decision.ok) return { status: "refused", refusal: decision.refusal };
    const { events } = decision;
    const { item } = command.data;
    const corrections = before.status === "Registered" ? correctionsOf(before, events) : [];
    const limit = founded?.correctionMax ?? undefined;
    return {
      status: "previewed",
      events,
      corrections: corrections.map((correction) => ({ item, ...correction })),
      needsApproval: !withinLimit({ ...command, correctionMax: limit }, decision).ok,
    };
  },

  /** Of a period that had been open again, corrections go back to their own days before it is closed. */
  async closing(period: string): Promise<Previewed> {
    const corrections: (Correction & { item: string })[] = [];
    for (const item of await itemsApart(pool, name)) {
      const command: ItemCommand = {
        type: "RedateCosts",
        data: { item, causedBy: period },
        today: "",
        openFrom: period,
      };
      const { before, decision } = await items.preview(itemStream(name, item), command);
      if (decision.ok && before.status === "Registered")
        corrections.push(...correctionsOf(before, decision.events).map((each) => ({ item, ...each })));
    }
    return { status: "previewed", events: [], corrections, needsApproval: false };
  },
});
