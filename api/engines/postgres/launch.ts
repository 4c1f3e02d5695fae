/** Finds the server that runs, or starts one. */
import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openSession, type Session } from "../../../read-models/database.ts";
import { freePort } from "../free-port.ts";
import type { Binaries } from "./binaries.ts";
import { runAs, USER, urlOf } from "./cluster.ts";
import { EmbeddedPostgresError, messageOf } from "./error.ts";
import type { Place } from "./place.ts";
import { disownPidFile, type Postmaster, portBefore, runningPostmaster } from "./postmaster.ts";

export type Settings = Readonly<Record<string, string>>;

/** The log of events lives in it, so `fsync` and `synchronous_commit` stay on. Reached from this machine only. */
const defaults: Settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "256MB",
  max_wal_size: "1GB",
  min_wal_size: "256MB",
  checkpoint_timeout: "15min",
  // It takes longer than our queries.
  jit: "off",
  // A line each checkpoint, for ever.
  log_checkpoints: "off",
};

const LOOK_EVERY_MS = 20;
const TRY_AGAIN_MS = 300;

/** What passes by itself, or once we let go of a pid file: it is worth another try. */
const passing = /lock file .* (already exists|is empty)|still in use|could not bind|ended by SIGKILL/;

/** Under the lock. Answers once the server accepts us, and holds our database. */
export async function findOrStart(
  place: Place,
  binaries: Binaries,
  settings: Settings,
  deadline: number,
): Promise<Postmaster> {
  let started: Attempt | undefined;
  try {
    for (; ; await sleep(LOOK_EVERY_MS)) {
      const running = runningPostmaster(place.cluster);
      const refusal = running && (await refusalOf(place, running.port));
      if (running && refusal === undefined) return running;
      if (Date.now() > deadline)
        throw new EmbeddedPostgresError(
          `${place.cluster} did not get ready in time`,
          `${started?.output() ?? ""}\n${refusal ?? ""}`,
        );
      if (running || (started && !started.hasEnded())) continue;
      if (started) {
        if (!passing.test(started.output()))
          throw new EmbeddedPostgresError(`could not start in ${place.cluster}`, started.output());
        await sleep(TRY_AGAIN_MS);
        disownPidFile(place.cluster);
      }
      started = await launch(place, binaries, settings);
    }
  } catch (error) {
    started?.stop();
    throw error;
  } finally {
    started?.leave();
  }
}

type Attempt = Readonly<{
  hasEnded(): boolean;
  /** What it has printed, and how it ended. */
  output(): string;
  stop(): void;
  /** From now on it outlives us. */
  leave(): void;
}>;

async function launch(
  { cluster, log, account }: Place,
  { postgres }: Binaries,
  settings: Settings,
): Promise<Attempt> {
  // Its old port if it can: those who were connected find it again.
  const port = await freePort(portBefore(cluster));
  const flags = Object.entries({ ...defaults, ...settings, port: `${port}` });
  const file = openSync(log, "a");
  const { size } = fstatSync(file);
  let ended: string | undefined;
  // Detached, it gets neither our terminal's Ctrl-C nor our end.
  const child = spawn(
    postgres,
    ["-D", cluster, ...flags.flatMap(([key, value]) => ["-c", `${key}=${value}`])],
    {
      ...runAs(account),
      detached: true,
      stdio: ["ignore", file, file],
    },
  );
  child.once("exit", (code, signal) => {
    ended = `ended by ${signal ?? `itself, with code ${code}`}`;
  });
  child.once("error", (error) => {
    ended = error.message;
  });
  child.unref();
  closeSync(file);
  const stop = () => {
    child.kill("SIGINT");
  };
  process.once("exit", stop);
  return {
    hasEnded: () => ended !== undefined,
    output: () => `${readFileSync(log).subarray(size).toString()}${ended ?? ""}`,
    stop,
    leave: () => {
      process.off("exit", stop);
    },
  };
}

const WRONG_PASSWORD = "28P01";

/** Why it does not accept us: not yet, or no longer. Undefined: it does, and our database is there. */
async function refusalOf(place: Place, port: number): Promise<string | undefined> {
  let session: Session | undefined;
  try {
    session = await openSession(urlOf(place, port, "postgres"), { onLost: () => {} });
    const found = await session.query("select from pg_database where datname = $1", [USER]);
    if (found.length === 0) await session.query(`create database ${USER}`);
    return undefined;
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    if ((error as { code?: string }).code === WRONG_PASSWORD)
      throw new EmbeddedPostgresError(`the password in ${place.password} does not open ${place.cluster}`);
    return messageOf(error);
  } finally {
    await session?.close().catch(() => {});
  }
}
