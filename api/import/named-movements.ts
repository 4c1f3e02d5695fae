/**
 * What a line names: a movement of its item, by its own name or by its reference, where no other movement of its kind that
 * stands has that one. Of movements that the log has, and of those that the same file brought before.
 */
import { standing } from "../../domain/inventory/history.ts";
import type { Item } from "../../domain/inventory/item.ts";
import type { ItemCommand, MovementCommand } from "../../domain/inventory/item-commands.ts";
import type { Line } from "./line-forms.ts";

type Type = MovementCommand["type"];
/** Of which kind what a line names is. */
const OF: Partial<Readonly<Record<Line["kind"], Type>>> = {
  return: "IssueGoods",
  supplierReturn: "ReceiveGoods",
  uninvoicedReturn: "ReceiveGoods",
  arrival: "DispatchGoods",
  invoice: "ReceiveGoods",
  cost: "ReceiveGoods",
};

/** Several movements have the reference: which of them is meant, nobody can tell. */
export type Ambiguous = Readonly<{
  name: "SeveralHaveThatReference";
  reference: string;
  movements: readonly string[];
}>;
export type Found = Readonly<{ line: Line; ambiguous: Ambiguous | undefined }>;

/** The names in a line. */
export const namesIn = ({ of, before }: Line): readonly string[] =>
  [of, before].filter((name) => name !== undefined);

/** `sought`: of each item, all that the file names; the rest is not remembered. */
export function namedMovements(
  sought: ReadonlyMap<string, ReadonlySet<string>>,
  stateOf: (item: string) => Promise<Item>,
) {
  /** By item, kind and name: the movements that it may be. */
  const known = new Map<string, Set<string>>();
  const read = new Set<string>();
  const keyOf = (item: string, type: Type, name: string): string => `${item} ${type} ${name}`;

  function remember({ type, data }: MovementCommand): void {
    const reference = "reference" in data ? data.reference : null;
    for (const name of [data.movement, reference]) {
      if (name === null || !sought.get(data.item)?.has(name)) continue;
      const key = keyOf(data.item, type, name);
      known.set(key, (known.get(key) ?? new Set()).add(data.movement));
    }
  }

  /** Once an item: what it gets from then on, this file brings. */
  async function readIn(item: string): Promise<void> {
    if (read.has(item)) return;
    read.add(item);
    const state = await stateOf(item);
    if (state.status === "Unregistered") return;
    for (const [, { move }] of state.history.movements.entries())
      if (standing(state.history, move.data.movement)) remember(move);
  }

  function meant(item: string, type: Type, name: string): string | Ambiguous {
    const [first = name, ...others] = known.get(keyOf(item, type, name)) ?? [];
    if (others.length === 0 || first === name) return first;
    return others.includes(name)
      ? name
      : { name: "SeveralHaveThatReference", reference: name, movements: [first, ...others] };
  }

  return {
    /** What a line brings, before lines after it are asked for what they name. */
    remember: (command: ItemCommand): void => {
      if ("movement" in command.data) remember(command as MovementCommand);
    },
    /** It was refused. */
    forget({ type, data }: ItemCommand): void {
      if (!("movement" in data)) return;
      for (const name of sought.get(data.item) ?? [])
        known.get(keyOf(data.item, type as Type, name))?.delete(data.movement);
    },
    /** The line, with the names of the movements that it means. What is not found stays: its item says so. */
    async found(line: Line): Promise<Found> {
      if (namesIn(line).length === 0) return { line, ambiguous: undefined };
      await readIn(line.item);
      let ambiguous: Ambiguous | undefined;
      const one = (type: Type | undefined, name: string | undefined) => {
        if (type === undefined || name === undefined) return undefined;
        const is = meant(line.item, type, name);
        if (typeof is === "string") return is;
        ambiguous = is;
        return name;
      };
      const [of, before] = [one(OF[line.kind], line.of), one("CountStock", line.before)];
      return { line: { ...line, ...(of && { of }), ...(before && { before }) } as Line, ambiguous };
    },
  };
}
