import { expect } from "vitest";
import type { Decider, Refusal } from "../../domain/kernel/decider.ts";
import type { Command, Event } from "../../domain/kernel/event.ts";

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
          expect(decision).toStrictEqual({ ok: true, events });
          expect(decide(recall(events[0]), before)).toStrictEqual(decision);
        },
        refused: (refusal: R) => expect(decision).toStrictEqual({ ok: false, refusal }),
      };
    },
  });
