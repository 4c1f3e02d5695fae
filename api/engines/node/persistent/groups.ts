/** All groups of the node: made, changed and removed one at a time, so that what is kept of them is what they are. */
import type { ServiceError } from "@grpc/grpc-js";
import type { Queue } from "../queue.ts";
import type { Source } from "../walk.ts";
import { type Definition, type Key, keyText } from "./definition.ts";
import * as errors from "./errors.ts";
import { type Group, openGroup } from "./group.ts";
import { defineIn, definitionsIn, groupMemory } from "./memory.ts";

export type Groups = Awaited<ReturnType<typeof openGroups>>;

type Parts = Readonly<{ queue: Queue; source: Source; report: (what: string) => void }>;

export async function openGroups({ queue, source, report }: Parts) {
  const log = { queue, source };
  /** What there is, by the log; not all of it need be open. */
  const definitions = new Map<string, Definition>();
  const groups = new Map<string, Group>();
  let last: Promise<unknown> = Promise.resolve();
  let closed: ServiceError | undefined;

  async function opened(definition: Definition): Promise<Group> {
    if (closed) throw closed;
    const key = keyText(definition);
    const group =
      groups.get(key) ?? (await openGroup(definition, source, groupMemory(log, definition), report));
    groups.set(key, group);
    return group;
  }

  /** A group that can't be opened now, is when it is used. */
  const tryToOpen = async (definition: Definition): Promise<void> => {
    try {
      await opened(definition);
    } catch (error) {
      report(`the group ${keyText(definition)} can't be opened: ${(error as Error).message}`);
    }
  };

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  }

  function definitionOf(key: Key): Definition {
    const definition = definitions.get(keyText(key));
    if (!definition) throw errors.doesNotExist(key);
    return definition;
  }

  const others = (key: Key): readonly Definition[] =>
    [...definitions.values()].filter((each) => keyText(each) !== keyText(key));

  /** Nobody finds it any more when its consumers are told, who may be back at once. */
  async function close(key: Key, error: ServiceError): Promise<void> {
    const group = groups.get(keyText(key));
    groups.delete(keyText(key));
    await group?.close(error);
  }

  for (const definition of await definitionsIn(log, report)) {
    definitions.set(keyText(definition), definition);
    await tryToOpen(definition);
  }

  return {
    /** After whatever is being done to it. */
    of: (key: Key): Promise<Group> => inTurn(async () => opened(definitionOf(key))),
    all: (): Promise<readonly Group[]> =>
      inTurn(() => Promise.all([...definitions.values()].map((definition) => opened(definition)))),
    create: (definition: Definition): Promise<void> =>
      inTurn(async () => {
        if (definitions.has(keyText(definition))) throw errors.exists(definition);
        // One of this name may have been removed, and its end cut short.
        await groupMemory(log, definition).erase();
        await defineIn(log, [...others(definition), definition]);
        definitions.set(keyText(definition), definition);
        await tryToOpen(definition);
      }),
    /** Its consumers have to come again; how far they were stays. */
    update: (definition: Definition): Promise<void> =>
      inTurn(async () => {
        const changed = { ...definition, sought: definitionOf(definition).sought };
        await defineIn(log, [...others(definition), changed]);
        definitions.set(keyText(definition), changed);
        await close(definition, errors.dropped(definition));
        await tryToOpen(changed);
      }),
    remove: (key: Key): Promise<void> =>
      inTurn(async () => {
        definitionOf(key);
        await defineIn(log, others(key));
        definitions.delete(keyText(key));
        await close(key, errors.doesNotExist(key));
        await groupMemory(log, key).erase();
      }),
    restart: (): Promise<void> =>
      inTurn(async () => {
        for (const definition of definitions.values()) {
          await close(definition, errors.dropped(definition));
          await tryToOpen(definition);
        }
      }),
    close: (error: ServiceError): Promise<void> =>
      inTurn(async () => {
        closed = error;
        for (const definition of definitions.values()) await close(definition, error);
      }),
  };
}
