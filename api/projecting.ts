/** The projector of this process: how it stands, and waiting for what it, or another process's, has yet to show. */
import {
  BehaviorSubject,
  exhaustMap,
  filter,
  firstValueFrom,
  map,
  merge,
  type Subscription,
  timer,
} from "rxjs";
import { type Parts, type Progress as Projected, project } from "../projections/projector.ts";

export type Projecting =
  /** Not elected yet: another process projects, or is just letting go. */
  | Readonly<{ state: "standby" }>
  | Readonly<{ state: "projecting" } & Projected>
  /** Something broke; it is tried again. */
  | Readonly<{ state: "retrying"; reason: string }>
  /** An event that can't be decoded. Nothing after it is shown until a program that can is started. */
  | Readonly<{ state: "stopped"; reason: string }>;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : `${error as string}`);

export function startProjecting({ report, ...parts }: Parts) {
  const state = new BehaviorSubject<Projecting>({ state: "standby" });
  const retrying = (error: unknown) => {
    report(error);
    state.next({ state: "retrying", reason: reasonOf(error) });
  };
  const standsBy = () => state.next({ state: "standby" });
  const running: Subscription = project({ ...parts, report: retrying, standsBy }).subscribe({
    next: (progress) => state.next({ state: "projecting", ...progress }),
    error: (error: unknown) => {
      report(error);
      state.next({ state: "stopped", reason: reasonOf(error) });
    },
  });
  return {
    state,
    stop: () => running.unsubscribe(),
  };
}

const POLL_MS = 50;

type Stand = Readonly<{ reached: bigint; seq: bigint }>;

/**
 * Waits until the tables stand where they must: told by this process's projector, or found by asking, now and then,
 * where another's has got to. False when the limit was too short.
 */
export function until(
  moves: BehaviorSubject<Projecting>,
  ask: () => Promise<Stand>,
  stands: (stand: Stand) => boolean,
  limitMs: number,
): Promise<boolean> {
  const told = moves.pipe(
    filter((now) => now.state === "projecting" && stands(now.checkpoint)),
    map(() => true),
  );
  const found = timer(0, POLL_MS).pipe(
    exhaustMap(async () => stands(await ask())),
    filter(Boolean),
  );
  const late = timer(limitMs).pipe(map(() => false));
  return firstValueFrom(merge(told, found, late));
}
