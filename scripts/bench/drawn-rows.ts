/** Events as the log would have them, drawn without deciding: many items, years of days mostly in order, FIFO draws. */
import type { CostRow } from "../../domain/inventory/cost-row.ts";
import { type DecimalText, decimal } from "../../domain/kernel/decimal.ts";
import type { Recorded } from "../../domain/kernel/event.ts";
import { randomFrom } from "../random.ts";

const DAY_MS = 86_400_000;
export const FIRST_DAY = Date.UTC(2022, 6, 1);
/** Three and a half years. */
const DAYS = 1_278;
const BACK_DATED_PERCENT = 2;
const BACK_DATED_DAYS = 60;

type Layer = { readonly name: string; quantity: number; cents: number };
export type Drawn = Readonly<{ event: Recorded; date: string; rows: number }>;

export const dayText = (day: number): string => new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);

/** One a call; with row number `rows` the last day is reached. Each item comes once, then some far more often than others. */
export function drawnEvents(book: string, items: number, rows: number): () => Drawn {
  const random = randomFrom(2);
  const layers = new Map<number, Layer[]>();
  const revisions = new Map<number, number>();
  let [number, row] = [-1, 0];

  return () => {
    number += 1;
    const item = number < items ? number : Math.floor((random(items) * random(items)) / items);
    const today = Math.min(DAYS, Math.floor((row / rows) * DAYS));
    const late = random(100) < BACK_DATED_PERCENT ? random(BACK_DATED_DAYS) : 0;
    const date = dayText(Math.max(0, today - late));
    const open = layers.get(item) ?? [];
    layers.set(item, open);
    const movement = `M${number}`;
    const moved = open.length === 0 || random(3) === 0 ? receipt(open, movement) : issue(open);
    const cost = moved.map(({ name, quantity, cents }): CostRow => {
      const amounts = { quantity: text(quantity), value: text(cents / 100) };
      return { movement, layer: name, area: "MAIN", date, ...amounts };
    });
    const revision = revisions.get(item) ?? 0;
    revisions.set(item, revision + 1);
    row += cost.length;
    return {
      event: recorded({ book, item, movement, number, revision, date }, cost),
      date,
      rows: cost.length,
    };
  };

  function receipt(open: Layer[], name: string): Layer[] {
    const quantity = 10 + random(20);
    const layer = { name, quantity, cents: quantity * (500 + random(1_000)) };
    open.push(layer);
    return [{ ...layer }];
  }

  /** From the oldest layers. */
  function issue(open: Layer[]): Layer[] {
    const drawn: Layer[] = [];
    for (let wanted = 1 + random(20), [layer] = open; layer && wanted > 0; [layer] = open) {
      const quantity = Math.min(wanted, layer.quantity);
      const cents =
        quantity === layer.quantity ? layer.cents : Math.round((layer.cents / layer.quantity) * quantity);
      drawn.push({ name: layer.name, quantity: -quantity, cents: -cents });
      layer.quantity -= quantity;
      layer.cents -= cents;
      wanted -= quantity;
      if (layer.quantity === 0) open.shift();
    }
    return drawn;
  }
}

const text = (amount: number): DecimalText => decimal(`${amount}`);

export const drawnItem = (item: number): string => `SKU-${`${item}`.padStart(5, "0")}`;

type About = Readonly<{
  book: string;
  item: number;
  movement: string;
  number: number;
  revision: number;
  date: string;
}>;

function recorded(
  { book, item, movement, number, revision, date }: About,
  rows: readonly CostRow[],
): Recorded {
  const [{ area, quantity, value } = { area: "", quantity: "0", value: "0" }] = rows;
  const name = drawnItem(item);
  const about = { item: name, movement, effectiveDate: date, time: null, lot: null, location: area, rows };
  const isReceipt = !quantity.startsWith("-");
  const issued = rows.reduce((sum, row) => sum - Number(row.quantity), 0);
  const digits = `${number}`.padStart(12, "0");
  return {
    stream: `${book}.item-${name}`,
    revision: BigInt(revision),
    position: BigInt(number),
    id: `00000000-0000-8000-a000-${digits}`,
    type: isReceipt ? "GoodsReceived" : "GoodsIssued",
    data: isReceipt
      ? { ...about, quantity, value, reference: null }
      : { ...about, quantity: text(issued), purpose: "sale", reference: "bench" },
    metadata: {
      commandId: movement,
      commandHash: digits.padStart(64, "0"),
      part: 1,
      of: 1,
      recordedAt: new Date(FIRST_DAY + number * 100).toISOString(),
      actor: "bench",
      correlationId: movement,
      causationId: movement,
    },
  };
}
