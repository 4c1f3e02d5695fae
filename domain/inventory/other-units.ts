/**
 * Quantities in another unit than the item's (COSTING §13): 1 box = 12 pieces. Factors are exact, and what does not land on the item's
 * scale is refused, never rounded; where both were measured, both are recorded.
 */
import { type DecimalText, isDecimalText, steps, textOfSteps } from "../kernel/decimal.ts";
import { draftOf, type SortedMap } from "../kernel/sorted-map.ts";
import type { ItemRefusal, MovingCommand } from "./item-commands.ts";
import type { ItemEvent, ItemEvents, UnitCost } from "./item-events.ts";
import { DIGITS_MAX, type Registered } from "./item-refusals.ts";

/** So many (`quantity`) of a unit are so many (`equals`) of the item's own. */
export type Factor = Readonly<{ quantity: DecimalText; equals: DecimalText }>;
export type Factors = SortedMap<Factor>;

/** The most decimals that a quantity has. */
const FINEST = 6;

/** Undefined where it does not land on the scale. */
export function inOwnUnit(
  many: DecimalText,
  { quantity, equals }: Factor,
  scale: number,
): DecimalText | undefined {
  const [said, per, own] = [many, quantity, equals].map((text) => steps(text, FINEST)) as [
    bigint,
    bigint,
    bigint,
  ];
  const [whole, over] = [said * own * 10n ** BigInt(scale), per * 10n ** BigInt(FINEST)];
  return whole % over === 0n ? textOfSteps(whole / over, scale) : undefined;
}

export function unitDefinition(
  data: ItemEvents["ItemUnitDefined"],
  { unit: own, units }: Registered,
): ItemRefusal | ItemEvent {
  const { unit } = data;
  if (unit === own) return { name: "UnitIsTheItemsOwn", unit };
  const known = units.get(unit);
  return known ? { name: "UnitAlreadyDefined", unit, ...known } : { type: "ItemUnitDefined", data };
}

export function withUnit(
  item: Registered,
  { unit, quantity, equals }: ItemEvents["ItemUnitDefined"],
): Factors {
  const units = draftOf(item.units);
  units.set(unit, { quantity, equals });
  return units;
}

type Said = Readonly<{ command: MovingCommand; events: readonly ItemEvent[] }>;

/** The command in the item's own unit, and the event that keeps what was said. */
export function saidInOwnUnit(command: MovingCommand, item: Registered): Said | ItemRefusal {
  const converted = command.unit === undefined ? command : convertedFrom(command.unit, command, item);
  if ("name" in converted) return converted;
  const { measured } = converted;
  const of = nameOf(converted);
  if (measured === undefined || of === undefined) return { command: converted, events: [] };
  return {
    command: converted,
    events: [{ type: "QuantityMeasured", data: { item: item.item, of, ...measured } }],
  };
}

function convertedFrom(unit: string, command: MovingCommand, item: Registered): MovingCommand | ItemRefusal {
  if (unit === item.unit) return command;
  const factor = item.units.get(unit);
  if (!factor) return { name: "UnitNotDefined", unit, defined: [item.unit, ...keysOf(item.units)] };
  const said = saidIn(command);
  if (said === undefined) return command;
  const { quantityScale: scale } = item;
  let off: DecimalText | undefined;
  let isOutOfRange = !isDecimalText(said);
  const own = (quantity: DecimalText): DecimalText => {
    const converted = inOwnUnit(quantity, factor, scale);
    if (converted === undefined) off ??= quantity;
    else if (!isDecimalText(converted)) isOutOfRange = true;
    return converted ?? quantity;
  };
  const data = inOwn(command.data, own);
  const lots = command.lots?.map((lot) => ({ ...lot, quantity: own(lot.quantity) }));
  if (isOutOfRange) return { name: "ValueOutOfRange", digitsMax: DIGITS_MAX };
  if (off !== undefined) return { name: "QuantityOffScale", quantity: off, unit, scale, factor };
  return { ...command, data, ...(lots && { lots }), measured: { quantity: said, unit } } as MovingCommand;
}

type Quantities = Readonly<{
  quantity?: DecimalText;
  counted?: DecimalText;
  layers?: readonly Readonly<{ quantity: DecimalText }>[];
  unitCost?: UnitCost | null;
  mayGoShort?: Readonly<{ statedCost: UnitCost | null }>;
}>;

/** What the command as a whole is about. */
function saidIn({ data }: MovingCommand): DecimalText | undefined {
  const { quantity, counted, layers } = data as Quantities;
  if (!layers) return quantity ?? counted;
  const sum = layers.reduce((total, layer) => total + steps(layer.quantity, FINEST), 0n);
  return textOfSteps(sum, FINEST);
}

/** Every quantity of it. */
function inOwn(data: MovingCommand["data"], own: (quantity: DecimalText) => DecimalText): object {
  const { quantity, counted, layers, unitCost, mayGoShort } = data as Quantities;
  const costIn = (cost: UnitCost | null) => cost && { ...cost, quantity: own(cost.quantity) };
  return {
    ...data,
    ...(quantity !== undefined && { quantity: own(quantity) }),
    ...(counted !== undefined && { counted: own(counted) }),
    ...(layers && { layers: layers.map((layer) => ({ ...layer, quantity: own(layer.quantity) })) }),
    ...(unitCost && { unitCost: costIn(unitCost) }),
    ...(mayGoShort && { mayGoShort: { statedCost: costIn(mayGoShort.statedCost) } }),
  };
}

/** Of what carries a quantity: a movement's name, or an invoice's. */
function nameOf({ type, data }: MovingCommand): string | undefined {
  if ("movement" in data) return data.movement;
  return type === "InvoiceReceipt" ? data.fact : undefined;
}

const keysOf = (units: Factors): readonly string[] => [...units.entries()].map(([unit]) => unit);
