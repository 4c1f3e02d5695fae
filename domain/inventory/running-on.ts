/**
 * What comes of running movements on from a turn. Where units of a receipt went back uninvoiced, they run twice: which units go where
 * does not depend on what they are worth, and tells which of them bear what the receipt's invoices differ by.
 */
import { draftOf, type SortedMap } from "../kernel/sorted-map.ts";
import type { Scales } from "./cost-row.ts";
import { type Exempt, exemptUnits, placesIn, uninvoicedReceipts } from "./exempt-units.ts";
import { type History, type InTurn, least } from "./history.ts";
import { type From, type LeftShort, rerun, rewind, withRan } from "./running.ts";
import { openStock, type Queues } from "./stock.ts";

/** `changed`: the turns of movements that do something else than before. */
export type Onward = Readonly<{ history: History; changed: readonly string[] }>;
/** Those that bear it would be worth less than nothing. */
export type Below = Readonly<{ below: true }>;

/**
 * `before`: a history that has run. `after`: the same, with what has changed noted, from that turn on. `from`: rewound to it from
 * `before`.
 */
export function runOn(
  { before, after, turn, from }: Readonly<{ before: History; after: History; turn: string; from: From }>,
  scales: Scales,
): Onward | LeftShort | Below {
  const later = (start: string): readonly InTurn[] => [...after.movements.entries(start)];
  if (after.uninvoiced.size === 0 && after.exempt.size === 0)
    return onward(after, { ...from, later: later(turn) }, scales);
  const stock = openStock(worthless(from.stock.close()));
  const units = rerun(after, { ...from, stock, later: later(turn) }, scales);
  if ("short" in units) return units;
  const exempt = exemptUnits({ ...after, ...withRan(after, units.ran) });
  const start = areSame(exempt, after.exempt)
    ? turn
    : [...receiptTurns(before), ...receiptTurns(after)].reduce(least, turn);
  const again = rewind(before, start, exempt);
  return onward({ ...after, exempt }, { ...again, later: later(start) }, scales);
}

function onward(after: History, from: From, scales: Scales): Onward | LeftShort | Below {
  const run = rerun(after, from, scales);
  if ("short" in run) return run;
  if (from.stock.isBelow()) return { below: true };
  return {
    history: { ...after, ...withRan(after, run.ran), queues: from.stock.close() },
    changed: run.ran.map(([turn]) => turn),
  };
}

function worthless(queues: Queues): Queues {
  const plain = draftOf(queues);
  for (const [name, queue] of queues.entries()) {
    const layers = draftOf(queue.layers);
    for (const [place, { id, units }] of queue.layers.entries()) layers.set(place, { id, units, worth: 0n });
    plain.set(name, { ...queue, layers });
  }
  return plain;
}

function areSame(a: Exempt, b: SortedMap<bigint>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, units] of a.entries()) if (b.get(key) !== units) return false;
  return true;
}

/** Of receipts that do not bear alike, or did not. */
function* receiptTurns({ uninvoiced, exempt, turns, turnsAt }: History): Iterable<string> {
  for (const receipt of uninvoicedReceipts({ uninvoiced })) {
    const turn = turns.get(receipt);
    if (turn !== undefined) yield turn;
  }
  for (const place of placesIn(exempt)) yield turnsAt.get(place) ?? place;
}
