/**
 * Goal: whatever is kept, by whomever, and whatever befalls it, a process knows of a stream what the log and its own knowledge
 * of closings say, and nothing else.
 * Method: two processes on one scripted log with a trail that lags, and one table of snapshots, which keeps at each chance.
 * They write commands of one or more events, hear of closings late, or while they write, start again, one of them now and then with another fold;
 * rows of the table are spoiled. After each step, what each knows is compared with a fold of the whole log.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { commandHandler } from "../../../api/commands/command-handler.ts";
import { sha256 } from "../../../api/commands/idempotency.ts";
import { snapshots } from "../../../api/commands/snapshots.ts";
import { NO_EVENTS } from "../../../domain/kernel/event-store.ts";
import type { SnapshotRow, SnapshotTable } from "../../../read-models/snapshots.ts";
import { laggingTrail, scriptedStore } from "../../support/scripted-store.ts";
import { add, type TallyEvent, tally } from "../../support/tally.ts";

const stream = "main.item-tally";
const steps = fc.array(
  fc.record({
    process: fc.constantFrom(0, 1),
    what: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          adds: fc.integer({ min: 1, max: 9 }),
          parts: fc.constantFrom(1, 1, 3),
          hears: fc.boolean(),
        }),
      },
      { weight: 5, arbitrary: fc.constantFrom("sees", "keeps") },
      { weight: 6, arbitrary: fc.constantFrom("closes", "hears", "starts", "starts") },
      { weight: 1, arbitrary: fc.constantFrom("starts otherwise", "trail is lost") },
      {
        weight: 2,
        arbitrary: fc.record({
          spoils: fc.constantFrom("state", "revision", "position", "counting", "fold", "seal"),
        }),
      },
    ),
  }),
  { maxLength: 30, size: "max" },
);

/** Each fold adds in its own way, and an event counts by how often something was closed before it. */
const evolveBy =
  (fold: number) =>
  (state: number, event: TallyEvent): number =>
    tally.evolve(state, event) * fold + state * (1 - fold);
const countedBy =
  (closings: readonly bigint[]) =>
  (event: TallyEvent, position: bigint): TallyEvent => {
    const before = closings.filter((at) => at < position).length;
    const [adds, ...rest] = event.data.name.split(" ");
    return { ...event, data: { ...event.data, name: [Number(adds) + 100 * before, ...rest].join(" ") } };
  };

test("what is known is what the log says, from a snapshot or not", async () => {
  const met = { kept: 0, found: 0, stale: 0, spoiled: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const scripted = scriptedStore();
      const { log, store } = scripted;
      const lagging = laggingTrail(log);
      const closings: bigint[] = [];
      let row: SnapshotRow | undefined;
      const table: SnapshotTable = {
        async find(_stream, fold) {
          if (row?.fold !== fold) return undefined;
          const { revision, position, hash } = row;
          return (await table.hashAt({ stream, revision, position })) === hash ? row : undefined;
        },
        async hashAt({ revision, position }) {
          const events = await lagging.trail.stream(stream);
          return events.find((event) => event.revision === revision && event.position === position)?.id;
        },
        async keep(kept) {
          row = kept;
          met.kept += 1;
        },
      };

      function start(fold: number, heard: readonly bigint[]) {
        const known = [...heard];
        const report = () => {
          met.spoiled += 1;
        };
        const kept = snapshots<number>(table, { fold, report, afterMs: 0, foldedMin: 1 });
        const latest: typeof kept.latest = async (of) => {
          const found = await kept.latest(of);
          if (found) met.found += 1;
          if (found && found.counting !== at(found.position)) met.stale += 1;
          return found;
        };
        const at = (position: bigint) => known.findLast((each) => each < position) ?? NO_EVENTS;
        const evolve = evolveBy(fold);
        const handler = commandHandler(
          { ...tally, evolve },
          {
            store,
            trail: lagging.trail,
            now: () => new Date(0),
            appendBytesMax: 1,
            snapshots: { ...kept, latest },
          },
          { counted: (event, position) => countedBy(known)(event, position), countingAt: at },
        );
        const hears = () => {
          known.splice(0, known.length, ...closings);
          handler.forget();
        };
        const says = () => {
          const ends = log.map(
            (event, index) => log[index + event.metadata.of - event.metadata.part] ?? event,
          );
          const events = log.map((event, index) =>
            countedBy(known)(event as unknown as TallyEvent, ends[index]?.position ?? 0n),
          );
          return events.reduce(evolve, tally.initial);
        };
        return { handler, known, fold, hears, says };
      }

      const processes = [start(1, []), start(1, [])];
      for (const [index, { process, what }] of all.entries()) {
        const { handler, known, fold, hears } = processes[process] as ReturnType<typeof start>;
        if (typeof what === "object" && "adds" in what) {
          const command = add(what.adds, what.parts);
          scripted.pauseAt(async (when) => {
            if (what.hears && when === "answer") hears();
          });
          await handler.handle({
            ...{ commandId: `c${index}`, commandHash: sha256(index), actor: "ada", stream },
            command,
          });
          scripted.pauseAt(() => undefined);
        } else if (what === "sees") lagging.see();
        else if (what === "keeps") await new Promise((resolve) => setTimeout(resolve, 2));
        else if (what === "closes") closings.push((log.at(-1)?.position ?? 0n) + BigInt(closings.length + 1));
        else if (what === "hears") hears();
        else if (what === "starts") processes[process] = start(fold, known);
        else if (what === "starts otherwise") processes[process] = start(3 - fold, known);
        else if (what === "trail is lost") lagging.forget();
        else if (row && typeof what === "object") row = { ...row, [what.spoils]: spoiled(row[what.spoils]) };
        for (const each of processes) expect(await each.handler.current(stream)).toBe(each.says());
      }
    }),
    { numRuns: 1_500 },
  );
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(50);
});

const spoiled = (value: string | number | bigint) =>
  typeof value === "string" ? value.slice(0, -4) : typeof value === "bigint" ? value - 1n : value + 1;
