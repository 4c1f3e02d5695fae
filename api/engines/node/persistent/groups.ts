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
  const groups = new Map<string, Group>();
  let last: Promise<unknown> = Promise.resolve();

  const open = (definition: Definition) =>
    openGroup(definition, source, groupMemory(log, definition), report).then(
      (group) => void groups.set(keyText(definition), group),
    );

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  }

  function of(key: Key): Group {
    const group = groups.get(keyText(key));
    if (!group) throw errors.doesNotExist(key);
    return group;
  }

  const others = (key: Key): readonly Definition[] =>
    [...groups.values()].map(({ definition }) => definition).filter((each) => keyText(each) !== keyText(key));

  async function close(key: Key, error: ServiceError): Promise<void> {
    await of(key).close(error);
    groups.delete(keyText(key));
  }

  for (const definition of await definitionsIn(log)) await open(definition);

  return {
    of,
    all: (): readonly Group[] => [...groups.values()],
    create: (definition: Definition): Promise<void> =>
      inTurn(async () => {
        if (groups.has(keyText(definition))) throw errors.exists(definition);
        await defineIn(log, [...others(definition), definition]);
        await open(definition);
      }),
    /** Its consumers have to come again; how far they were stays. */
    update: (definition: Definition): Promise<void> =>
      inTurn(async () => {
        const { sought } = of(definition).definition;
        const changed = { ...definition, sought };
        await defineIn(log, [...others(definition), changed]);
        await close(definition, errors.dropped(definition));
        await open(changed);
      }),
    remove: (key: Key): Promise<void> =>
      inTurn(async () => {
        of(key);
        await defineIn(log, others(key));
        await close(key, errors.doesNotExist(key));
        await groupMemory(log, key).erase();
      }),
    restart: (): Promise<void> =>
      inTurn(async () => {
        for (const { definition } of [...groups.values()]) {
          await close(definition, errors.dropped(definition));
          await open(definition);
        }
      }),
    async close(error: ServiceError): Promise<void> {
      for (const group of groups.values()) await group.close(error);
    },
  };
}
