/**
 * Imports a file of movements. Checked whole before anything is written; then streamed, grouped by stream over a window,
 * many events an append. Run again, after a crash or by mistake, it doubles nothing: a line's command id comes from the
 * source's name, its text, and the how-manieth of its kind it is.
 */
import { itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand, ItemRefusal } from "../../domain/inventory/item-commands.ts";
import type { Refusal } from "../../domain/kernel/decider.ts";
import type { Book } from "../book.ts";
import type { Outcome } from "../commands/handling.ts";
import { sha256 } from "../commands/idempotency.ts";
import type { Company } from "../company.ts";
import { type BadLine, type Check, checkFile, knownItems, type NewItem } from "./check.ts";
import { inOrder } from "./in-order.ts";
import { commandOf } from "./line-command.ts";
import { linesOf, type Mapping, type Numbered } from "./lines.ts";
import { checkLine, type RawLine, saidBy } from "./movement-line.ts";
import { namedMovements } from "./named-movements.ts";

export type Options = Readonly<{
  file: string;
  /** Names the file for good: the same lines under another source are other movements. */
  source: string;
  actor: string;
  mapping: Mapping;
  dryRun: boolean;
  /** How unknown items are registered; undefined: they are bad lines. */
  register: Readonly<{ unit: string; quantityScale?: number; costBy?: "fifo" | "lot" }> | undefined;
}>;
export type RefusedLine = Readonly<{ line: number; refusal: Refusal }>;
export type Report = Readonly<{
  onBad: (line: BadLine) => void;
  onRefused: (line: RefusedLine) => void;
  onProgress: (phase: "checking" | "importing", lines: number) => void;
}>;
/** `written`: accepted now, or found to be there from an earlier run. */
export type Imported = Check & Readonly<{ registered: number; written: number; refused: number }>;

const WINDOW_LINES = 10_000;
/** Items that are registered at a time. */
const TOGETHER = 200;
/** Half a SHA-256: a movement's name is short, since layers and rows repeat it. */
const ID_DIGITS = 32;

type Importing = Pick<Book, "name" | "items" | "pool">;

export async function importMovements(
  book: Importing,
  company: Company,
  options: Options,
  { onBad, onRefused, onProgress }: Report,
): Promise<Imported> {
  const { file, mapping, source, actor, register, dryRun } = options;
  const projected = await knownItems(book.pool, book.name);
  const isRegistered = async (item: string) =>
    projected.has(item) || (await book.items.current(itemStream(book.name, item))).status === "Registered";
  let lines = 0;
  const counting = (phase: "checking" | "importing") => () => {
    lines += 1;
    if (lines % 1_000 === 0) onProgress(phase, lines);
  };
  const check = await checkFile({
    file,
    mapping,
    valueScale: company.valueScale,
    actor,
    isRegistered,
    register: register !== undefined,
    onBad,
    onLine: counting("checking"),
  });
  if (check.bad > 0 || dryRun) return { ...check, registered: 0, written: 0, refused: 0 };
  const send = inOrder<Addressed, Outcome<ItemRefusal>>((request) =>
    book.items.handle({ ...request, actor, bulk: true }),
  );
  if (register) await registerItems(book.name, company, check.newItems, { ...register, source, send });

  let [written, refused] = [0, 0];
  lines = 0;
  const onLine = counting("importing");
  const idOf = lineIds(source);
  const names = namedMovements(check.named, (item) => book.items.current(itemStream(book.name, item)));
  const underWay: Promise<void>[] = [];
  for await (const window of windows(linesOf(file, mapping), WINDOW_LINES)) {
    const sent: Promise<void>[] = [];
    for (const { number, raw, torn } of window) {
      const { line: said } = checkLine(raw, company.valueScale, actor);
      if (!said || torn !== undefined)
        throw new Error(`${file}, line ${number}: the file has changed since it was checked`);
      const { line, ambiguous } = await names.found(said);
      const { commandId, commandHash } = idOf(raw);
      const command = commandOf(line, commandId, company);
      names.remember(command);
      const stream = itemStream(book.name, line.item);
      const told = send(stream, { stream, command, commandId, commandHash }).then((outcome) => {
        onLine();
        if (outcome.status === "accepted") written += 1;
        else {
          refused += 1;
          names.forget(command);
          const refusal = outcome.status === "refused" ? outcome.refusal : { name: outcome.status };
          onRefused({ line: number, refusal: ambiguous ?? refusal });
        }
      });
      told.catch(() => {}); // it may fail while the next line is looked at, and is waited for only then
      sent.push(told);
    }
    const decided = Promise.all(sent).then(() => undefined);
    decided.catch(() => {}); // it may fail while the next window is read, and is waited for only then
    underWay.push(decided);
    // One window is decided while the next is read.
    if (underWay.length > 1) await underWay.shift();
  }
  await Promise.all(underWay);
  return { ...check, registered: register ? check.newItems.length : 0, written, refused };
}

type Addressed = Readonly<{
  stream: string;
  command: ItemCommand;
  commandId: string;
  commandHash: string;
}>;

/** A digest a distinct line is all that is remembered of it. */
function lineIds(source: string): (raw: RawLine) => Readonly<{ commandId: string; commandHash: string }> {
  const seen = new Map<string, number>();
  return (raw) => {
    const text = sha256(saidBy(raw));
    const digest = text.slice(0, ID_DIGITS);
    const occurrence = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, occurrence);
    return { commandId: sha256([source, text, occurrence]).slice(0, ID_DIGITS), commandHash: text };
  };
}

async function* windows(lines: AsyncIterable<Numbered>, size: number): AsyncGenerator<readonly Numbered[]> {
  let window: Numbered[] = [];
  for await (const line of lines) {
    window.push(line);
    if (window.length < size) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}

type Registering = NonNullable<Options["register"]> &
  Readonly<{
    source: string;
    send: (stream: string, request: Addressed) => Promise<Outcome<ItemRefusal>>;
  }>;

/** By somebody else, or by an earlier run. */
const THERE = /^(ItemAlreadyRegistered|LotsAlreadyTracked|ItemHasMovements)$/;

async function registerItems(
  book: string,
  { valueScale, today }: Company,
  newItems: readonly NewItem[],
  { unit, source, send, ...chosen }: Registering,
): Promise<void> {
  async function sent(
    what: "registration" | "lot-tracking",
    command: Pick<ItemCommand, "type" | "data">,
    { item, firstLine }: NewItem,
  ): Promise<void> {
    const commandHash = sha256([what, command.data]);
    const commandId = sha256([source, what, command.data]).slice(0, ID_DIGITS);
    const stream = itemStream(book, item);
    const full = { ...command, today } as ItemCommand;
    const outcome = await send(stream, { stream, command: full, commandId, commandHash });
    const there = outcome.status === "refused" && THERE.test(outcome.refusal.name);
    if (outcome.status !== "accepted" && !there)
      throw new Error(`line ${firstLine}: ${item} could not be registered: ${outcome.status}`);
  }
  async function registered(newItem: NewItem): Promise<void> {
    const { item, quantityScale, costBy, tracksLots } = newItem;
    const data = { item, name: item, unit, quantityScale, costBy, valueScale, ...chosen };
    await sent("registration", { type: "RegisterItem", data }, newItem);
    if (!tracksLots || data.costBy === "lot") return;
    await sent("lot-tracking", { type: "TrackLots", data: { item, serials: false } }, newItem);
  }
  for (let from = 0; from < newItems.length; from += TOGETHER)
    await Promise.all(newItems.slice(from, from + TOGETHER).map(registered));
}
