/** Writes wait here for the writer: for its last group, or for a new connection when the old one was lost. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Group, groups } from "./group-commit.ts";
import type { Log } from "./log.ts";
import { LogIsHeld, openWriter, type Row, type Writer } from "./writer.ts";
import type { Result, Write } from "./writes.ts";

export interface Queue {
  write(write: Write): Promise<Result>;
  /** Resolves when there is room for more. */
  room(): Promise<void>;
  /** Answers what is there, then lets the log go. */
  close(): Promise<void>;
}

export type QueueSettings = Readonly<{
  databaseUrl: string;
  log: Log;
  /** Told of what was committed before anybody else, and of nothing when the log was read again. */
  onCommitted: (rows: readonly Row[] | undefined) => void;
  report: (what: string) => void;
  /** Another node has had the log for too long: subscribers here would wait for ever. */
  onSuperseded: () => void;
}>;

type Waiting = Readonly<{ write: Write; answer: (result: Result) => void }>;
type Commit = (writes: readonly Write[]) => Promise<Group>;

const GROUP_BYTES_MAX = 4 * 2 ** 20;
const GROUP_WRITES_MAX = 1_000;
const WAITING_BYTES_MAX = 32 * 2 ** 20;
const RETRY_MS = 100;
const SWEEP_MS = 250;
const SUPERSEDED_MS = 15_000;

/** Resolves when this node has the log, however long another has it before. */
export async function openQueue(settings: QueueSettings): Promise<Queue> {
  const { databaseUrl, log, onCommitted, report, onSuperseded } = settings;
  let waiting: Waiting[] = [];
  let bytes = 0;
  const roomFor: (() => void)[] = [];
  let writer: Writer | undefined;
  let commit: Commit | undefined;
  let running: Promise<void> | undefined;
  let closing = false;

  async function open(): Promise<void> {
    const opened = await openWriter(databaseUrl, (error) => {
      report(`the writing connection was lost: ${error.message}`);
      if (writer === opened) lose();
    });
    writer = opened;
    commit = groups(log, opened, onCommitted);
    onCommitted(undefined);
    log.restart(opened.end.head);
  }

  function lose(): void {
    const lost = writer;
    writer = commit = undefined;
    lost?.close().catch(() => {});
    if (!closing) wake();
  }

  /** Until there is a writer. What waits meanwhile was not begun: it may expire, but its outcome is known. */
  async function reopen(superseded?: () => void): Promise<void> {
    let said = "";
    let heldSince = Number.POSITIVE_INFINITY;
    while (!writer && !closing) {
      try {
        await open();
      } catch (error) {
        const { message } = error as Error;
        if (message !== said) report(`can't open the log, and waits: ${message}`);
        said = message;
        heldSince = error instanceof LogIsHeld ? Math.min(heldSince, Date.now()) : Number.POSITIVE_INFINITY;
        if (Date.now() - heldSince > SUPERSEDED_MS) superseded?.();
        await sleep(RETRY_MS);
      }
    }
  }

  const wake = (): void => {
    running ??= run().finally(() => {
      running = undefined;
      if (!closing && (waiting.length > 0 || !writer)) wake();
    });
  };

  async function run(): Promise<void> {
    do {
      if (!writer) await reopen(onSuperseded);
      expire();
      if (!commit) continue;
      const group = take();
      const results = await commitOf(commit, group);
      for (const [index, { answer }] of group.entries()) answer(results[index] ?? { outcome: "unknown" });
    } while (waiting.length > 0 && !closing);
  }

  async function commitOf(commitGroup: Commit, group: readonly Waiting[]): Promise<readonly Result[]> {
    try {
      return (await commitGroup(group.map(({ write }) => write))).results;
    } catch (error) {
      report(`a group of ${group.length} writes is of unknown outcome: ${(error as Error).message}`);
      lose();
      return [];
    }
  }

  function take(): readonly Waiting[] {
    let count = 0;
    let size = 0;
    for (const { write } of waiting) {
      if (count === GROUP_WRITES_MAX || (count > 0 && size + write.bytes > GROUP_BYTES_MAX)) break;
      count++;
      size += write.bytes;
    }
    return leave(waiting.splice(0, count));
  }

  function expire(): void {
    const now = Date.now();
    if (waiting.every(({ write }) => write.deadline >= now)) return;
    const late = waiting.filter(({ write }) => write.deadline < now);
    waiting = waiting.filter(({ write }) => write.deadline >= now);
    for (const { answer } of leave(late)) answer({ outcome: "expired" });
  }

  function leave(some: readonly Waiting[]): readonly Waiting[] {
    for (const { write } of some) bytes -= write.bytes;
    if (bytes < WAITING_BYTES_MAX) for (const go of roomFor.splice(0)) go();
    return some;
  }

  await reopen();
  const sweep = setInterval(expire, SWEEP_MS).unref();

  return {
    write(write) {
      if (closing) return Promise.resolve({ outcome: "expired" });
      return new Promise((answer) => {
        waiting.push({ write, answer });
        bytes += write.bytes;
        wake();
      });
    },
    async room() {
      if (bytes >= WAITING_BYTES_MAX) await new Promise<void>((go) => roomFor.push(go));
    },
    async close() {
      closing = true;
      clearInterval(sweep);
      await running;
      for (const { answer } of leave(waiting.splice(0))) answer({ outcome: "expired" });
      await writer?.close();
    },
  };
}
