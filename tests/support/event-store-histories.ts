/**
 * Histories of a few streams as fast-check draws them: told by where the streams stand and by what was appended before,
 * so that repeats and near misses are frequent and a history still makes sense when it shrinks.
 */
import fc from "fast-check";
import {
  type Answer,
  type Command,
  type Data,
  type Expected,
  eventStoreModel,
  metaOf,
  type NewEvent,
} from "./event-store-model.ts";

/** A number: so far from the head. */
type Aim = "any" | "no_stream" | "stream_exists" | number;
/** One of a few ids, or null: a new one. */
type Id = string | null;
type On = Readonly<{ stream: string; aim: Aim }>;
type Again = Readonly<{ back: number; part: "all" | "prefix" | "suffix" | "and more" | "less and more" }>;
type Step =
  | (On & Readonly<{ kind: "append"; ids: readonly Id[] }>)
  | (On & Readonly<{ kind: "append metadata"; ids: readonly Id[]; metadata: readonly Data[]; type: string }>)
  | (Again & Readonly<{ kind: "again"; aim: Aim | "same" }>)
  | (On & Readonly<{ kind: "delete" | "tombstone" }>)
  | (On & Readonly<{ kind: "set metadata"; metadata: Data }>)
  | Readonly<{ kind: "read"; stream: string; forwards: boolean; from: Aim; count: number | null }>;
export type History = readonly Step[];

const plain = fc.constantFrom("s", "s", "s", "t", "u");
const streamOrMeta = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: plain.map(metaOf) });
const nearHead = fc.constantFrom(0, 0, 0, -1, -2, -3, -5, 1, 2);
const aim: fc.Arbitrary<Aim> = fc.oneof(
  { weight: 4, arbitrary: fc.constant("any" as const) },
  { weight: 2, arbitrary: fc.constant("no_stream" as const) },
  { weight: 2, arbitrary: fc.constant("stream_exists" as const) },
  { weight: 4, arbitrary: nearHead },
);
/** The client can't send the other expectation. */
const aimOfDelete = aim.map((drawn) => (drawn === "stream_exists" ? "any" : drawn));

const id: fc.Arbitrary<Id> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constantFrom("a", "b", "c", "d") },
);
const ids = fc.array(id, { maxLength: 4, size: "max" });
const metadata: fc.Arbitrary<Data> = fc.record(
  {
    $maxCount: fc.integer({ min: 1, max: 4 }),
    $tb: fc.integer({ min: 0, max: 8 }),
    kept: fc.constant(1),
  },
  { requiredKeys: [] },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ kind: fc.constant("append" as const), stream: plain, aim, ids }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("append metadata" as const),
      stream: plain,
      aim,
      ids,
      metadata: fc.array(metadata, { minLength: 4, maxLength: 4 }),
      type: fc.constantFrom("$metadata", "$metadata", "Noted"),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant("again" as const),
      back: fc.nat(3),
      part: fc.constantFrom("all", "all", "prefix", "suffix", "and more", "less and more"),
      aim: fc.oneof({ weight: 3, arbitrary: fc.constant("same" as const) }, { weight: 2, arbitrary: aim }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("delete" as const), stream: plain, aim: aimOfDelete }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("tombstone" as const), stream: plain, aim }) },
  {
    weight: 7,
    arbitrary: fc.record({ kind: fc.constant("set metadata" as const), stream: plain, aim, metadata }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      stream: streamOrMeta,
      forwards: fc.boolean(),
      from: aim,
      count: fc.constantFrom(null, null, null, null, 1, 2, 3, 5, 0),
    }),
  },
);

export const history: fc.Arbitrary<History> = fc.array(step, { minLength: 1, maxLength: 50, size: "max" });

const expectedOf = (drawn: Aim, head: number): Expected => {
  if (typeof drawn !== "number") return drawn;
  return head + drawn < 0 ? "no_stream" : head + drawn;
};

/** The ids, named apart by the step they are new in; the data tell that a repeat did not replace what was there. */
const eventsOf = (drawn: readonly Id[], at: number): readonly NewEvent[] =>
  drawn.map((each, n) => ({ id: each ?? `${at}.${n}`, type: "Counted", data: { at, n } }));

function partOf(events: readonly NewEvent[], part: Again["part"], at: number): readonly NewEvent[] {
  if (part === "prefix") return events.slice(0, -1);
  if (part === "suffix") return events.slice(1);
  const more = eventsOf([null], at);
  return part === "all" ? events : [...(part === "and more" ? events : events.slice(0, -1)), ...more];
}

/** The commands, and what the model answers to them. */
export type Told = Readonly<{ commands: readonly Command[]; outcome: Outcome }>;
export type Outcome = Readonly<{ answers: readonly Answer[]; log: readonly string[] }>;

/** Where the streams stand is asked of the model, for whichever stores the commands are meant. */
export function told(steps: History): Told {
  const model = eventStoreModel();
  const appends: Extract<Command, { kind: "append" }>[] = [];
  const commands: Command[] = [];
  const answers: Answer[] = [];
  const commandOf = (drawn: Step, at: number): Command | undefined => {
    switch (drawn.kind) {
      case "append": {
        const { stream } = drawn;
        const expected = expectedOf(drawn.aim, model.headOf(stream));
        return { kind: "append", stream, events: eventsOf(drawn.ids, at), expected };
      }
      case "append metadata": {
        const stream = metaOf(drawn.stream);
        const events = eventsOf(drawn.ids, at).map((event, n) => ({
          ...event,
          type: drawn.type,
          data: drawn.metadata[n] ?? {},
        }));
        return { kind: "append", stream, events, expected: expectedOf(drawn.aim, model.headOf(stream)) };
      }
      case "again": {
        const before = appends.at(-1 - drawn.back);
        if (!before) return undefined;
        const { stream } = before;
        const expected = drawn.aim === "same" ? before.expected : expectedOf(drawn.aim, model.headOf(stream));
        return { kind: "append", stream, events: partOf(before.events, drawn.part, at), expected };
      }
      case "set metadata": {
        const expected = expectedOf(drawn.aim, model.headOf(metaOf(drawn.stream)));
        return { kind: "set metadata", stream: drawn.stream, metadata: drawn.metadata, expected };
      }
      case "read": {
        const { kind, stream, forwards, from, count } = drawn;
        const named = from === "any" ? (forwards ? "start" : "end") : from === "no_stream" ? "start" : "end";
        const revision = typeof from === "number" ? Math.max(0, model.headOf(stream) + from) : named;
        return { kind, stream, forwards, from: revision, count };
      }
      default: {
        const { kind, stream } = drawn;
        return { kind, stream, expected: expectedOf(drawn.aim, model.headOf(stream)) };
      }
    }
  };
  for (const [at, drawn] of steps.entries()) {
    const command = commandOf(drawn, at);
    if (!command) continue;
    if (command.kind === "append" && command.events.length > 0) appends.push(command);
    commands.push(command);
    answers.push(model.perform(command));
  }
  return { commands, outcome: { answers, log: model.log() } };
}
