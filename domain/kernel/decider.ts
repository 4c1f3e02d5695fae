import type { Command, Event } from "./event.ts";

/** Named, with the facts that caused it. A value, never an exception. */
export type Refusal = Readonly<{ name: string }>;

/**
 * The facts that follow from a command, or the one reason why none do. `after`: the state that they lead to, where
 * deciding found it anyway; it decides as the one that `evolve` gives.
 */
export type Decision<E, R, S = never> =
  | Readonly<{ ok: true; events: readonly [E, ...E[]]; after?: S }>
  | Readonly<{ ok: false; refusal: R }>;

/** Pure: no clock, no I/O. What a decision needs from outside (today) comes in the command. */
export type Decider<C extends Command, E extends Event, S, R extends Refusal> = Readonly<{
  initial: S;
  evolve: (state: S, event: E) => S;
  decide: (command: C, state: S) => Decision<E, R, S>;
  /**
   * The command that an accepted command's events came from, by the first of them and, where that only says how the next is
   * meant, the next: decided again on the state before it, it gives the same events. That is how a command of several
   * appends, cut short by a crash, is completed (COSTING §6).
   */
  recall: (first: E, ...next: readonly E[]) => C;
}>;

export const accept = <E>(...events: [E, ...E[]]) => ({ ok: true, events }) as const;
export const refuse = <R extends Refusal>(refusal: R) => ({ ok: false, refusal }) as const;
