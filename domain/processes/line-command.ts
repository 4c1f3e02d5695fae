/** What a line of a document asks of its item. */
import type { ItemCommand } from "../inventory/item-commands.ts";

/** `line` counts from 1. */
export type LineCommand = Readonly<{
  line: number;
  item: string;
  commandId: string;
  command: Omit<ItemCommand, "today" | "openFrom">;
}>;
