/** The first pass over a file: the form and the item of every line, before anything is written. */
import { decimals } from "../../domain/kernel/decimal.ts";
import { items } from "../../read-models/items.ts";
import { NOW } from "../../read-models/question.ts";
import type { Pool } from "../../read-models/schema.ts";
import { linesOf, type Mapping } from "./lines.ts";
import { checkLine, type Wrong } from "./movement-line.ts";
import { namesIn } from "./named-movements.ts";

export type BadLine = Readonly<{ line: number; wrong: readonly Wrong[] }>;
/** An item that the book does not know: how it would be registered, from the lines it has here. */
export type NewItem = {
  readonly item: string;
  readonly firstLine: number;
  quantityScale: number;
  costBy: "fifo" | "lot";
  tracksLots: boolean;
};

/** `named`: of each item, the movements that lines name. */
export type Check = Readonly<{
  lines: number;
  bad: number;
  newItems: readonly NewItem[];
  named: ReadonlyMap<string, ReadonlySet<string>>;
}>;

type Asked = Readonly<{
  file: string;
  mapping: Mapping;
  valueScale: number;
  actor: string;
  /** Whether the log, as it is now, has the item. */
  isRegistered: (item: string) => Promise<boolean>;
  /** Unknown items are registered, not reported. */
  register: boolean;
  onBad: (line: BadLine) => void;
  onLine: () => void;
}>;

/** So many questions to the log at a time. */
const ASKED_MAX = 50;

export async function checkFile({
  file,
  mapping,
  valueScale,
  actor,
  isRegistered,
  register,
  onBad,
  onLine,
}: Asked): Promise<Check> {
  const known = new Map<string, NewItem | undefined>();
  const named = new Map<string, Set<string>>();
  const asked: Promise<void>[] = [];
  let [lines, bad] = [0, 0];
  const report = (line: number, wrong: readonly Wrong[]) => {
    bad += 1;
    onBad({ line, wrong });
  };
  for await (const { number, raw, torn } of linesOf(file, mapping)) {
    lines += 1;
    onLine();
    if (torn !== undefined) {
      report(number, [{ column: "line", detail: torn }]);
      continue;
    }
    const { line, wrong } = checkLine(raw, valueScale, actor);
    if (!line) {
      report(number, wrong);
      continue;
    }
    const { item, quantity, lot, lots } = line;
    for (const name of namesIn(line)) named.set(item, (named.get(item) ?? new Set()).add(name));
    if (!known.has(item)) {
      const costBy = lot ? "lot" : "fifo";
      known.set(item, { item, firstLine: number, quantityScale: 0, costBy, tracksLots: false });
      const answer = isRegistered(item).then((is) => void (is && known.set(item, undefined)));
      answer.catch(() => {}); // waited for below
      asked.push(answer);
      // What is only reported needs no answer at once; a line that is bad for want of its item does.
      if (!register || asked.length === ASKED_MAX) await Promise.all(asked.splice(0));
    }
    const newItem = known.get(item);
    if (newItem && !register)
      report(number, [{ column: "item", detail: "is not registered: register it, or say --register" }]);
    // Costed by lot, a line is of one.
    if (newItem && lots) Object.assign(newItem, { costBy: "fifo", tracksLots: true });
    if (newItem && quantity !== undefined)
      newItem.quantityScale = Math.max(newItem.quantityScale, decimals(quantity));
  }
  await Promise.all(asked);
  const newItems = [...known.values()].filter((item) => item !== undefined);
  return { lines, bad, newItems, named };
}

/** The items that the tables know, which may lag behind the log. */
export async function knownItems(pool: Pool, book: string): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (let after: readonly [string] | undefined; ; ) {
    const { rows, next } = await items(pool, book, NOW, { limit: 1_000, after });
    for (const { item } of rows) known.add(item);
    if (!next) return known;
    after = next;
  }
}
