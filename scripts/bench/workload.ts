/** The movements that are recorded, drawn from a seed: over HTTP, from a file, or by the bare client, always the same. */
import { commandOf } from "../../api/import/line-command.ts";
import type { Line } from "../../api/import/line-forms.ts";
import { COLUMNS } from "../../api/import/movement-line.ts";
import type { MovementCommand } from "../../domain/inventory/item-commands.ts";
import type { ItemEvents } from "../../domain/inventory/item-events.ts";
import { decimal } from "../../domain/kernel/decimal.ts";
import { randomFrom } from "../random.ts";

export type Workload = Readonly<{ items: number; moves: number }>;
export type Move = Extract<Line, { kind: "receipt" | "issue" }> & Readonly<{ lots?: undefined }>;

export const VALUE_SCALE = 2;
const COMPANY = { valueScale: VALUE_SCALE, today: "2199-12-31", shortStockAt: [] };
const LOCATION = "MAIN";
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2023, 0, 1);
const DAYS = 1_000;
/** Coprime with any number of items that we use: neighbours in time are no neighbours in name. */
const STRIDE = 617;

/** By a pass over all items after another, so that no two commands under way are of one item; the days go by evenly. */
export function movesOf({ items, moves }: Workload): readonly Move[] {
  const random = randomFrom(1);
  const onHand = new Map<string, number>();
  const passes = Math.ceil(moves / items);
  return Array.from({ length: moves }, (_, number): Move => {
    const pass = Math.floor(number / items);
    const item = itemOf((number * STRIDE) % items);
    const stock = onHand.get(item) ?? 0;
    const date = new Date(FIRST_DAY + Math.floor((pass / passes) * DAYS) * DAY_MS).toISOString().slice(0, 10);
    const about = { item, date, location: LOCATION, reference: `D-${number}` };
    if (pass % 4 === 0 || stock === 0) {
      const quantity = 20 + random(30);
      onHand.set(item, stock + quantity);
      const value = (quantity * (500 + random(1_000))) / 100;
      return {
        ...about,
        kind: "receipt",
        quantity: decimal(`${quantity}`),
        value: decimal(value.toFixed(2)),
      };
    }
    const quantity = Math.min(stock, 1 + random(20));
    onHand.set(item, stock - quantity);
    return { ...about, kind: "issue", quantity: decimal(`${quantity}`), purpose: "sale" };
  });
}

const itemOf = (number: number): string => `SKU-${`${number}`.padStart(5, "0")}`;

export const itemsOf = ({ items }: Workload): readonly string[] =>
  Array.from({ length: items }, (_, number) => itemOf(number));

export const registrationOf = (item: string): ItemEvents["ItemRegistered"] => ({
  item,
  name: item,
  unit: "piece",
  quantityScale: 0,
  valueScale: VALUE_SCALE,
  costBy: "fifo",
});

export const movementOf = (move: Move, movement: string): MovementCommand =>
  commandOf(move, movement, COMPANY) as MovementCommand;

export function csvOf(moves: readonly Move[]): string {
  const lines = moves.map((move) =>
    COLUMNS.map((column) => (column in move ? move[column as keyof Move] : "")).join(","),
  );
  return `${[COLUMNS.join(","), ...lines].join("\n")}\n`;
}

/** Path and body. */
export function requestOf(move: Move): readonly [string, object] {
  const { item, kind, date: effectiveDate, ...others } = move;
  return [`/v1/items/${item}/${kind}s`, { effectiveDate, ...others }];
}
