/** When goods first came travels with them (COSTING §2): told of a layer where the receipt in its name says another day. */
import type { EffectiveDate } from "../kernel/event.ts";
import { inEvents } from "./correcting.ts";
import { type Entry, entryNamed, type History } from "./history.ts";
import type { ItemEvent, ItemEvents } from "./item-events.ts";
import { receiptOf } from "./leg.ts";

type Told = ItemEvents["FirstReceiptsTold"]["layers"][number];

/** `changed`: the turns, after it, of movements that may bring other goods than before. */
export function firstReceipts(
  before: History,
  after: History,
  changed: Iterable<string>,
  { item, causedBy }: Readonly<{ item: string; causedBy: string }>,
): readonly ItemEvent[] {
  const layers: Told[] = [];
  for (const turn of changed) {
    const entry = after.movements.get(turn);
    if (!entry) continue;
    const was = entryNamed(before, entry.move.data.movement);
    if (!isDated(was) && !isDated(entry)) continue; // nearly all
    const [known, days] = [daysOf(was), daysOf(entry)];
    for (const layer of [...new Set([...known.keys(), ...days.keys()])].sort()) {
      const receivedOn = days.get(layer) ?? dayIn(layer, after);
      if (known.get(layer) !== days.get(layer) && receivedOn) layers.push({ layer, receivedOn });
    }
  }
  return inEvents(layers).map((some) => ({
    type: "FirstReceiptsTold",
    data: { item, causedBy, layers: some },
  }));
}

const isDated = (entry: Entry | undefined): boolean =>
  entry?.legs.some(({ receivedOn }) => receivedOn !== undefined) ?? false;

/** An opening's own are in its event. */
const daysOf = (entry: Entry | undefined): ReadonlyMap<string, EffectiveDate> =>
  new Map(
    entry && entry.move.type !== "RecordOpeningStock"
      ? entry.legs.flatMap(({ units, layer, receivedOn }) =>
          units > 0n && receivedOn ? [[layer, receivedOn] as const] : [],
        )
      : [],
  );

/** What its name says. */
function dayIn(layer: string, history: History): EffectiveDate | undefined {
  const move = entryNamed(history, receiptOf(layer))?.move;
  return move?.type === "RecordOpeningStock" ? move.data.layers[0]?.receivedOn : move?.data.effectiveDate;
}
