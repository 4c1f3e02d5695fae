/** The only road into the log: load, decide, append at the exact revision, answer with the position (DESIGN §4). */
import type { DomainEvent } from "../../domain/catalogue.ts";
import { invariant } from "../../domain/kernel/assert.ts";
import type { Decider, Refusal } from "../../domain/kernel/decider.ts";
import type { Command, NewEvent } from "../../domain/kernel/event.ts";
import { type EventStore, LOG_START } from "../../domain/kernel/event-store.ts";
import { APPEND_BYTES_MAX, appendsOf } from "./appends.ts";
import { commandLookup, type Find, type Trail } from "./command-lookup.ts";
import { Conflict, exactAppend, Unknown } from "./exact-append.ts";
import type { CommandHandler, Outcome, Request } from "./handling.ts";
import { newEvents } from "./idempotency.ts";
import { follow, type Known, lengthOf, type Ways } from "./known-stream.ts";
import { missingOf } from "./missing-parts.ts";
import type { Snapshots } from "./snapshots.ts";
import { streamCache } from "./stream-cache.ts";
import { turns } from "./turns.ts";

type Parts<S> = Readonly<{
  store: Pick<EventStore, "read" | "append">;
  trail: Trail;
  /** Of a category whose streams grow long. */
  snapshots?: Snapshots<S>;
  now: () => Date;
  appendBytesMax?: number;
}>;
type Decided<C, E, S> = Readonly<{
  request: Request<C>;
  events: readonly E[];
  stored: readonly NewEvent[];
  after: S;
}>;

