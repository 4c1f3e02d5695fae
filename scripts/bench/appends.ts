/** What the program would append for a workload, decided and encoded beforehand, for a client that does nothing else. */
import { newEvents, sha256 } from "../../api/commands/idempotency.ts";
import { type Proposal, proposalsOf } from "../../api/event-store/proposal.ts";
import { item as decider, itemStream } from "../../domain/inventory/item.ts";
import type { ItemCommand } from "../../domain/inventory/item-commands.ts";
import type { NewEvent } from "../../domain/kernel/event.ts";
import { itemsOf, movementOf, movesOf, registrationOf, type Workload } from "./workload.ts";

export type Append = Readonly<{ stream: string; expected: bigint; events: readonly Proposal[] }>;

/** `together`: so many movements in turn, of which those of one item share an append. */
export type Appending = Workload & Readonly<{ book: string; together: number }>;

/** First one for each item that registers it. */
export function appendsFor({ book, together, ...workload }: Appending): readonly Append[] {
  const streams = new Map<string, { state: typeof decider.initial; revision: bigint }>();
  const recordedAt = new Date().toISOString();

  function decided(command: ItemCommand): readonly NewEvent[] {
    const { item } = command.data;
    const { state, revision } = streams.get(item) ?? { state: decider.initial, revision: -1n };
    const decision = decider.decide(command, state);
    if (!decision.ok) throw new Error(`a command of the workload is refused: ${JSON.stringify(decision)}`);
    const { events } = decision;
    streams.set(item, {
      state: events.reduce(decider.evolve, state),
      revision: revision + BigInt(events.length),
    });
    const commandId = commandIdOf(command);
    const caller = { commandId, commandHash: sha256(commandId), actor: "bench" };
    return newEvents(caller, itemStream(book, item), events, recordedAt);
  }

  function append(item: string, commands: readonly ItemCommand[]): Append {
    const expected = streams.get(item)?.revision ?? -1n;
    const stream = itemStream(book, item);
    return { stream, expected, events: proposalsOf(stream, commands.flatMap(decided)) };
  }

  const registrations = itemsOf(workload).map((item) =>
    append(item, [{ type: "RegisterItem", data: registrationOf(item), today: "2199-12-31" }]),
  );
  const moves = movesOf(workload).map((move, number) => movementOf(move, movementId(number)));
  const windows = Array.from({ length: Math.ceil(moves.length / together) }, (_, window) =>
    moves.slice(window * together, (window + 1) * together),
  );
  const appends = windows.flatMap((window) =>
    [...byItem(window)].map(([item, commands]) => append(item, commands)),
  );
  return [...registrations, ...appends];
}

function byItem(commands: readonly ItemCommand[]): ReadonlyMap<string, readonly ItemCommand[]> {
  const items = new Map<string, ItemCommand[]>();
  for (const command of commands) {
    const { item } = command.data;
    const list = items.get(item);
    if (list) list.push(command);
    else items.set(item, [command]);
  }
  return items;
}

const ID_DIGITS = 32;
/** As long as an import's. */
export const movementId = (number: number): string => sha256(`${number}`).slice(0, ID_DIGITS);

const commandIdOf = ({ data }: ItemCommand): string =>
  "movement" in data ? data.movement : sha256(data.item).slice(0, ID_DIGITS);
