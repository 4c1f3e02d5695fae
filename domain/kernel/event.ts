/** A fact as stored: plain JSON. Decimals and dates are strings; a number only counts things. */
export type Event<Type extends string = string, Data extends object = object> = Readonly<{
  type: Type;
  data: Readonly<Data>;
}>;

/** A request, which may be refused. Only the mood of its name differs from an event's. */
export type Command<Type extends string = string, Data extends object = object> = Event<Type, Data>;

/** The messages of a type that maps names to data. */
export type MessageOf<Types> = {
  [T in keyof Types & string]: Event<T, Types[T] & object>;
}[keyof Types & string];

/** DESIGN §3. Written once, with the event; nothing in it decides anything in the domain. */
export type Metadata = Readonly<{
  /** The client's Idempotency-Key. */
  commandId: string;
  /** SHA-256, hex, of the request as sent, before defaults. */
  commandHash: string;
  /** Which event of its command this is, from 1, of how many: half a command is never shown. */
  part: number;
  of: number;
  /** ISO 8601, UTC, milliseconds. When it was written down; the day it counts for is in its data. */
  recordedAt: string;
  actor: string;
  correlationId: string;
  causationId: string;
}>;

/** `id` is a UUID derived from what the event says, so that the same fact appended again is known. */
export type NewEvent = Event & Readonly<{ id: string; metadata: Metadata }>;

/** `revision` counts within the stream; `position` orders the log, is opaque, and never computed. */
export type Recorded = NewEvent & Readonly<{ stream: string; revision: bigint; position: bigint }>;

/** A business day, "2026-03-31": no time, no zone. Sorts as text. */
export type EffectiveDate = string;

/** A time of day in the company's zone, "14:05:00". Sorts as text. */
export type TimeOfDay = string;

/** The one encoding of event data: keys sorted. What JSON would bend or lose is a bug before it is stored. */
export function canonicalJson(value: unknown): string {
  if (isInOrder(value)) return JSON.stringify(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? list(value) : fields(value);
  throw new TypeError(`not storable as JSON: a ${typeof value}`);
}

/** Whether JSON.stringify says the same, in a third of the time. What is not storable is not in order. */
export function isInOrder(value: unknown): boolean {
  if (typeof value !== "object")
    return typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value);
  if (value === null) return true;
  if (Array.isArray(value)) {
    for (const each of value) if (!isInOrder(each)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  let before: string | undefined;
  for (const name in value) {
    if (before !== undefined && before > name) return false;
    if (!isInOrder((value as Record<string, unknown>)[name])) return false;
    before = name;
  }
  return true;
}

/** The same with keys sorted. What is in order is not copied. */
export function inOrder<T>(value: T): T {
  if (isInOrder(value)) return value;
  if (Array.isArray(value)) return value.map(inOrder) as T;
  if (typeof value !== "object" || value === null)
    throw new TypeError(`not storable as JSON: a ${typeof value}`);
  refuseClass(value);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, each]) => [name, inOrder(each)])) as T;
}

// Loops, not `map` and `join`: every event is encoded several times.
function list(values: readonly unknown[]): string {
  let text = "";
  for (const value of values) text += `${text === "" ? "" : ","}${canonicalJson(value)}`;
  return `[${text}]`;
}

function fields(value: object): string {
  refuseClass(value);
  let text = "";
  for (const name of Object.keys(value).sort())
    text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${canonicalJson((value as Record<string, unknown>)[name])}`;
  return `{${text}}`;
}

/** A `Date` or a `Map` would be stored as `{}`. */
function refuseClass(value: object): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError("not storable as JSON: an object of a class");
}