const ATTEMPTS_MAX = 8;
export function commandHandler<C extends Command, E extends DomainEvent, S, R extends Refusal>(
  decider: Decider<C, E, S, R>,
  { store, trail, snapshots, now, appendBytesMax = APPEND_BYTES_MAX }: Parts<S>,
  {
    counted = (event) => event,
    countingAt = () => LOG_START,
    variants = async (c) => [c],
    heard = async () => false,
  }: Ways<C, E> = {},
): CommandHandler<C, S, R, E> {
  const { initial, evolve, decide } = decider;
  const append = exactAppend(store);
  const lookup = commandLookup(trail);
  const folding = { evolve, counted, countingAt };
  const cache = streamCache<S, E>(trail, initial, folding, snapshots);
  const readTail = async (stream: string, known: Known<S>) =>
    follow(known, await store.read(stream, known.revision + 1n), folding);

  async function loaded(stream: string): Promise<Known<S>> {
    const known = await cache.load(stream);
    await readTail(stream, known);
    return known;
  }

  const inTurn = turns<Request<C>, Outcome<R>>(handleTogether);
  return {
    handle: (request) => inTurn(request.stream, request.commandId, request),
    complete: (stream) => inTurn.alone(stream, async () => finish(stream, await loaded(stream))),
    current: (stream) => inTurn.alone(stream, async () => (await loaded(stream)).state),
    preview: (stream, command) =>
      inTurn.alone(stream, async () => {
        const { state: before } = await loaded(stream);
        return { before, decision: decide(command, before) };
      }),
    forget: () => cache.forgetAll(),
  };

  /** Decides the requests in order and appends what is accepted together. None shares its command id with another. */
  async function handleTogether(stream: string, requests: readonly Request<C>[]): Promise<Outcome<R>[]> {
    const outcomes = new Map<Request<C>, Outcome<R>>();
    let known = await cache.load(stream);
    // After loading: the trail only grows, and so it knows every command that the state came from.
    const asked = requests.map((r) => r.commandId).filter((id) => !known.answers.has(id));
    const find: Find = asked.length > 0 ? await lookup(asked) : () => undefined;
    try {
      for (let attempt = 0, current = false; outcomes.size < requests.length; attempt++) {
        if (attempt === ATTEMPTS_MAX) break;
        try {
          await finish(stream, known);
          current = await round(stream, known, requests, outcomes, find, current);
        } catch (error) {
          if (!(error instanceof Conflict)) throw error;
          if (await heard()) known = await cache.load(stream);
          await readTail(stream, known);
          current = true;
        }
      }
    } catch (error) {
      cache.forget(stream);
      if (!(error instanceof Unknown)) throw error;
    }
    await cache.settle(stream, known);
    return requests.map((request) => outcomes.get(request) ?? { status: "unavailable" });
  }

  /** Answers whether the state is now known to be current. */
  async function round(
    stream: string,
    known: Known<S>,
    requests: readonly Request<C>[],
    outcomes: Map<Request<C>, Outcome<R>>,
    find: Find,
    current: boolean,
  ): Promise<boolean> {
    const decided: Decided<C, E, S>[] = [];
    const refused: [Request<C>, R][] = [];
    let [state, doubtful] = [known.state, false];
    for (const request of requests) {
      if (outcomes.has(request)) continue;
      const first = known.answers.get(request.commandId) ?? find(stream, request.commandId);
      if (first) {
        // Same key, another request: a mistake of the caller's, or this stream has it too, and the trail does not yet.
        if (first.commandHash === request.commandHash)
          outcomes.set(request, { status: "accepted", answer: first.answer });
        else if (current) outcomes.set(request, { status: "key-reused" });
        else doubtful = true;
        continue;
      }
      const decision = decide(request.command, state);
      if (decision.ok) {
        const { events } = decision;
        state = decision.after ?? events.reduce(evolve, state);
        const stored = newEvents(request, stream, events, now().toISOString());
        decided.push({ request, events, stored, after: state });
      } else refused.push([request, decision.refusal]);
    }
    if (decided.length > 0) await write(stream, known, decided, outcomes);
    // An append at the exact revision proves that the state was current; else the tail is read before refusing.
    else if ((refused.length > 0 || doubtful) && !current) {
      await readTail(stream, known);
      return true;
    }
    for (const [request, refusal] of refused) outcomes.set(request, { status: "refused", refusal });
    return true;
  }

  async function write(
    stream: string,
    known: Known<S>,
    decided: readonly Decided<C, E, S>[],
    outcomes: Map<Request<C>, Outcome<R>>,
  ): Promise<void> {
    let [next, end, asDecided] = [0, known.revision, true];
    for (const events of appendsOf(
      decided.map(({ stored }) => stored),
      appendBytesMax,
    )) {
      const expected = known.revision;
      const { revision, position } = await append(stream, events, expected);
      invariant(revision === expected + BigInt(events.length), `${stream}: the store counts other revisions`);
      const ended = events.filter(({ metadata }) => metadata.part === metadata.of).length;
      const done = decided.slice(next, next + ended);
      next += ended;
      const exact = done.length > 1 && done.some(({ request }) => !request.bulk);
      const written = exact ? await store.read(stream, expected + 1n) : [];
      for (const { request, events, stored, after } of done) {
        end += BigInt(events.length);
        known.folded += lengthOf(events);
        asDecided &&= events.every((event) => counted(event, position) === event);
        known.state = asDecided
          ? after
          : events.reduce((state, event) => evolve(state, counted(event, position)), known.state);
        const last = written.find(({ id }) => id === stored.at(-1)?.id);
        const answer = { revision: end, position: last?.position ?? position, events };
        known.answers.set(request.commandId, { commandHash: request.commandHash, answer });
        outcomes.set(request, { status: "accepted", answer });
      }
      [known.revision, known.position] = [revision, position];
      const at = (index: number) => ({ stream, revision: expected + BigInt(index + 1), position });
      const parts = events.map((event, index) => ({ ...event, ...at(index) }));
      known.begun = ended > 0 ? [] : [...known.begun, ...parts];
    }
  }

  /** What is missing of a command that was cut short. Others may be at it too. */
  async function finish(stream: string, known: Known<S>): Promise<void> {
    while (known.begun.length > 0) {
      const missing = await missingOf(decider, variants, stream, known);
      const [next = []] = appendsOf([missing], appendBytesMax);
      await append(stream, next, known.revision);
      await readTail(stream, known); // the rest may be there by now, and would be stored again further on
    }
  }
}
