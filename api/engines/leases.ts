/**
 * Who uses a server: a folder with an empty file a user, named `<pid>-<start>-<random>`. All is in the name, so that
 * a file is made whole in one step: nobody sees half a lease and takes it for a dead one's.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, startedAt } from "./processes.ts";

export type Lease = Readonly<{
  /** Whether nobody alive holds another. */
  isOnly(): boolean;
  /** Gives it back; true when nobody alive holds another. */
  release(): boolean;
}>;

/** For this process. It ends with the process, however that ends. */
export function takeLease(folder: string): Lease {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = `${process.pid}-${startedAt(process.pid)}-${randomBytes(6).toString("hex")}`;
  writeFileSync(join(folder, name), "", { mode: 0o600 });
  const isOnly = () => leasesIn(folder).every((other) => other === name);
  return {
    isOnly,
    release() {
      rmSync(join(folder, name), { force: true });
      return isOnly();
    },
  };
}

/** The process that holds one of them, if any. */
export function holderIn(folder: string): number | undefined {
  const [first] = leasesIn(folder);
  return first === undefined ? undefined : pidOf(first);
}

/** Those of the living; the others are removed on the way. */
function leasesIn(folder: string): readonly string[] {
  return namesIn(folder).filter((name) => {
    const [, start] = name.split("-");
    if (isAlive(pidOf(name)) && startedAt(pidOf(name)) === start) return true;
    rmSync(join(folder, name), { force: true, recursive: true });
    return false;
  });
}

/** A folder that was removed holds none: a process that ends must not fail on it. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

const pidOf = (name: string): number => Number(name.split("-")[0]);
