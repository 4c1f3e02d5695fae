import { expect } from "vitest";
import type { Decider, Decision, Refusal } from "../../domain/kernel/decider.ts";
import type { Command, Event } from "../../domain/kernel/event.ts";

/** What was decided, without the state that it leads to. */
export const answerOf = <E, R>(decision: Decision<E, R, unknown>) =>
  decision.ok ? { events: decision.events } : { refusal: decision.refusal };

/** `given(...history).when(command).accepted(...events)`, or `.refused(refusal)`. Not `then`: `await` would call it. */
export const specOf =
  <C extends Command, E extends Event, S, R extends Refusal>({
    initial,
    evolve,
    decide,
    recall,
  }: Decider<C, E, S, R>) =>
  (...history: readonly E[]) => ({
    when(command: C) {
      const before = history.reduce(evolve, initial);
      const decision = decide(command, before);
      return {
        /** Also when the command is recalled from its first event and decided again. */
        accepted: (...events: readonly [E, ...E[]]) => {
          expect(answerOf(decision)).toStrictEqual({ events });
          expect(answerOf(decide(recall(...events), before))).toStrictEqual({ events });
        },
        refused: (refusal: R) => expect(answerOf(decision)).toStrictEqual({ refusal }),
      };
    },
  });
