/** Where the node's process and those who use it find each other. */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, startedAt } from "../processes.ts";

export type Place = Readonly<{
  folder: string;
  /** One a program that uses the node. */
  leases: string;
  /** Held by who starts or stops it. */
  lock: string;
  /** Written by the node once it serves; it stays when the node is killed. */
  running: string;
  log: string;
}>;

export type Running = Readonly<{ pid: number; started: string; port: number }>;

/** A folder a database: a node that serves another one is not ours. Its name tells no password. */
export function placeOf(home: string, databaseUrl: string): Place {
  const database = new URL(databaseUrl);
  database.password = "";
  const name = createHash("sha256").update(database.href).digest("hex").slice(0, 16);
  return placeIn(join(home, "node", name));
}

export function placeIn(folder: string): Place {
  const at = (file: string) => join(folder, file);
  return { folder, leases: at("leases"), lock: at("lock"), running: at("running.json"), log: at("node.log") };
}

/** Renamed, so that it is whole when it is seen. */
export function announce({ running }: Place, port: number): void {
  const self: Running = { pid: process.pid, started: startedAt(process.pid), port };
  writeFileSync(`${running}~`, JSON.stringify(self), { mode: 0o600 });
  renameSync(`${running}~`, running);
}

export function announced({ running }: Place): Running | undefined {
  try {
    return JSON.parse(readFileSync(running, "utf8"));
  } catch {
    return undefined;
  }
}

export const isRunning = ({ pid, started }: Running): boolean => isAlive(pid) && startedAt(pid) === started;
